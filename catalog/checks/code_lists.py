"""Code tables' rows, and the values that catalogue entries take from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from catalog.code_tables import collisions, read_codes
from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.code_tables import Code
from catalog.models.elements import Element, ElementType

_TEXT = re.compile(r"'((?:[^']|'')*)'")
_COMPARISON = re.compile(
    r"\b(?P<column>[a-z_][a-z0-9_]*)\s*(?:=|<>|!=|(?:\bnot\s+)?\bin\b\s*\()\s*"
    r"(?P<texts>'(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)",
    re.IGNORECASE,
)
"""A column compared with one text, or with a list of them."""


def check_code_lists(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults in the tables' rows and in the values taken from them. Reads each table once."""
    labels: dict[str, frozenset[str]] = {}
    known: dict[str, frozenset[str]] = {}
    for table in catalog.code_tables:
        file = f"codes/{table}.csv"
        codes, findings = read_codes(catalog.codes_path(table), file)
        yield from findings
        if not findings and not codes:
            yield Finding(file, "", "没有代码", "至少一行代码")
        yield from collisions(codes, file)
        labels[table] = _labels(codes)
        known[table] = frozenset(code.code for code in codes)
    yield from _check_undeclared(catalog)
    yield from _check_values(catalog, sources, labels)
    yield from _check_conditions(catalog, known)


def _check_undeclared(catalog: Catalog) -> Iterator[Finding]:
    for path in sorted((catalog.root / "codes").glob("*.csv")):
        if path.stem not in catalog.code_tables:
            yield Finding(f"codes/{path.name}", "", "未登记", "在 codes/ 的 YAML 文件中登记")


def _check_values(
    catalog: Catalog, sources: Sources, labels: dict[str, frozenset[str]]
) -> Iterator[Finding]:
    """An element's example must be a right value; a shape's constant must be one of its codes."""
    for element in catalog.elements.values():
        expected = _fault(element, element.example, labels)
        if expected:
            file, place = sources.place("element", element.id)
            yield Finding(file, f"{place}.example", element.example, expected)
    for ref, dataset in catalog.datasets.items():
        elements = {column.id: catalog.elements.get(column.element) for column in dataset.columns}
        for index, shape in enumerate(dataset.shapes):
            for name, value in shape.constants.items():
                held = elements.get(name)
                expected = _fault(held, value, labels) if held else None
                if expected:
                    place = f"shapes[{index}]({shape.id}).constants.{name}"
                    yield Finding(f"datasets/{ref}.yaml", place, value, expected)


def _check_conditions(catalog: Catalog, known: dict[str, frozenset[str]]) -> Iterator[Finding]:
    """A condition that compares a code with what its table doesn't hold is never true."""
    for ref, dataset in catalog.datasets.items():
        tables = {
            column.id: element.code_table
            for column in dataset.columns
            if (element := catalog.elements.get(column.element)) and element.code_table in known
        }
        for index, rule in enumerate(dataset.rules):
            for name, values in _compared(rule.check):
                table = tables.get(name) or ""
                for value in values if table else ():
                    if value not in known[table]:
                        place = f"rules[{index}]({rule.id}).check"
                        found, expected = f"{name} 与 '{value}' 相比", f"代码表 {table} 中的代码"
                        yield Finding(f"datasets/{ref}.yaml", place, found, expected)


def _compared(check: str) -> Iterator[tuple[str, list[str]]]:
    """Columns of a condition and the texts they are compared with."""
    for match in _COMPARISON.finditer(check):
        yield match["column"], [text.replace("''", "'") for text in _TEXT.findall(match["texts"])]


def _labels(codes: tuple[Code, ...]) -> frozenset[str]:
    return frozenset(label for code in codes for label in (code.code, code.name, *code.aliases))


def _fault(element: Element, value: str, labels: dict[str, frozenset[str]]) -> str | None:
    """What the element asks of this value, where the value doesn't do it; formats aside."""
    known = labels.get(element.code_table or "")
    if element.code_table and known and value not in known:
        return f"代码表 {element.code_table} 中的代码或名称"
    if element.max_length and len(value) > element.max_length:
        return f"不超过 {element.max_length} 个字符"
    if element.pattern and not _matches(element.pattern, value):
        return f"符合 {element.pattern}"
    if element.format is None and not _readable(element, value):
        return f"可读作 {element.type} 且在取值范围内的值"
    return None


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # the pattern has a finding of its own
        return True


def _readable(element: Element, value: str) -> bool:
    try:
        if element.type is ElementType.DATE:
            return date.fromisoformat(value).isoformat() >= (element.earliest or "")
        if element.type is ElementType.DATETIME:
            return datetime.fromisoformat(value).isoformat() >= (element.earliest or "")
        if element.type in (ElementType.INTEGER, ElementType.DECIMAL):
            number = Decimal(value)
            if element.type is ElementType.INTEGER and number % 1:
                return False
            low, high = element.minimum, element.maximum
            return (low is None or number >= Decimal(str(low))) and (
                high is None or number <= Decimal(str(high))
            )
    except (ValueError, InvalidOperation):
        return False
    return True
