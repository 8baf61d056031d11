"""Derived tables in the analysts' file.

Belongs here: the published form of any derived table. Does not belong here: how it is computed
(`assets.base.deriving`).
"""

from __future__ import annotations

from datetime import date

from assets.derived_tables import TYPES, DerivedTable
from catalog.entries import Catalog
from warehouse.engine import duckdb_type
from warehouse.publish import PublishedTable
from warehouse.publish.shown import ShownColumn, select_shown


def derived_table(catalog: Catalog, table: DerivedTable, today: date) -> PublishedTable:
    """The table as computed, its codes named, values of agencies masked by grade.

    One that goes by the day is computed for `today`: between deliveries too, disclosure ends.
    """
    shown = select_shown(
        catalog,
        "derived",
        [
            ShownColumn(column.id, column.name, column.meaning, column.holds)
            for column in table.columns
        ],
        table.geometry,
    )
    named = {column.id: column.name for column in table.columns}
    read = "、".join(name.partition("/")[2].replace("/", ".") for name in table.reads)
    return PublishedTable(
        table.database,
        table.id,
        f"{table.name}：{table.description.rstrip('。')}。由 {read} 推算，不是任何机构报送的数据。"
        f"一行一个“{'、'.join(named[key] for key in table.key)}”。",
        shown.columns,
        f"SELECT {', '.join(shown.expressions)} FROM {_rows(table)} AS derived"
        f" {' '.join(shown.joins)}",
        shown.parameters | ({"today": today} if table.by_day else {}),
    )


def _rows(table: DerivedTable) -> str:
    """A relation with the table's columns; of one that goes by the day it names `$today`."""
    if not table.by_day:
        return f'base.{table.database}."{table.id}"'
    typed = ", ".join(
        f'"{column.id}"::{duckdb_type(TYPES[column.type])} AS "{column.id}"'
        for column in table.columns
    )
    return f"(SELECT {typed} FROM ({table.query_of_today}))"
