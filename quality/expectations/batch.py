"""A delivery as Great Expectations sees it: one DuckDB view over its raw and its staged file.

Belongs here: the view and the tables beside it. Texts and values are streamed, never copied: what
they say is worked out once for all rules and kept as one byte for each column and row.

Columns of the view `delivery`, one row for each row of the delivery that both files do not hold to
be a deletion:
- the catalogue's columns: standard values, under their own names;
- `_stated_<column>`: what the delivered text says: NULL nothing, 'null_word', 'value', or
  'derived' where it says nothing and another column does;
- `_fault_<column>`, where a column has several conditions: the kind of the first that is violated;
- `_row` and `_raw_row`, `_op` and `_raw_op`: number and operation of the row in the staged and in
  the raw file. They are joined by the number; where a file lacks the row, its two are NULL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from catalog.models.datasets import Column, Dataset
from catalog.models.elements import Element
from quality.expectations.conditions import DIVISIONS, WITH_DIVISIONS
from quality.expectations.judgements import Violation, in_force, stated, violations
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
    """Creates the macros, the tables and the view in the connection."""
    for file in sorted(MACROS.glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    # Joins are built on their right side, as written: the narrow tables, never the wide file.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    dataset = catalog.datasets[ref]
    create_code_tables(con, catalog, [catalog.elements[c.element] for c in dataset.columns], as_of)
    _create_terms(con, catalog, dataset)
    kinds = {violation.kind for question in asked for violation in question.violations}
    create_enum(con, "said", ["null_word", "value", "derived"])
    create_enum(con, "fault", sorted(kinds) or ["none"])
    con.execute(f"CREATE TEMP TABLE said_in_raw AS {_said(catalog, dataset, raw)}")
    con.execute(f"CREATE TEMP TABLE faults AS {_faults(asked, staged)}")
    filled = ", ".join(
        sql for column in dataset.columns if column.derived for sql in _where_derived(column, asked)
    )
    con.execute(f"""
        CREATE VIEW {VIEW} AS
        SELECT * {f"REPLACE ({filled})" if filled else ""}
        FROM read_parquet({literal(str(staged))})
            FULL JOIN said_in_raw ON _row = _raw_row
            LEFT JOIN faults ON _row = _fault_row
        WHERE _raw_op IS DISTINCT FROM 'delete' OR _op IS DISTINCT FROM 'delete'
    """)


def _said(catalog: Catalog, dataset: Dataset, raw: Path) -> str:
    """SQL: `_raw_row`, `_raw_op`, and what each text says."""
    texts = ", ".join(_delivered(dataset, column) for column in dataset.columns)
    says = ", ".join(
        f"{stated(catalog, catalog.elements[column.element], quoted(column.id))}"
        f" AS {quoted('_stated_' + column.id)}"
        for column in dataset.columns
    )
    return f"""
        SELECT _raw_row, _raw_op, {says}
        FROM (
            SELECT _row AS _raw_row, _op AS _raw_op, {texts}
            FROM read_parquet({literal(str(raw))})
        )
    """


def _faults(asked: tuple[Question, ...], staged: Path) -> str:
    """SQL: the first fault of each value that has several conditions."""
    faults = "".join(f", {first_fault(question)}" for question in asked if question.by_first_fault)
    return f"SELECT _row AS _fault_row{faults} FROM read_parquet({literal(str(staged))})"


def _where_derived(column: Column, asked: tuple[Question, ...]) -> list[str]:
    """SQL: what a column says that another one fills, and the faults of its own values alone."""
    says, value = quoted("_stated_" + column.id), quoted(column.id)
    found = [f"coalesce({says}, CASE WHEN {value} IS NOT NULL THEN 'derived'::said END) AS {says}"]
    if any(question.column.id == column.id and question.by_first_fault for question in asked):
        fault = quoted("_fault_" + column.id)
        found.append(f"CASE WHEN {says} = 'value' THEN {fault} END AS {fault}")
    return found


def create_enum(con: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    """A type of these words, kept as one byte."""
    con.execute(f"CREATE TYPE {name} AS ENUM ({', '.join(literal(value) for value in values)})")


def create_code_tables(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, elements: Sequence[Element], as_of: date
) -> None:
    """`codes_<table>` (code) with the codes in force; `divisions` (code, last_day DATE)."""
    for table in sorted({element.code_table for element in elements if element.code_table}):
        con.execute(
            f"CREATE TEMP TABLE codes_{table} AS SELECT unnest($1::VARCHAR[]) AS code",
            [in_force(catalog.codes(table), as_of)],
        )
    if DIVISIONS in catalog.code_tables and any(e.format in WITH_DIVISIONS for e in elements):
        codes = catalog.codes(DIVISIONS)
        con.execute(
            "CREATE TEMP TABLE divisions AS"
            " SELECT unnest($1::VARCHAR[]) AS code, unnest($2::DATE[]) AS last_day",
            [[code.code for code in codes], [code.valid_to or "9999-12-31" for code in codes]],
        )


def _create_terms(con: duckdb.DuckDBPyConnection, catalog: Catalog, dataset: Dataset) -> None:
    """`terms_<table>` (code, first_day, last_day: text) where a row's own date judges its codes."""
    dated = {catalog.elements[c.element].code_table for c in dataset.columns if c.dated_by}
    for table in sorted(name for name in dated if name):
        codes = catalog.codes(table)
        con.execute(
            f"CREATE TEMP TABLE terms_{table} AS"
            " SELECT code, min(first_day) AS first_day, max(last_day) AS last_day"
            " FROM (SELECT unnest($1::VARCHAR[]) AS code, unnest($2::VARCHAR[]) AS first_day,"
            " unnest($3::VARCHAR[]) AS last_day) GROUP BY code",
            [
                [code.code for code in codes],
                [code.valid_from or "0000-00-00" for code in codes],
                [code.valid_to or "9999-12-31" for code in codes],
            ],
        )


def _delivered(dataset: Dataset, column: Column) -> str:
    """The delivered text; the constant of the row's shape stands in for what the shape lacks."""
    text = quoted(column.id)
    for shape in dataset.shapes:
        if column.id in shape.constants:
            constant = literal(shape.constants[column.id])
            text = f"coalesce({text}, CASE WHEN _shape = {literal(shape.id)} THEN {constant} END)"
    return f"{text} AS {quoted(column.id)}"


def first_fault(question: Question) -> str:
    """SQL of `_fault_<column>`: the kind of the first condition that holds, else NULL."""
    column = question.column.id
    cases = " ".join(f"WHEN {v.sql} THEN {literal(v.kind)}::fault" for v in question.violations)
    fault = quoted("_fault_" + column)
    return f"CASE WHEN {quoted(column)} IS NULL THEN NULL {cases} END AS {fault}"
