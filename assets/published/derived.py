"""Derived tables in the analysts' file.

Belongs here: the published form of any derived table. Does not belong here: how it is computed
(`assets.base.deriving`).
"""

from __future__ import annotations

from assets.derived_tables import DerivedTable
from catalog.entries import Catalog
from warehouse.publish import PublishedTable
from warehouse.publish.shown import ShownColumn, select_shown


def derived_table(catalog: Catalog, table: DerivedTable) -> PublishedTable:
    """The table as computed, its codes named, values of agencies masked by grade."""
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
        f'SELECT {", ".join(shown.expressions)} FROM base.{table.database}."{table.id}" AS derived'
        f" {' '.join(shown.joins)}",
        shown.parameters,
    )
