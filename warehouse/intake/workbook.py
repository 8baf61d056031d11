"""Reads workbooks: finds sheet and header, then turns rows into batches, and counts them again.

Belongs here: what XLSX and XLS have in common. Not here: how each stores its cells (`xlsx`, `xls`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import fastexcel
import polars as pl

from warehouse.intake.detect import Content, encrypted
from warehouse.intake.headers import HEADER_SEARCH_ROWS, Mapping, Names, best_header
from warehouse.intake.json_text import written
from warehouse.intake.model import RECORD_LIMIT, Batch, Unusable
from warehouse.intake.sheet import Book, Cells, Damaged, Locked, TooLong, fill_down
from warehouse.intake.xls import XlsBook
from warehouse.intake.xlsx import XlsxBook

_BATCH_ROWS = 20_000
_BATCH_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """Where the records are: sheet, header row (1-based), the filled rows down to the header."""

    book: Book
    sheet: str
    headers: tuple[str, ...]
    header_row: int
    rows_to_header: int


def open_table(content: Content, names: Names) -> Table:
    """Open a workbook and find its table: the visible sheet whose header fits best.

    Of sheets that fit equally well, the dataset's `sheet` is taken. Raises Unusable:
    `delivery.truncated`, `delivery.encrypted`, `delivery.sheet` when two sheets fit equally,
    `delivery.empty` when no sheet holds anything, `delivery.too_long` as `batches` does.
    """
    try:
        book: Book = XlsxBook(content.path) if content.format == "xlsx" else XlsBook(content.path)
        found = [
            (score, table)
            for name, visible in book.sheets()
            if visible or name == names.dataset.sheet
            for score, table in _candidate(book, name, names)
        ]
    except Locked as error:
        raise encrypted(content.name) from error
    except TooLong as error:
        raise _too_long(content.name, error) from error
    except Damaged as error:
        raise damaged(content.name) from error
    if not found:
        raise Unusable(
            "delivery.empty", f"文件“{content.name}”的工作表都是空的，没有任何内容。", content.name
        )
    best = max(score for score, _ in found)
    tables = [table for score, table in found if score == best]
    named = [table for table in tables if table.sheet == names.dataset.sheet]
    if len(tables) > 1 and not named and best > 0:
        listed = "、".join(f"“{table.sheet}”" for table in tables)
        raise Unusable(
            "delivery.sheet",
            f"文件“{content.name}”里有 {len(tables)} 个工作表的表头同样符合“{names.dataset.name}”"
            f"（{listed}），无法确定读哪一个。请只保留一个，或合并到一个工作表。",
            content.name,
        )
    return (named or tables)[0]


def damaged(name: str) -> Unusable:
    """The refusal of a workbook that cannot be read to its end."""
    return Unusable(
        "delivery.truncated",
        f"文件“{name}”不完整或已损坏，工作簿读不到结尾，可能没有传完。请重新提交完整的文件。",
        name,
    )


def _too_long(name: str, error: TooLong) -> Unusable:
    place = "的共用文字表" if error.row is None else f"工作表“{error.sheet}”第 {error.row} 行"
    return Unusable(
        "delivery.too_long",
        f"文件“{name}”{place}里有文字超过 {RECORD_LIMIT:,} 个字符，"
        "任何表格软件都不会写出这样的单元格。请检查导出程序后重新提交。",
        f"{name}:{place.removeprefix('的')}",
    )


def _candidate(book: Book, sheet: str, names: Names) -> list[tuple[int, Table]]:
    rows = list(islice(_rows(book, sheet), HEADER_SEARCH_ROWS))
    index, score = best_header(names, [_listed(cells) for _, cells in rows])
    if index < 0:
        return []
    number, cells = rows[index]
    return [(score, Table(book, sheet, tuple(_listed(cells)), number, index + 1))]


def _rows(book: Book, sheet: str) -> Iterator[tuple[int, Cells]]:
    return fill_down(book.rows(sheet), book.merged(sheet))


def _listed(cells: Cells) -> list[str]:
    return [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]


def batches(
    table: Table, mapping: Mapping, name: str, progress: Callable[[int], None]
) -> Iterator[Batch]:
    """All rows below the header, in the sheet's order; empty rows are no records.

    Values to the right of the header go into `_extra` under the number of their column. Raises
    Unusable: `delivery.truncated`, and `delivery.too_long` for a row beyond RECORD_LIMIT, before
    any reader has to hold it.
    """
    width = len(table.headers)
    held: list[list[Any]] = []
    size = 0
    try:
        below = islice(_rows(table.book, table.sheet), table.rows_to_header, None)
        for row, (number, cells) in enumerate(below, start=1):
            held.append(_record(cells, width, mapping, row, number))
            size += sum(map(len, cells.values()))
            if len(held) >= _BATCH_ROWS or size > _BATCH_CHARACTERS:
                yield _batch(held, width, table)
                held, size = [], 0
                progress(0)
    except TooLong as error:
        raise _too_long(name, error) from error
    except Damaged as error:
        raise damaged(name) from error
    if held:
        yield _batch(held, width, table)


def _record(cells: Cells, width: int, mapping: Mapping, row: int, number: int) -> list[Any]:
    extra = {
        mapping.extras.get(column) or f"第{column + 1}列": text
        for column, text in sorted(cells.items())
        if column in mapping.extras or column >= width
    }
    values = [cells.get(column) for column in range(width)]
    return [*values, written(extra) if extra else None, row, number]


def _batch(records: list[list[Any]], width: int, table: Table) -> Batch:
    schema: dict[str, Any] = {str(i): pl.String for i in range(width)}
    schema |= {"_extra": pl.String, "_row": pl.Int64, "_line": pl.Int64}

    def text_of(index: int) -> tuple[int | None, bytes]:
        named = {
            header or f"第{column + 1}列": value
            for column, (header, value) in enumerate(
                zip(table.headers, records[index][:width], strict=True)
            )
            if value is not None
        }
        return None, written(named).encode()

    return Batch(pl.DataFrame(records, schema=schema, orient="row"), text_of)


def count_rows(content: Content, table: Table) -> int:
    """Rows below the header that hold any text, as calamine reads the workbook: another reader."""
    try:
        sheet = fastexcel.read_excel(content.path).load_sheet(
            table.sheet, header_row=None, dtypes="string"
        )
        frame = sheet.to_polars()
    except (fastexcel.FastExcelError, OSError) as error:
        raise damaged(content.name) from error
    filled = pl.any_horizontal(pl.all().str.strip_chars().str.len_bytes() > 0)
    return int(frame.select(filled.fill_null(False).sum()).item()) - table.rows_to_header
