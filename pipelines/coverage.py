"""What a home was never delivered, on the terminal."""

from __future__ import annotations

from rich.console import Console

from catalog.load import Catalog
from pipelines.layout import compact_table
from quality.coverage import coverage
from warehouse.home import Clock, Home
from warehouse.lake import Lake
from warehouse.log import DeliveryLog


def show_coverage(home: Home, catalog: Catalog) -> None:
    """Prints the coverage rate and, of each agency that lacks any, its missing datasets."""
    log = DeliveryLog(Lake(home.lake), Clock())
    found = coverage(catalog, log.deliveries)
    catalogued = sum(each.catalogued for each in found)
    delivered = catalogued - sum(len(each.missing) for each in found)
    console = Console(soft_wrap=True)
    console.print(f"汇聚率 {delivered}/{catalogued}（{delivered / catalogued:.0%}，第十三条）")
    lacking = [each for each in found if each.missing]
    if not lacking:
        return
    table = compact_table("应汇未汇")
    table.add_column("单位", overflow="fold")
    table.add_column("汇聚率", justify="right", no_wrap=True)
    table.add_column("从未汇聚的数据集", overflow="fold")
    for each in lacking:
        names = "、".join(catalog.datasets[ref].name for ref in each.missing)
        table.add_row(catalog.agencies[each.agency].name, f"{each.rate:.0%}", names)
    console.print(table)
