"""How much there was to ask of a delivery, and of what a deliverer's rows are now.

Belongs here: one aggregate over the rows of a dataset, grouped. What is asked stands in
`quality.scores.items`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import duckdb

from catalog.models.datasets import Column, Dataset
from quality.ledger.session import relation
from quality.rules.model import Rule
from quality.scores.items import (
    MISSING_VALUE,
    UNREADABLE,
    Counts,
    together_columns,
)
from warehouse.engine import literal, quoted


def of_deliveries(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    deliveries: Iterable[str],
) -> dict[str, Counts]:
    """By delivery, from its raw rows without declared deletions. One that has none is left out.

    These rows are texts: to a rule over several columns, what could not be read holds something.
    """
    texts = {column.id: _text(dataset, column) for column in dataset.columns}

    def holds(column: str) -> str:
        return f"not is_blank({texts[column]})"

    listed = ", ".join(literal(delivery) for delivery in deliveries) or "''"
    where = f"_delivery in ({listed}) and _op is distinct from 'delete'"
    asked = {rule.id: _all_hold(rule, holds) for rule in rules if _is_asked(rule)}
    return _grouped(con, relation("raw", dataset), "_delivery", where, dataset, holds, asked)


def of_deliverers(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    failed: Mapping[str, Mapping[str, int]],
) -> dict[str, Counts]:
    """By deliverer, from its current rows. One that holds none is left out.

    `failed`: deliverer → rule → current rows that fail it: what could not be read is null now, and
    was delivered all the same. A value that was derived from another column counts as delivered.
    """

    def holds(column: str) -> str:
        return f"{quoted(column)} is not null"

    asked = {
        rule.id: f"({_all_hold(rule, holds)}) or not coalesce(({rule.check}), true)"
        for rule in rules
        if _is_asked(rule)
    }
    counted = _grouped(con, relation("held_by", dataset), "_agency", "true", dataset, holds, asked)
    return {
        agency: Counts(
            counts.rows,
            {
                column: filled + _lost(column, failed.get(agency, {}))
                for column, filled in counts.filled.items()
            },
            counts.together,
        )
        for agency, counts in counted.items()
    }


def _lost(column: str, failed: Mapping[str, int]) -> int:
    return sum(failed.get(f"{column}.{kind}", 0) for kind in (MISSING_VALUE, UNREADABLE))


def _is_asked(rule: Rule) -> bool:
    return rule.kind == "cross_field" and rule.severity == "error" and bool(together_columns(rule))


def _all_hold(rule: Rule, holds: Callable[[str], str]) -> str:
    return " and ".join(holds(column) for column in together_columns(rule))


def _text(dataset: Dataset, column: Column) -> str:
    """SQL for what was delivered in a column: its own text, or the constant of the row's shape."""
    constants = "".join(
        f" when {literal(shape.id)} then {literal(shape.constants[column.id])}"
        for shape in dataset.shapes
        if column.id in shape.constants
    )
    own = quoted(column.id)
    return f"coalesce({own}, case _shape{constants} end)" if constants else own


def _grouped(
    con: duckdb.DuckDBPyConnection,
    rows: str,
    by: str,
    where: str,
    dataset: Dataset,
    holds: Callable[[str], str],
    asked: Mapping[str, str],
) -> dict[str, Counts]:
    columns = [column.id for column in dataset.columns if column.retired is None]
    counted = [f"count(*) filter ({holds(column)})" for column in columns]
    counted += [f"count(*) filter ({condition})" for condition in asked.values()]
    found = con.execute(
        f"select {by}, count(*), {', '.join(counted)} from {rows} where {where} group by {by}"
    ).fetchall()
    return {
        group: Counts(
            count,
            dict(zip(columns, numbers[: len(columns)], strict=True)),
            dict(zip(asked, numbers[len(columns) :], strict=True)),
        )
        for group, count, *numbers in found
    }
