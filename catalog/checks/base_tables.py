"""Base tables: what they name is declared, and no two things in them have one name.

Articles 14 and 18 of 《淄博市公共数据管理办法》. Whether their SQL binds stands in `assets.models`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from catalog.checks.layout import PUBLISHED_DATABASES
from catalog.checks.reserved import RESERVED_WORDS
from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.base_tables import BaseColumn, BaseTable


def check_base_tables(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of the base tables' declarations."""
    for table in catalog.base.values():
        file = f"base/{table.database}/{table.id}.yaml"
        yield from _check_names(catalog, table, file)
        yield from _check_contributors(catalog, sources, table, file)
        for index, column in enumerate(table.columns):
            place = f"columns[{index}]({column.id})"
            yield from _check_sources(catalog, sources, table, column, file, place)
        for index, key in enumerate(table.key):
            for held in key.holds:
                if not _is_column(catalog, sources, held):
                    yield Finding(file, f"key[{index}]({key.id}).holds", held, "已登记的列", 14)


def _check_names(catalog: Catalog, table: BaseTable, file: str) -> Iterator[Finding]:
    if table.database not in PUBLISHED_DATABASES:
        expected = "、".join(sorted(PUBLISHED_DATABASES))
        yield Finding(file, "database", table.database, expected, 14)
    columns = [*table.keys, *(column.id for column in table.columns)]
    contributors = [each.id for each in table.contributors]
    for field, names in (("columns", columns), ("contributors", contributors)):
        for name, count in Counter(names).items():
            if count > 1:
                yield Finding(file, field, f"{name} 重复", "每个名称只用一次")
    for name in RESERVED_WORDS.intersection(columns):
        yield Finding(file, "columns", name, "SQL 保留字以外的名称")
    for field, name in _named(table):
        if name not in columns:
            yield Finding(file, field, name, "本表的列")
    for group in table.together:
        if len({_asked(table, name) for name in group}) > 1:
            yield Finding(file, "together", "、".join(group), "同组各列的来源及其次序相同")
    for ref, dataset in catalog.datasets.items():
        if (dataset.publication.database, dataset.publication.table) == (table.database, table.id):
            yield Finding(file, "id", f"{table.ref} 已由 {ref} 使用", "每张表一个名称")


def _named(table: BaseTable) -> Iterator[tuple[str, str]]:
    """Field and name of each column that the declaration refers to."""
    for group in table.together:
        for name in group:
            yield "together", name
    if table.geometry is not None:
        for name in table.geometry.made_of:
            yield "geometry.made_of", name
    if table.valid is not None:
        yield "valid.since", table.valid.since
        for field, named in (("until", table.valid.until), ("last_day", table.valid.last_day)):
            if named is not None:
                yield f"valid.{field}", named


def _asked(table: BaseTable, name: str) -> tuple[str, ...]:
    return tuple(
        source.contributor
        for column in table.columns
        if column.id == name
        for source in column.sources
    )


def _check_contributors(
    catalog: Catalog, sources: Sources, table: BaseTable, file: str
) -> Iterator[Finding]:
    used = {source.contributor for column in table.columns for source in column.sources}
    for index, each in enumerate(table.contributors):
        place = f"contributors[{index}]({each.id})"
        if each.dataset not in catalog.datasets:
            if not sources.is_broken("dataset", each.dataset):
                yield Finding(file, f"{place}.dataset", each.dataset, "已登记的数据集", 14)
        elif catalog.datasets[each.dataset].retired is not None:
            yield Finding(file, f"{place}.dataset", f"{each.dataset} 已停用", "在用的数据集", 14)
        if len(each.key) != len(table.key):
            expected = f"{len(table.key)} 项，与本表主键一致"
            yield Finding(file, f"{place}.key", f"{len(each.key)} 项", expected)
        if each.id not in used and not each.registers:
            yield Finding(file, place, "没有提供任何列", "至少提供一列，或 registers: true")


def _check_sources(
    catalog: Catalog,
    sources: Sources,
    table: BaseTable,
    column: BaseColumn,
    file: str,
    place: str,
) -> Iterator[Finding]:
    declared = {each.id for each in table.contributors}
    for name, count in Counter(source.contributor for source in column.sources).items():
        if name not in declared:
            yield Finding(file, f"{place}.sources", name, "本表的来源（contributors）")
        if count > 1:
            yield Finding(file, f"{place}.sources", f"{name} 重复", "同一来源只列一次")
    for source in column.sources:
        if source.contributor in declared and not _is_column(
            catalog, sources, table.place_of(source)
        ):
            yield Finding(file, f"{place}.sources", table.place_of(source), "已登记的列", 14)


def _is_column(catalog: Catalog, sources: Sources, place: str) -> bool:
    """Whether `<agency>/<dataset>.<column>` is catalogued, or its dataset unreadable."""
    ref, _, name = place.partition(".")
    dataset = catalog.datasets.get(ref)
    if dataset is None:
        return sources.is_broken("dataset", ref)
    return any(column.id == name for column in dataset.columns)
