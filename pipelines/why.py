"""How the sources of a base table's values look on the terminal.

Belongs here: `lakehouse why` printed. Does not belong here: finding the sources
(`assets.base.why`).
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from assets.base.why import Origin, Value
from catalog.entries import Catalog
from pipelines.layout import compact_table


def show_why(console: Console, catalog: Catalog, title: str, values: Sequence[Value]) -> None:
    """One line a value, and below it each source that was not chosen."""
    table = compact_table(title)
    for heading in ("列", "值", "来源", "为什么"):
        table.add_column(heading, overflow="fold")
    for value in values:
        chosen = next((origin for origin in value.origins if origin.chosen), None)
        name = f"{value.column.name}\n{value.column.id}"
        if chosen is None:
            table.add_row(name, "—", "", "没有来源有值")
        else:
            table.add_row(name, value.value, _where(catalog, chosen), _reason(chosen))
        for origin in value.origins:
            if not origin.chosen and origin.value is not None:
                table.add_row("", origin.value, _where(catalog, origin), _beside(value, origin))
    console.print(table)


def _where(catalog: Catalog, origin: Origin) -> str:
    agency = catalog.agencies[origin.agency].short_name
    dataset = catalog.datasets[origin.dataset]
    column = dataset.column(origin.column)
    return (
        f"{agency}《{dataset.name}》{column.name}\n"
        f"{origin.delivery} 第 {origin.row} 条，{origin.file}"
    )


def _reason(origin: Origin) -> str:
    if origin.standard:
        return "标准源" if origin.rank == 1 else f"标准源（第{origin.rank}顺位，前者无值）"
    return f"标准源无值，取第{origin.rank}顺位" if origin.rank > 1 else "没有标准源，取首位"


def _beside(value: Value, origin: Origin) -> str:
    return "未取用，一致" if origin.value == value.value else "未取用，不一致（分歧）"
