"""All divergences from the standard sources, as agencies and analysts may read them.

Belongs here: one table of the engine that reports and publication share. Does not belong here: how
a table's own differences are found (`assets.base.unfold`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from assets.base.unfold import divergences
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable
from warehouse.engine import literal, quoted
from warehouse.publish.masking import Protection, strictest
from warehouse.publish.model import while_published
from warehouse.publish.shown import protection_at

DIVERGENCES_TABLE = "quality.main.divergences"
"""Its name in the engine."""
DIVERGENCES: Mapping[str, str] = {
    "base_table": "基础库表（库.表）",
    "key": "该主体在表中的主键（脱敏同原表，各部分以 | 分隔）",
    "column": "列名",
    "agency": "值与标准源不一致的机构（见 catalog.agencies）",
    "dataset": "其数据集",
    "dataset_column": "其数据集的列",
    "delivery": "其交付（见 quality.deliveries）",
    "row": "在该次交付的文件中是第几条记录",
    "value": "其值（脱敏同原表）",
    "standard_agency": "标准源的机构",
    "standard_dataset": "标准源的数据集",
    "standard_delivery": "标准源的交付",
    "standard_row": "标准源的第几条记录",
    "standard_value": "标准源的值（脱敏同原表）",
}
"""Columns with what they tell; grain: one value of one delivered row."""


def make_divergences(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, tables: Sequence[BaseTable], today: date
) -> None:
    """Makes DIVERGENCES_TABLE of these base tables as they stand; every cursor sees it.

    What is in no publication any more is told to nobody.
    """
    parts = [_of_table(catalog, table) for table in tables if _may_differ(catalog, table)]
    empty = ", ".join(
        f"NULL::{'BIGINT' if name.endswith('row') else 'VARCHAR'} AS {quoted(name)}"
        for name in DIVERGENCES
    )
    query = " UNION ALL ".join([f"SELECT {empty} WHERE false", *parts])
    con.execute(
        f"CREATE OR REPLACE TABLE {DIVERGENCES_TABLE} AS {query}",
        {"today": today} if "$today" in query else {},
    )


def protections_of(catalog: Catalog, table: BaseTable) -> dict[str, Protection]:
    """Column → how readers see it. What a key says by itself is shown as the value is."""
    keys = {key.id: key.holds for key in table.key}
    values = {
        column.id: tuple(table.place_of(each) for each in column.sources if not each.of_key)
        for column in table.columns
    }
    return {
        name: strictest(*(protection_at(catalog, place) for place in places))
        for name, places in (keys | values).items()
    }


def _may_differ(catalog: Catalog, table: BaseTable) -> bool:
    return any(len(catalog.sources_of(table, column)) > 1 for column in table.columns)


def _of_table(catalog: Catalog, table: BaseTable) -> str:
    protections = protections_of(catalog, table)
    keys = ", ".join(protections[key].shown(f"found.{quoted(key)}") for key in table.keys)
    rows = while_published(f"base.{table.database}.{quoted(table.id)}", table.published_while)
    refs = ", ".join(
        f"({literal(column.id)}, {literal(table.code(source.contributor))},"
        f" {literal(table.contributor(source.contributor).dataset)}, {literal(source.column)})"
        for column in table.columns
        for source in column.sources
    )
    return f"""
        SELECT {literal(table.ref)} AS base_table, concat_ws('|', {keys}) AS key, found."column",
            told.agency, told.dataset, refs.dataset_column, found.delivery, found.row,
            {_masked(table, protections, "found.value")} AS value,
            standing.agency AS standard_agency, standing.dataset AS standard_dataset,
            found.standard_delivery, found.standard_row,
            {_masked(table, protections, "found.standard_value")} AS standard_value
        FROM ({divergences(catalog, table, rows)}) AS found
        JOIN (VALUES {refs}) AS refs("column", code, dataset, dataset_column)
            ON refs."column" = found."column" AND refs.code = found.code
        JOIN quality.main.deliveries AS told ON told.delivery = found.delivery
        JOIN quality.main.deliveries AS standing ON standing.delivery = found.standard_delivery
    """


def _masked(table: BaseTable, protections: Mapping[str, Protection], value: str) -> str:
    ways = " ".join(
        f"WHEN {literal(column.id)} THEN {protections[column.id].shown(value)}"
        for column in table.columns
        if protections[column.id].is_masked
    )
    return f'CASE found."column" {ways} ELSE {value} END' if ways else value
