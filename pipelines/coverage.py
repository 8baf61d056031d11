"""What a home was never delivered, and what no rule asks of, on the terminal."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console

from catalog.load import Catalog
from pipelines.layout import compact_table
from quality.coverage import coverage
from quality.rule_coverage import (
    Asked,
    ColumnCoverage,
    elements_never_checked,
    rule_coverage,
    share_asked,
)
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


def show_rule_coverage(catalog: Catalog) -> None:
    """Prints by agency and dataset how many columns' values are asked anything, and the rest."""
    columns = rule_coverage(catalog)
    unasked = sum(each.asked is Asked.TYPE for each in columns)
    console = Console(soft_wrap=True)
    console.print(
        f"规则覆盖率 {_share(columns)}：{len(columns)} 栏中，"
        f"{sum(each.asked is Asked.VALUE for each in columns)} 栏的取值有规则，"
        f"{sum(each.asked is Asked.PRESENCE for each in columns)} 栏只核验是否填写或重复，"
        f"{unasked} 栏除类型和长度外没有规则"
    )
    _by_dataset(console, catalog, columns)
    _never_checked(console, catalog, columns)


def _by_dataset(console: Console, catalog: Catalog, columns: list[ColumnCoverage]) -> None:
    table = compact_table("各单位、各数据集")
    for title in ("单位", "数据集"):
        table.add_column(title, overflow="fold")
    for title in ("栏数", "覆盖率"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("取值没有规则的栏（*除类型外没有任何规则）", overflow="fold")
    for agency, of_agency in groupby(
        sorted(columns, key=lambda each: each.agency), lambda each: each.agency
    ):
        known = list(of_agency)
        name = catalog.agencies[agency].name
        table.add_row(name, "", str(len(known)), _share(known), "", style="bold")
        for ref, of_dataset in groupby(known, lambda each: each.dataset):
            dataset, own = catalog.datasets[ref], list(of_dataset)
            rest = "、".join(
                dataset.column(each.column).name + ("*" if each.asked is Asked.TYPE else "")
                for each in own
                if each.asked is not Asked.VALUE
            )
            table.add_row("", dataset.name, str(len(own)), _share(own), rest)
    console.print(table)


def _never_checked(console: Console, catalog: Catalog, columns: list[ColumnCoverage]) -> None:
    never = elements_never_checked(columns)
    used = len({each.element for each in columns})
    table = compact_table(f"取值从未核验的数据元（{len(never)}/{used}）")
    table.add_column("数据元", overflow="fold")
    table.add_column("名称", overflow="fold")
    table.add_column("注明的理由", overflow="fold")
    for name, reason in never.items():
        table.add_row(name, catalog.elements[name].name, reason or "没有注明")
    console.print(table)


def _share(columns: list[ColumnCoverage]) -> str:
    share = share_asked(columns)
    return "—" if share is None else f"{share:.0%}"
