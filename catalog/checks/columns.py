"""Datasets: their columns' elements, headers, grades, and what is derived from what (article 8)."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.checks.reserved import RESERVED_WORDS
from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.headers import normalise_header
from catalog.models.datasets import Dataset
from catalog.models.elements import ElementType

_DATES = (ElementType.DATE, ElementType.DATETIME)


def check_columns(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of columns."""
    for dataset in catalog.datasets.values():
        file = f"datasets/{dataset.ref}.yaml"
        yield from _check_elements(catalog, sources, dataset, file)
        yield from _check_names(dataset, file)
        yield from _check_derived(dataset, file)
        yield from _check_dated(catalog, dataset, file)
        yield from _check_grades(catalog, dataset, file)


def _check_elements(
    catalog: Catalog, sources: Sources, dataset: Dataset, file: str
) -> Iterator[Finding]:
    for index, column in enumerate(dataset.columns):
        place = f"columns[{index}]({column.id})"
        element = catalog.elements.get(column.element)
        if element is None:
            if not sources.is_broken("element", column.element):
                yield Finding(file, f"{place}.element", column.element, "已登记的数据元", 8)
        elif column.default_unit and element.format != "money":
            found = f"数据元 {element.id} 的格式为 {element.format or '空'}"
            yield Finding(file, f"{place}.default_unit", found, "只用于格式为 money 的数据元")


def _check_names(dataset: Dataset, file: str) -> Iterator[Finding]:
    """Two columns must never answer to one header; ids must need no quoting in SQL."""
    owners: dict[str, str] = {}
    ids: set[str] = set()
    for index, column in enumerate(dataset.columns):
        place = f"columns[{index}]({column.id})"
        if column.id in ids:
            yield Finding(file, f"{place}.id", column.id, "同一数据集内列 id 不重复")
        ids.add(column.id)
        if column.id in RESERVED_WORDS:
            yield Finding(file, f"{place}.id", column.id, "不是 SQL 保留字")
        for header in dict.fromkeys((column.id, column.name, *column.aliases)):
            owner = owners.setdefault(normalise_header(header), column.id)
            if owner != column.id:
                found = f"表头“{header}”也指 {owner} 列"
                yield Finding(file, f"{place}.aliases", found, "一个表头只对应一列")
    others = [("operation_column", dataset.operation_column)] if dataset.operation_column else []
    for index, shape in enumerate(dataset.shapes):
        others += [(f"shapes[{index}].ignores", header) for header in shape.ignores]
    for place, header in others:
        owner = owners.get(normalise_header(header), "")
        if owner:
            yield Finding(file, place, f"“{header}”是 {owner} 列的表头", "不与列的表头相同")


def _check_derived(dataset: Dataset, file: str) -> Iterator[Finding]:
    columns = {column.id: column for column in dataset.columns}
    for index, column in enumerate(dataset.columns):
        if column.derived is None:
            continue
        place = f"columns[{index}]({column.id}).derived.column"
        base = columns.get(column.derived.column)
        if base is None:
            yield Finding(file, place, column.derived.column, "本数据集的列")
        elif base.derived is not None:
            yield Finding(file, place, f"{base.id} 本身也是派生列", "不是派生列的列")


def _check_dated(catalog: Catalog, dataset: Dataset, file: str) -> Iterator[Finding]:
    """A code is judged by a date of its own row."""
    elements = {column.id: catalog.elements.get(column.element) for column in dataset.columns}
    for index, column in enumerate(dataset.columns):
        if column.dated_by is None:
            continue
        place = f"columns[{index}]({column.id}).dated_by"
        element = elements[column.id]
        if element and (not element.code_table or element.format == "code_list"):
            yield Finding(file, place, f"数据元 {element.id}", "只用于取单个代码的列")
        if column.dated_by not in elements:
            yield Finding(file, place, column.dated_by, "本数据集的列")
            continue
        dating = elements[column.dated_by]
        if dating and dating.format != "period" and dating.type not in _DATES:
            yield Finding(
                file, place, f"{column.dated_by} 不是日期、时间或期间", "日期、时间或期间列"
            )


def _check_grades(catalog: Catalog, dataset: Dataset, file: str) -> Iterator[Finding]:
    """A dataset is at least as sensitive as its most sensitive column."""
    grades = {
        column.id: column.grade or catalog.elements[column.element].grade
        for column in dataset.columns
        if column.grade or column.element in catalog.elements
    }
    if dataset.security_grade is None or not grades:
        return
    highest = max(grades, key=lambda name: grades[name])
    if grades[highest] > dataset.security_grade:
        found = f"{dataset.security_grade} 级，而 {highest} 列为 {grades[highest]} 级"
        yield Finding(file, "security_grade", found, "不低于各列的最高级别", 8)
