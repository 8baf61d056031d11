"""The workbook an agency fills in: a sheet to deliver, notes on every column, drop-down lists.

Belongs here: what the workbook holds. It has one row of examples, so that it passes the check of a
draft as it stands and shows what a right row looks like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from catalog.entries import Catalog
from catalog.models.datasets import Column, Dataset, FirstOf, Shape
from catalog.models.elements import Element, ElementType
from catalog.words import CYCLES
from quality.onboarding.trial import failed_rules
from quality.reports.sheets import Book, Sheet
from quality.standards.lookup import in_force

ROWS = 1000
"""Rows below the header that have drop-down lists."""
_LISTS = "代码"
_NOTES = "填写说明"
_TYPES = {
    ElementType.TEXT: "文本",
    ElementType.CODE: "从下拉列表选择",
    ElementType.INTEGER: "整数",
    ElementType.DECIMAL: "数值",
    ElementType.DATE: "日期，格式为 YYYY-MM-DD",
    ElementType.DATETIME: "日期时间，格式为 YYYY-MM-DD HH:MM:SS",
    ElementType.BOOLEAN: "是 或 否",
}


class NoExample(ValueError):
    """No row can be made of the elements' examples that satisfies the dataset's rules."""


def write_template(catalog: Catalog, ref: str, path: Path, as_of: date) -> None:
    """Writes the template of a dataset as XLSX. NoExample names the rules that can't be met."""
    dataset = catalog.datasets[ref]
    shape = dataset.shapes[0] if dataset.shapes else None
    columns = _columns(dataset, shape)
    example = example_row(catalog, dataset, columns, as_of, shape)
    lists = _drop_downs(catalog, columns, as_of)
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": f"{dataset.name} 报送模板"})
        book = Book(workbook)
        _form(book, catalog, dataset, columns, example, lists)
        _notes(book, catalog, dataset, columns, as_of)
        _write_lists(book, lists)


def _columns(dataset: Dataset, shape: Shape | None) -> list[Column]:
    """The columns a person fills in: none that is derived, retired, or implied by the shape."""
    implied = {*shape.constants, *shape.excludes} if shape else set()
    return [
        column
        for column in dataset.columns
        if column.derived is None and column.retired is None and column.id not in implied
    ]


def example_row(
    catalog: Catalog,
    dataset: Dataset,
    columns: Sequence[Column],
    as_of: date,
    shape: Shape | None = None,
) -> dict[str, str | None]:
    """A right row: the dataset's examples, else each element's, less what breaks a rule.

    Of a rule that fails, columns that may be empty are emptied, the last named first; then its
    numbers become 0.
    """
    row: dict[str, str | None] = {
        column.id: _example(catalog, dataset, column, as_of) for column in columns
    }
    needed = _needed(dataset, columns)
    for _ in range(2 * len(columns) + 1):
        failed = _failed(catalog, dataset, row, as_of, shape)
        if not failed:
            return row
        if not _loosen(catalog, dataset, row, failed[0], needed):
            raise NoExample(f"{dataset.ref}: {', '.join(failed)}")
    raise NoExample(f"{dataset.ref}: {', '.join(failed)}")


def _needed(dataset: Dataset, columns: Sequence[Column]) -> set[str]:
    parts = {name for part in dataset.key
             for name in (part.first_of[:1] if isinstance(part, FirstOf) else (part,))}  # fmt: skip
    return parts | {column.id for column in columns if column.required}


def _failed(
    catalog: Catalog,
    dataset: Dataset,
    row: dict[str, str | None],
    as_of: date,
    shape: Shape | None,
) -> list[str]:
    texts = pl.DataFrame([row], schema={name: pl.String for name in row})
    found = failed_rules(catalog, dataset, texts, as_of, shape.id if shape else None)
    return [rule for rule, rows in found.items() if rows.any()]


def _loosen(
    catalog: Catalog,
    dataset: Dataset,
    row: dict[str, str | None],
    rule_id: str,
    needed: set[str],
) -> bool:
    """Changes the row so that the rule may hold; False where nothing is left to change."""
    name, _, kind = rule_id.partition(".")
    rule = next((rule for rule in dataset.rules if name == "row" and rule.id == kind), None)
    named = list(rule.columns) if rule is not None else [name]
    for column in reversed(named):
        if row.get(column) is not None and column not in needed:
            row[column] = None
            return True
    for column in named:
        number = catalog.element_of(dataset.ref, column).type in (
            ElementType.INTEGER,
            ElementType.DECIMAL,
        )
        if number and row.get(column) not in (None, "0"):
            row[column] = "0"
            return True
    return False


def _example(catalog: Catalog, dataset: Dataset, column: Column, as_of: date) -> str:
    """The column's example as a person writes it."""
    element = catalog.elements[column.element]
    own = dataset.example.get(column.id)
    return _written(catalog, element, as_of) if own is None else own


def _written(catalog: Catalog, element: Element, as_of: date) -> str:
    """The element's example as a person writes it: a code by its name."""
    return _names(catalog, element, as_of).get(element.example, element.example)


def _names(catalog: Catalog, element: Element, as_of: date) -> dict[str, str]:
    """Code → name of the codes in force that no other code shares its name with."""
    if not element.code_table or element.format == "code_list":
        return {}
    codes = [c for c in catalog.codes(element.code_table) if in_force(c, as_of.isoformat())]
    named = Counter(code.name for code in codes)
    return {code.code: code.code if named[code.name] > 1 else code.name for code in codes}


@dataclass(frozen=True, slots=True)
class _List:
    """A column's drop-down list on the sheet of lists."""

    place: int
    labels: tuple[str, ...]


def _drop_downs(catalog: Catalog, columns: Sequence[Column], as_of: date) -> dict[str, _List]:
    """Column id → its list; columns of one code table share one."""
    by_table: dict[str, _List] = {}
    found = {}
    for column in columns:
        element = catalog.elements[column.element]
        labels = tuple(_names(catalog, element, as_of).values())
        if element.code_table and labels:
            found[column.id] = by_table.setdefault(element.code_table, _List(len(by_table), labels))
    return found


def _form(
    book: Book,
    catalog: Catalog,
    dataset: Dataset,
    columns: Sequence[Column],
    example: Mapping[str, str | None],
    lists: Mapping[str, _List],
) -> None:
    sheet = Sheet.of(book, dataset.name[:31], [max(14, 2 * len(c.name) + 6) for c in columns])
    sheet.head(*(column.name for column in columns))
    for place, column in enumerate(columns):
        note = f"{'必填。' if column.required else ''}{_how(catalog, column)}"
        sheet.sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.2, "author": ""})
        sheet.write(place, example[column.id], "form")
    sheet.end()
    for place, column in enumerate(columns):
        listed = lists.get(column.id)
        if listed is not None:
            letters = _letters(listed.place)
            source = f"='{_LISTS}'!${letters}$1:${letters}${len(listed.labels)}"
            # A stop would refuse what an open list does not hold yet.
            sheet.sheet.data_validation(
                1, place, ROWS, place,
                {"validate": "list", "source": source, "error_type": "warning"},
            )  # fmt: skip
    sheet.sheet.freeze_panes(1, 0)


def _notes(
    book: Book, catalog: Catalog, dataset: Dataset, columns: Sequence[Column], as_of: date
) -> None:
    sheet = Sheet.of(book, _NOTES, [22, 8, 26, 34, 46])
    cycle = CYCLES[dataset.update_cycle] if dataset.update_cycle else ""
    sheet.text(f"{dataset.name} 填写说明", "title", 26)
    for line in (
        f"报送单位：{'、'.join(catalog.agencies[name].name for name in dataset.deliverers)}。"
        f"更新周期：{cycle}。",
        f"在“{dataset.name}”工作表中从第2行起填写，每行一条；第2行是示例，填写前请删去。",
        "表头不要改动。没有值的留空，不要填“无”“-”等字样。",
    ):
        sheet.text(line, "note")
    sheet.head("栏目", "必填", "填什么", "示例", "怎样填写")
    for column in columns:
        element = catalog.elements[column.element]
        kind = _TYPES[element.type] + (f"，单位：{element.unit}" if element.unit else "")
        example = _example(catalog, dataset, column, as_of)
        needed = "是" if column.required else ""
        sheet.line(column.name, needed, kind, example, _how(catalog, column))


def _how(catalog: Catalog, column: Column) -> str:
    told = f"{column.description}。" if column.description else ""
    return f"{told}{catalog.elements[column.element].how_to_correct}"


def _write_lists(book: Book, lists: Mapping[str, _List]) -> None:
    if not lists:
        return
    sheet = book.book.add_worksheet(_LISTS)
    for place, listed in {each.place: each for each in lists.values()}.items():
        for row, label in enumerate(listed.labels):
            sheet.write_string(row, place, label)
    sheet.hide()


def _letters(place: int) -> str:
    """The name of a column of a sheet: 0 → A, 26 → AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
