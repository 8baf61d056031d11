"""What every workbook looks like to the intake, whatever its file format.

Belongs here: sheets, rows of cell texts, merged regions. Not here: how a format stores them
(`xlsx`, `xls`), which sheet and row matter (`workbook`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

Cells = dict[int, str]
"""Texts of a row's filled cells by 0-based column."""


class Damaged(Exception):
    """A workbook cannot be read to its end: cut off or not well formed."""


class TooLong(Exception):
    """A row's texts, or one shared text, are longer than any record that is read.

    `sheet` and `row` (1-based) are None for a shared text, which belongs to no row yet.
    """

    def __init__(self, sheet: str | None = None, row: int | None = None) -> None:
        super().__init__("a shared text is too long" if row is None else "a row is too long")
        self.sheet = sheet
        self.row = row


class Locked(Exception):
    """A workbook's content is encrypted."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged region, 1-based rows and 0-based columns, both ends included."""

    first_row: int
    last_row: int
    column: int


class Book(Protocol):
    """An open workbook. All methods may raise Damaged, `rows` TooLong too."""

    def sheets(self) -> list[tuple[str, bool]]:
        """(name, visible) of the worksheets in their order."""

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(1-based row number, cells) of the rows with any text, from top to bottom.

        Error values alone make no row: formulas reach below the records.
        """

    def merged(self, sheet: str) -> list[Merged]:
        """The regions merged over several rows."""


def fill_down(
    rows: Iterable[tuple[int, Cells]], regions: list[Merged]
) -> Iterator[tuple[int, Cells]]:
    """The rows, each with the values of the regions that reach down into it.

    A row with no text of its own is no row: a merged region does not make records.
    """
    waiting = sorted(regions, key=lambda region: region.first_row, reverse=True)
    active: list[tuple[Merged, str]] = []
    for number, cells in rows:
        active = [(region, text) for region, text in active if region.last_row >= number]
        while waiting and waiting[-1].first_row <= number:
            region = waiting.pop()
            if region.first_row == number and region.column in cells:
                active.append((region, cells[region.column]))
        for region, text in active:
            cells.setdefault(region.column, text)
        yield number, cells
