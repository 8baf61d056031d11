"""Derived tables in the analysts' file.

Belongs here: which are published, and the published form of any. Does not belong here: how it is
computed (`assets.base.deriving`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assets.derived_tables import TYPES, DerivedTable, derived_tables
from assets.lineage import Place, lineage_of
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable
from warehouse.engine import duckdb_type
from warehouse.publish import PublishedMacro, PublishedTable
from warehouse.publish.shown import ShownColumn, select_shown

_TELLING = ("base/", "standard/")
"""Layers of the lake that hold what agencies delivered."""


def published_derived(catalog: Catalog, base: Iterable[BaseTable]) -> list[DerivedTable]:
    """Derived tables that read, directly or through others, published base tables and reviewed
    datasets alone: what is computed from another one tells of it."""
    shown = {table.lake_name for table in base}
    shown |= {f"standard/{ref}" for ref, dataset in catalog.datasets.items() if dataset.reviewed}
    told: list[DerivedTable] = []
    for table in derived_tables():
        if all(read in shown or not read.startswith(_TELLING) for read in table.reads):
            shown.add(table.lake_name)
            told.append(table)
    return told


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


def computed_from(
    catalog: Catalog, tables: Iterable[DerivedTable]
) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Table and column → the datasets and columns that it is worked out from in the end."""
    lineage = lineage_of(catalog)
    return {
        (table.ref, column.id): [
            (place.table, place.column) for place in lineage.delivered(Place(table.ref, column.id))
        ]
        for table in tables
        for column in table.columns
    }


def derived_macros(table: DerivedTable) -> list[PublishedMacro]:
    """`<table>_on(day)`: what holds on another day, where the table tells how it follows."""
    if not table.on_day:
        return []
    anew = ", ".join(f'{expression} AS "{name}"' for name, expression in table.on_day.items())
    return [
        PublishedMacro(
            table.database,
            f"{table.id}_on",
            f"{table.name}在某一天的样子（有效时间）；日期已脱敏的按月判断，例如"
            f" FROM {table.ref}_on('2026-10-01')",
            ("day",),
            f'SELECT * REPLACE ({anew}) FROM {table.database}."{table.id}"',
        )
    ]


def _rows(table: DerivedTable) -> str:
    """A relation with the table's columns; of one that goes by the day it names `$today`."""
    if not table.by_day:
        return f'base.{table.database}."{table.id}"'
    typed = ", ".join(
        f'"{column.id}"::{duckdb_type(TYPES[column.type])} AS "{column.id}"'
        for column in table.columns
    )
    return f"(SELECT {typed} FROM ({table.query_of_today}))"
