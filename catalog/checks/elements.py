"""Data elements: what their type allows, their code table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.findings import UNDECIDED, Finding, Sources
from catalog.models.elements import Element, ElementType

_DATES = {ElementType.DATE, ElementType.DATETIME}
_NUMBERS = {ElementType.INTEGER, ElementType.DECIMAL}
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")
"""Look-around and back-references, which neither the Rust engine nor RE2 has."""
_TOLD_APART = re.compile(r"(?<!\\)(?:\\\\)*\\[dDwWsSbB]")
"""Shorthands that mean all scripts to the Rust engine and ASCII to RE2."""


def check_elements(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of elements."""
    for element in catalog.elements.values():
        file, place = sources.place("element", element.id)
        for field in ("definition", "data_class", "example", "how_to_correct"):
            if str(getattr(element, field)).startswith(UNDECIDED):
                article = 8 if field == "data_class" else None
                yield Finding(file, f"{place}.{field}", UNDECIDED, "由专人填写", article)
        for field, found, expected in (*_type_faults(element), *_pattern_faults(element)):
            yield Finding(file, f"{place}.{field}", found, expected)
        table = element.code_table
        known = not table or table in catalog.code_tables
        if table and not known and not sources.is_broken("code_table", table):
            yield Finding(file, f"{place}.code_table", table, "codes/ 中登记的代码表")


def _type_faults(element: Element) -> Iterator[tuple[str, str, str]]:
    kind = element.type
    if (kind is ElementType.CODE) != (element.code_table is not None):
        yield "code_table", element.code_table or "空", "type 为 code 时必填，否则不填"
    if element.format == "code_list" and kind is not ElementType.CODE:
        yield "format", "code_list", "只用于 type 为 code"
    if element.scale and kind is not ElementType.DECIMAL:
        yield "scale", str(element.scale), "只用于 type 为 decimal"
    if kind not in _NUMBERS and (element.minimum is not None or element.maximum is not None):
        yield "minimum", f"type 为 {kind}", "取值范围只用于 integer 和 decimal"
    if None not in (low := element.minimum, high := element.maximum) and low > high:  # type: ignore[operator]
        yield "minimum", str(low), f"不大于 maximum {high}"
    if element.earliest is not None and kind not in _DATES:
        yield "earliest", f"type 为 {kind}", "只用于 date 和 datetime"


def _pattern_faults(element: Element) -> Iterator[tuple[str, str, str]]:
    if element.pattern is None:
        return
    if _NOT_IN_RE2.search(element.pattern):
        yield "pattern", element.pattern, "不含环视和反向引用的正则表达式"
        return
    if _TOLD_APART.search(element.pattern):
        yield "pattern", element.pattern, r"写明字符的正则表达式，如 [0-9]，不用 \d、\w、\s、\b"
    try:
        re.compile(element.pattern)
    except re.error as error:
        yield "pattern", f"{element.pattern}（{error}）", "正则表达式"
