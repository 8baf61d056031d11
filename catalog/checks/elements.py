"""Data elements: what their type allows, their code table, their standard source (article 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models import Element, ElementType

_DATES = {ElementType.DATE, ElementType.DATETIME}
_NUMBERS = {ElementType.INTEGER, ElementType.DECIMAL}
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")
"""Look-around and back-references, which neither the Rust engine nor RE2 has."""


def check_elements(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of elements."""
    for element in catalog.elements.values():
        file, place = sources.place("element", element.id)
        for field, found, expected in (*_type_faults(element), *_pattern_faults(element)):
            yield Finding(file, f"{place}.{field}", found, expected)
        table = element.code_table
        known = not table or table in catalog.code_tables
        if table and not known and not sources.is_broken("code_table", table):
            yield Finding(file, f"{place}.code_table", table, "codes/tables.yaml 中的代码表")
        yield from _check_source(catalog, sources, element, file, place)


def _type_faults(element: Element) -> Iterator[tuple[str, str, str]]:
    kind = element.type
    if (kind is ElementType.CODE) != (element.code_table is not None):
        yield "code_table", element.code_table or "空", "type 为 code 时必填，否则不填"
    if element.scale and kind is not ElementType.DECIMAL:
        yield "scale", str(element.scale), "只用于 type 为 decimal"
    if kind not in _NUMBERS and (element.minimum is not None or element.maximum is not None):
        yield "minimum", f"type 为 {kind}", "取值范围只用于 integer 和 decimal"
    if None not in (low := element.minimum, high := element.maximum) and low > high:  # type: ignore[operator]
        yield "minimum", str(low), f"不大于 maximum {high}"
    if element.earliest is not None:
        if kind not in _DATES:
            yield "earliest", f"type 为 {kind}", "只用于 date 和 datetime"
        try:
            date.fromisoformat(element.earliest)
        except ValueError:
            yield "earliest", element.earliest, "YYYY-MM-DD 日期"


def _pattern_faults(element: Element) -> Iterator[tuple[str, str, str]]:
    if element.pattern is None:
        return
    if _NOT_IN_RE2.search(element.pattern):
        yield "pattern", element.pattern, "不含环视和反向引用的正则表达式"
        return
    try:
        re.compile(element.pattern)
    except re.error as error:
        yield "pattern", f"{element.pattern}（{error}）", "正则表达式"


def _check_source(
    catalog: Catalog, sources: Sources, element: Element, file: str, place: str
) -> Iterator[Finding]:
    source = element.source
    if source is None:
        return
    dataset = catalog.datasets.get(source.dataset)
    if dataset is None:
        if not sources.is_broken("dataset", source.dataset):
            yield Finding(file, f"{place}.source.dataset", source.dataset, "已登记的数据集", 18)
        return
    columns = {column.id: column for column in dataset.columns}
    if source.column not in columns:
        found = f"{source.dataset} 没有 {source.column} 列"
        yield Finding(file, f"{place}.source.column", found, "该数据集的列", 18)
    elif columns[source.column].element != element.id:
        found = f"该列的数据元是 {columns[source.column].element}"
        yield Finding(file, f"{place}.source.column", found, f"数据元为 {element.id} 的列", 18)
