"""A delivery as Great Expectations sees it: one DuckDB view over its raw and its staged file.

Belongs here: the view and the code tables beside it. Nothing is copied: the view streams both files
side by side, so that a delivery of any size takes little memory.

Columns of the view `delivery`, one row for each row of the delivery that is no deletion:
- the catalogue's columns: standard values, under their own names;
- `_stated_<column>`: what the delivered text says: NULL nothing, 'null_word', 'value', or
  'derived' where it says nothing and another column does;
- `_fault_<column>`, where a column has several conditions: the kind of the first that is violated;
- `_row` and `_raw_row`: the row's number in the staged and in the raw file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from catalog.models import Column, Dataset
from quality.expectations.judgements import DIVISIONS, Violation, in_force, stated, violations
from quality.rules.derive import rules_of
from warehouse.engine import MACROS, literal, quoted

if TYPE_CHECKING:
    from catalog.load import Catalog

VIEW = "delivery"


@dataclass(frozen=True)
class Question:
    """A column and the conditions that its standard value must not satisfy, in order."""

    column: Column
    violations: tuple[Violation, ...]

    @property
    def by_first_fault(self) -> bool:
        """Whether the view names the first fault: there are several, or derived values between.

        A derived value is not the agency's: it answers `required` and is judged no further.
        """
        return len(self.violations) > 1 or (
            bool(self.violations) and self.column.derived is not None
        )


def questions(catalog: Catalog, ref: str, as_of: date) -> tuple[Question, ...]:
    """What is asked of each column of a dataset."""
    kinds: dict[str, set[str]] = {column.id: set() for column in catalog.datasets[ref].columns}
    for rule in rules_of(catalog, ref):
        column, _, kind = rule.id.partition(".")
        if column in kinds:
            kinds[column].add(kind)
    return tuple(
        Question(column, tuple(violations(catalog, column, as_of, frozenset(kinds[column.id]))))
        for column in catalog.datasets[ref].columns
    )


def create_batch(
    con: duckdb.DuckDBPyConnection,
    raw: Path,
    staged: Path,
    catalog: Catalog,
    ref: str,
    as_of: date,
    asked: tuple[Question, ...],
) -> None:
    """Creates the macros, the code tables and the view in the connection."""
    for file in sorted(MACROS.glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    # The two files are put side by side by their order.
    con.execute("SET preserve_insertion_order = true")
    dataset = catalog.datasets[ref]
    _create_code_tables(con, catalog, dataset, as_of)
    texts = ", ".join(_delivered(dataset, column) for column in dataset.columns)
    says = ", ".join(_stated(catalog, column) for column in dataset.columns)
    faults = "".join(f", {_first_fault(question)}" for question in asked if question.by_first_fault)
    con.execute(f"""
        CREATE VIEW {VIEW} AS
        SELECT *{faults}
        FROM (
            SELECT *, {says}
            FROM (
                SELECT s.*, {texts}, r._row AS _raw_row, r._op AS _raw_op
                FROM read_parquet({literal(str(staged))}) AS s
                POSITIONAL JOIN read_parquet({literal(str(raw))}) AS r
            )
            WHERE _raw_op IS DISTINCT FROM 'delete'
        )
    """)


def _create_code_tables(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, dataset: Dataset, as_of: date
) -> None:
    """`codes_<table>` (code) with the codes in force; `divisions` (code, last_day DATE)."""
    elements = [catalog.elements[column.element] for column in dataset.columns]
    for table in sorted({element.code_table for element in elements if element.code_table}):
        con.execute(
            f"CREATE TEMP TABLE codes_{table} AS SELECT unnest($1::VARCHAR[]) AS code",
            [in_force(catalog.codes(table), as_of)],
        )
    if DIVISIONS in catalog.code_tables and any(e.format == "id_no" for e in elements):
        codes = catalog.codes(DIVISIONS)
        con.execute(
            "CREATE TEMP TABLE divisions AS"
            " SELECT unnest($1::VARCHAR[]) AS code, unnest($2::DATE[]) AS last_day",
            [[code.code for code in codes], [code.valid_to or "9999-12-31" for code in codes]],
        )


def _delivered(dataset: Dataset, column: Column) -> str:
    """The delivered text; the constant of the row's shape stands in for what the shape lacks."""
    text = f"r.{quoted(column.id)}"
    for shape in dataset.shapes:
        if column.id in shape.constants:
            constant = literal(shape.constants[column.id])
            text = f"coalesce({text}, CASE WHEN r._shape = {literal(shape.id)} THEN {constant} END)"
    return f"{text} AS {quoted('_raw_' + column.id)}"


def _stated(catalog: Catalog, column: Column) -> str:
    says = stated(catalog, catalog.elements[column.element], quoted("_raw_" + column.id))
    if column.derived is not None:
        says = f"coalesce({says}, CASE WHEN {quoted(column.id)} IS NOT NULL THEN 'derived' END)"
    return f"{says} AS {quoted('_stated_' + column.id)}"


def _first_fault(question: Question) -> str:
    column = question.column.id
    cases = " ".join(f"WHEN {v.sql} THEN {literal(v.kind)}" for v in question.violations)
    own = f"{quoted(column)} IS NULL"
    if question.column.derived is not None:
        own += f" OR {quoted('_stated_' + column)} IS DISTINCT FROM 'value'"
    return f"CASE WHEN {own} THEN NULL {cases} END AS {quoted('_fault_' + column)}"
