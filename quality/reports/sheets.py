"""Writing into a workbook: text that stays text, one look for all sheets.

Belongs here: formats and the one way cells are written. Which sheets there are stands in
`quality.reports.workbook`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CELL_LIMIT = 32_767
"""Characters that a cell of a workbook holds."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_INK, _LINE, _HEAD, _MARK, _SOFT = "#1F2937", "#D1D5DB", "#E5EDF5", "#FDE9D9", "#F3F4F6"
_BASE = {"font_name": "微软雅黑", "font_size": 10, "font_color": _INK, "valign": "top"}
_CELL = _BASE | {"border": 1, "border_color": _LINE, "text_wrap": True}

_LOOKS: Mapping[str, dict[str, Any]] = {
    "title": _BASE | {"font_size": 16, "bold": True},
    "section": _BASE | {"font_size": 12, "bold": True},
    "note": _BASE | {"text_wrap": True},
    "head": _CELL | {"bold": True, "bg_color": _HEAD, "valign": "vcenter"},
    "cell": _CELL,
    "error": _CELL | {"bold": True, "font_color": "#9A3412"},
    "number": _CELL | {"num_format": "#,##0", "align": "center"},
    "plain_number": _CELL | {"align": "center"},
    "form": _CELL | {"num_format": "@"},
    "marked": _CELL | {"num_format": "@", "bg_color": _MARK},
    "left_empty": _CELL | {"num_format": "@", "bg_color": _SOFT},
}  # fmt: skip

_LINE_HEIGHT = 16

Cell = str | int | date | datetime | None


@dataclass
class Book:
    """A workbook being written row by row, and its formats, each made once."""

    book: xlsxwriter.Workbook
    _formats: dict[tuple[str, bool], Format] = field(default_factory=dict)

    def look(self, name: str, quoted: bool = False) -> Format:
        """A format by name; `quoted` keeps text that looks like a formula text when retyped."""
        if (name, quoted) not in self._formats:
            look: dict[str, Any] = dict(_LOOKS[name])
            self._formats[name, quoted] = self.book.add_format(
                look | {"quote_prefix": True} if quoted else look
            )
        return self._formats[name, quoted]


@dataclass
class Sheet:
    """One worksheet, written from its first row downwards."""

    book: Book
    sheet: Worksheet
    widths: Sequence[float]
    most_lines: int
    row: int = 0
    _lines: int = 1

    @classmethod
    def of(cls, book: Book, name: str, widths: Sequence[float], most_lines: int = 8) -> Sheet:
        """A new sheet with these column widths, set to print on one page's width.

        Rows are as high as their text needs, up to `most_lines`.
        """
        sheet = book.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&L&A&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        # Codes and long numbers are text on purpose: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return cls(book, sheet, widths, most_lines)

    def write(self, column: int, value: Cell, look: str = "cell") -> None:
        """One cell of the current row. Text is never read as a formula, number or link."""
        if isinstance(value, date):
            value = moment(value)
        if value is None or value == "":
            self.sheet.write_blank(self.row, column, None, self.book.look(look))
        elif isinstance(value, str):
            text = value[:CELL_LIMIT]
            self._lines = max(self._lines, _lines(text, self.widths[column]))
            quoted = text.startswith(_FORMULA_STARTS)
            self.sheet.write_string(self.row, column, text, self.book.look(look, quoted))
        else:
            number = "number" if look == "cell" else look
            self.sheet.write_number(self.row, column, value, self.book.look(number))

    def end(self) -> None:
        """Ends the current row."""
        if self._lines > 1:
            self.sheet.set_row(self.row, _LINE_HEIGHT * min(self._lines, self.most_lines))
        self._lines = 1
        self.row += 1

    def line(self, *values: Cell, look: str = "cell") -> None:
        """One row of cells."""
        for column, value in enumerate(values):
            self.write(column, value, look)
        self.end()

    def text(self, value: str, look: str, height: float = 18) -> None:
        """One text over all columns, in a row of its own, at least `height` points high."""
        self.sheet.set_row(self.row, max(height, _LINE_HEIGHT * _lines(value, sum(self.widths))))
        self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "")
        self.sheet.write_string(self.row, 0, value, self.book.look(look))
        self.row += 1

    def head(self, *titles: str) -> None:
        """A row of column titles."""
        for column, title in enumerate(titles):
            self.write(column, title, "head")
        self.sheet.set_row(self.row, max(22, _LINE_HEIGHT * self._lines))
        self._lines = 1
        self.row += 1

    def print_columns(self, columns: int) -> None:
        """Prints the first columns only; all rows written."""
        self.sheet.print_area(0, 0, max(self.row - 1, 0), columns - 1)

    def freeze_below(self, head: int) -> None:
        """Keeps row `head` and what is above it in sight, and filters on it; all rows written."""
        self.sheet.freeze_panes(head + 1, 0)
        self.sheet.repeat_rows(head)
        self.sheet.autofilter(head, 0, max(self.row - 1, head), len(self.widths) - 1)


@lru_cache(maxsize=4096)  # a report says the same of thousands of cells
def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column; a Chinese character is two wide."""
    room = max(width * 1.05, 1)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(
        max(1, math.ceil(sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) / room))
        for line in text[:2_000].split("\n")
    )


def moment(value: date | datetime) -> str:
    """A date or time as text: 2026-03-02, 2026-03-02 12:00."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


def severity_look(severity: str) -> str:
    """Errors stand out from queries."""
    return "error" if severity == "error" else "cell"
