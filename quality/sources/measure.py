"""What the columns of a dataset hold now: rows, values, values without an open error.

Belongs here: two queries a dataset. What two sources tell of one subject is compared where base
tables bring them together (`assets.base.agreement`).
"""

from __future__ import annotations

import duckdb

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from quality.between.model import rules_told
from quality.ledger.present import OPEN
from quality.ledger.session import relation
from quality.scores.items import UNREADABLE
from quality.sources.table import Measure
from warehouse.engine import literal, quoted


def measure(con: duckdb.DuckDBPyConnection, catalog: Catalog, ref: str) -> list[Measure]:
    """Every column in use, in the catalogue's order. `con` has the engine's names and
    `quality.main.defects` (`quality.ledger.present.view_defects`)."""
    dataset = catalog.datasets[ref]
    columns = [column for column in dataset.columns if column.retired is None]
    counted = ", ".join(f"count({quoted(column.id)})" for column in columns)
    found = con.execute(
        f"select count(*), {counted} from {relation('held_by', dataset)}"
    ).fetchone()
    assert found is not None
    rows, *read = found
    wrong = _wrong(con, catalog, dataset)
    return [
        Measure(
            ref, column.id, column.element, rows,
            filled=held + wrong.get(column.id, (0, 0))[0],
            valid=held - wrong.get(column.id, (0, 0))[1],
        )
        for column, held in zip(columns, read, strict=True)
    ]  # fmt: skip


def _wrong(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, dataset: Dataset
) -> dict[str, tuple[int, int]]:
    """Column → values that could not be read, and read values with an open error.

    What accuses an empty cell finds no value wrong: that it is empty counts already.
    """
    errors = [rule.id for rule in rules_told(catalog, dataset.ref) if rule.severity == "error"]
    tests = " ".join(
        f"when {literal(column.id)} then held.{quoted(column.id)} is not null"
        for column in dataset.columns
    )
    found = con.execute(
        f"""
        with accused as (
            select agency, key, "column", bool_or(rule = "column" || $unreadable) as unreadable
            from quality.main.defects
            where {OPEN} and dataset = $dataset and kind in ('row', 'between')
                and list_contains($errors, rule)
            group by all
        )
        select accused."column", count(*) filter (not is_read and unreadable),
            count(*) filter (is_read)
        from (
            select accused.*, coalesce(case accused."column" {tests} end, false) as is_read
            from accused
            join {relation("held_by", dataset)} as held
                on held._agency = accused.agency and held._key = accused.key
        ) as accused
        group by accused."column"
        """,
        {"dataset": dataset.ref, "errors": errors, "unreadable": f".{UNREADABLE}"},
    ).fetchall()
    return {column: (unreadable, wrong) for column, unreadable, wrong in found}
