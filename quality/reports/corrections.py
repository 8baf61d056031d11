"""Correction sheets: the failing rows, prefilled, to be put right and delivered back.

Belongs here: which rows and columns such a sheet has. How it looks stands in `workbook`.

A sheet keeps to one header shape, or its header would fit none. Columns that are masked are left
empty for the agency to fill in from its own file: a masked text delivered back would destroy the
value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import duckdb

from catalog.models.datasets import Dataset, FirstOf, Shape
from quality.ledger.reconcile import key_columns
from quality.ledger.wording import text_of
from quality.reports.model import CorrectionRow, CorrectionSheet
from quality.rules.model import DUPLICATE_KEY, Rule
from warehouse.engine import quoted

_TEXT_LIMIT = 32_000
"""A cell of a workbook holds 32,767 characters."""


class _Failed(TypedDict):
    """A rule that a row fails, and the column that the ledger holds to be corrected."""

    rule: str
    column: str


def correction_sheets(
    cursor: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    masked: frozenset[str],
) -> tuple[CorrectionSheet, ...]:
    """One sheet a header shape that has failing rows.

    Reads `shown` and `known_deliveries` of the report's session.
    """
    columns = [column.id for column in dataset.columns if column.derived is None]
    places = _failing_rows(cursor, dataset, columns)
    shapes: dict[str | None, list[dict[str, Any]]] = {}
    for row in places:
        shapes.setdefault(row["_shape"], []).append(row)
    by_rule = {rule.id: rule for rule in rules}
    return tuple(
        _sheet(dataset, shape, rows, columns, masked, by_rule)
        for shape, rows in sorted(shapes.items(), key=lambda item: item[0] or "")
    )


def _failing_rows(
    cursor: duckdb.DuckDBPyConnection, dataset: Dataset, columns: Sequence[str]
) -> list[dict[str, Any]]:
    texts = ", ".join(
        f"left(raw.{quoted(column)}, {_TEXT_LIMIT}) as {quoted(column)}" for column in columns
    )
    table = f"raw.{quoted(dataset.agency)}.{quoted(dataset.id)}"
    found = cursor.execute(
        "with failing as (select delivery, row, "
        "list({'rule': rule, 'column': \"column\"} order by rule, \"column\") as failed "
        "from shown where kind in ('row', 'between', 'quarantine') group by delivery, row) "
        f"select known.file, failing.failed, raw._row, raw._line, raw._shape, "
        f"{texts} from failing "
        f"join {table} as raw on raw._delivery = failing.delivery and raw._row = failing.row "
        "left join known_deliveries as known on known.delivery = failing.delivery "
        "order by failing.delivery, failing.row"
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _sheet(
    dataset: Dataset,
    shape_id: str | None,
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    masked: frozenset[str],
    rules: Mapping[str, Rule],
) -> CorrectionSheet:
    shape = next((shape for shape in dataset.shapes if shape.id == shape_id), None)
    kept = [column for column in columns if _is_wanted(dataset, shape, column, rows)]
    key = _key_columns(dataset)
    return CorrectionSheet(
        dataset=dataset.ref,
        dataset_name=dataset.name,
        shape=shape_id,
        operation_column=dataset.operation_column,
        columns=tuple(kept),
        headers=tuple(dataset.column(column).name for column in kept),
        key_columns=key.intersection(kept),
        masked=masked.intersection(kept),
        rows=tuple(
            CorrectionRow(
                place=_place(row),
                values=tuple(None if column in masked else row[column] for column in kept),
                marks=_marks(dataset, row["failed"], rules),
                ends_key=_corrects_key(key, row["failed"], rules),
            )
            for row in rows
        ),
    )


def _key_columns(dataset: Dataset) -> frozenset[str]:
    """All columns from which the key is formed."""
    return frozenset(
        column
        for part in dataset.key
        for column in (part.first_of if isinstance(part, FirstOf) else (part,))
    )


def _corrects_key(
    key: frozenset[str], failed: Sequence[_Failed], rules: Mapping[str, Rule]
) -> bool:
    """Whether correcting the row changes its key; a row without key has none to be ended."""
    marked = {each["column"] for each in failed if each["rule"] != DUPLICATE_KEY}
    return all(each["rule"] in rules for each in failed) and not key.isdisjoint(marked)


def _is_wanted(
    dataset: Dataset, shape: Shape | None, column_id: str, rows: Sequence[dict[str, Any]]
) -> bool:
    """A column that the shape implies or forbids is left out, and one that nobody delivers."""
    if shape is not None:
        if column_id in shape.constants or column_id in shape.excludes:
            return False
        if column_id in shape.requires:
            return True
    column = dataset.column(column_id)
    return not column.may_be_absent or any(row[column_id] is not None for row in rows)


def _place(row: Mapping[str, Any]) -> str:
    line = f"第 {row['_line']} 行" if row["_line"] is not None else f"第 {row['_row']} 条"
    return f"{row['file']} {line}" if row["file"] else line


def _marks(
    dataset: Dataset, failed: Sequence[_Failed], rules: Mapping[str, Rule]
) -> dict[str, str]:
    """What is wrong, by the column to correct; a row without key is wrong in all of its key."""
    told: dict[str, list[str]] = {}
    for each in failed:
        rule = rules.get(each["rule"])
        if rule is None:
            for column in key_columns(dataset):
                told.setdefault(column, []).append(text_of({}, each["rule"]).message)
        elif each["column"]:
            text = f"{rule.message}。{rule.how_to_correct}"
            told.setdefault(each["column"], []).append(text)
    return {column: "\n".join(texts) for column, texts in told.items()}
