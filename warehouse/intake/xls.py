"""Reads XLS workbooks (BIFF8), with number formats and merged regions.

Belongs here: records of the workbook stream and what they hold. Source: [MS-XLS] 2.4. Not here: the
container (`cfb`), which sheet matters (`workbook`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from warehouse.intake.cell_text import PLAIN, Format, format_of, number_text
from warehouse.intake.cfb import CompoundFile, NotCompound
from warehouse.intake.sheet import Cells, Damaged, Locked, Merged

_BOF, _EOF, _CONTINUE, _FILEPASS = 0x0809, 0x000A, 0x003C, 0x002F
_DATEMODE, _FORMAT, _XF, _BOUNDSHEET, _SST = 0x0022, 0x041E, 0x00E0, 0x0085, 0x00FC
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6
_BOOLERR, _FORMULA, _STRING, _MERGEDCELLS = 0x0205, 0x0006, 0x0207, 0x00E5
_BIFF8 = 0x0600
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

Record = tuple[int, list[bytes]]
"""(type, data and its continuations)."""


class XlsBook:
    """An XLS workbook opened for reading. Raises Damaged where it cannot be read, Locked where it
    is encrypted."""

    def __init__(self, path: Path) -> None:
        self._formats: list[Format] = []
        self._strings: list[str] = []
        self._sheets: dict[str, tuple[int, bool]] = {}
        self._from_1904 = False
        try:
            with path.open("rb") as file:
                container = CompoundFile(file)
            # `Book` holds the form before Excel 97.
            self._data = container.stream("Workbook")
            self._globals()
        except (NotCompound, KeyError, struct.error, IndexError, UnicodeDecodeError) as error:
            raise Damaged(type(error).__name__) from error

    def sheets(self) -> list[tuple[str, bool]]:
        """(name, visible) of the worksheets in their order."""
        return [(name, visible) for name, (_, visible) in self._sheets.items()]

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(row number, cells) of the rows with any text."""
        reader = _Cells(self._strings, self._formats, self._from_1904)
        try:
            for kind, parts in self._records(self._sheets[sheet][0]):
                reader.take(kind, parts)
        except (NotCompound, struct.error, IndexError, UnicodeDecodeError) as error:
            raise Damaged(type(error).__name__) from error
        for row in sorted(reader.filled):
            yield row + 1, {column: text for column, text in reader.rows[row].items() if text}

    def merged(self, sheet: str) -> list[Merged]:
        """The regions merged over several rows."""
        regions: list[Merged] = []
        for kind, parts in self._records(self._sheets[sheet][0]):
            if kind != _MERGEDCELLS:
                continue
            count = struct.unpack_from("<H", parts[0])[0]
            for at in range(count):
                top, bottom, left, _ = struct.unpack_from("<4H", parts[0], 2 + 8 * at)
                if bottom > top:
                    regions.append(Merged(top + 1, bottom + 1, left))
        return regions

    def _records(self, start: int) -> Iterator[Record]:
        """The records of one substream, from its begin to its end."""
        at, depth = start, 0
        held: Record | None = None
        while True:
            if at + 4 > len(self._data):
                raise Damaged("the stream ends within a sheet")
            kind, size = struct.unpack_from("<HH", self._data, at)
            data = self._data[at + 4 : at + 4 + size]
            at += 4 + size
            if kind == _CONTINUE and held is not None:
                held[1].append(data)
                continue
            if held is not None:
                yield held
            held = (kind, [data])
            # Charts are substreams within a sheet's.
            depth += (kind == _BOF) - (kind == _EOF)
            if depth == 0:
                return

    def _globals(self) -> None:
        codes: dict[int, str] = {}
        numbers: list[int] = []
        for kind, parts in self._records(0):
            data = parts[0]
            if kind == _BOF and struct.unpack_from("<H", data)[0] != _BIFF8:
                raise Damaged("older than BIFF8")
            if kind == _FILEPASS:
                raise Locked
            if kind == _DATEMODE:
                self._from_1904 = struct.unpack_from("<H", data)[0] == 1
            elif kind == _FORMAT:
                codes[struct.unpack_from("<H", data)[0]] = _text(data, 2)
            elif kind == _XF:
                numbers.append(struct.unpack_from("<H", data, 2)[0])
            elif kind == _BOUNDSHEET:
                position, state, what = struct.unpack_from("<IBB", data)
                if what == 0:
                    self._sheets[_text(data, 6, short=True)] = (position, state & 3 == 0)
            elif kind == _SST:
                self._strings = _shared_strings(parts)
        self._formats = [format_of(number, codes.get(number)) for number in numbers]


class _Cells:
    """Gathers the cells of a sheet, by row and column."""

    def __init__(self, strings: list[str], formats: list[Format], from_1904: bool) -> None:
        self.rows: dict[int, Cells] = {}
        self.filled: set[int] = set()
        self._strings, self._formats, self._from_1904 = strings, formats, from_1904
        self._formula: tuple[int, int] | None = None
        self._depth = 0

    def take(self, kind: int, parts: list[bytes]) -> None:
        """Take one record of the sheet's substream."""
        data = parts[0]
        self._depth += (kind == _BOF) - (kind == _EOF)
        if self._depth != 1:
            return
        if kind == _LABELSST:
            self._put(data, self._strings[struct.unpack_from("<I", data, 6)[0]])
        elif kind in {_LABEL, _RSTRING}:
            self._put(data, _text(data, 6))
        elif kind == _NUMBER:
            self._put(data, self._number(data, struct.unpack_from("<d", data, 6)[0]))
        elif kind == _RK:
            self._put(data, self._number(data, _rk(struct.unpack_from("<I", data, 6)[0])))
        elif kind == _MULRK:
            self._several(data)
        elif kind == _BOOLERR:
            self._truth_or_error(data, data[6], data[7])
        elif kind == _FORMULA:
            self._result(data)
        elif kind == _STRING and self._formula is not None:
            row, column = self._formula
            self._set(row, column, _text(data, 0))

    def _put(self, data: bytes, text: str) -> None:
        row, column = struct.unpack_from("<HH", data)
        self._set(row, column, text)

    def _set(self, row: int, column: int, text: str) -> None:
        self.rows.setdefault(row, {})[column] = text
        if text.strip():
            self.filled.add(row)

    def _truth_or_error(self, data: bytes, value: int, is_error: int) -> None:
        if is_error:
            row, column = struct.unpack_from("<HH", data)
            self.rows.setdefault(row, {})[column] = _ERRORS.get(value, "#N/A")
        else:
            self._put(data, "TRUE" if value else "FALSE")

    def _number(self, data: bytes, value: float, style_at: int = 4) -> str:
        style = struct.unpack_from("<H", data, style_at)[0]
        shape = self._formats[style] if style < len(self._formats) else PLAIN
        return number_text(repr(value), shape, self._from_1904)

    def _several(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for i in range((len(data) - 6) // 6):
            at = 4 + 6 * i
            value = _rk(struct.unpack_from("<I", data, at + 2)[0])
            self._set(row, first + i, self._number(data, value, at))

    def _result(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        self._formula = None
        if data[12:14] != b"\xff\xff":
            self._put(data, self._number(data, struct.unpack_from("<d", data, 6)[0]))
        elif data[6] == 0:
            self._formula = (row, column)
        elif data[6] in {1, 2}:
            self._truth_or_error(data, data[8], data[6] - 1)


def _rk(value: int) -> float:
    """A number packed into 30 bits: an integer or a double's upper half, perhaps hundredths."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", value & 0xFFFFFFFC))[0]
    return number / 100 if value & 1 else number


def _text(data: bytes, at: int, short: bool = False) -> str:
    """A string within one record: length, flag, characters of one or two bytes."""
    length = data[at] if short else struct.unpack_from("<H", data, at)[0]
    at += 1 if short else 2
    if data[at] & 1:
        return data[at + 1 : at + 1 + 2 * length].decode("utf-16-le", errors="replace")
    return data[at + 1 : at + 1 + length].decode("latin-1")


class _Parts:
    """Reads on from one continuation into the next."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._part, self._at = 0, 0

    def take(self, size: int) -> bytes:
        """`size` bytes that may lie across continuations."""
        taken = b""
        while len(taken) < size:
            self._advance()
            piece = self._parts[self._part][self._at : self._at + size - len(taken)]
            self._at += len(piece)
            taken += piece
        return taken

    def characters(self, length: int, wide: bool) -> str:
        """`length` characters; each continuation says anew how wide they are."""
        text = ""
        while length:
            if self._advance():
                wide = bool(self.take(1)[0] & 1)
            width = 2 if wide else 1
            count = min(length, (len(self._parts[self._part]) - self._at) // width)
            text += self.take(count * width).decode(
                "utf-16-le" if wide else "latin-1", errors="replace"
            )
            length -= count
        return text

    def _advance(self) -> bool:
        if self._at < len(self._parts[self._part]):
            return False
        self._part, self._at = self._part + 1, 0
        return True


def _shared_strings(parts: list[bytes]) -> list[str]:
    source = _Parts(parts)
    unique = struct.unpack("<4xI", source.take(8))[0]
    strings: list[str] = []
    for _ in range(unique):
        length, flags = struct.unpack("<HB", source.take(3))
        runs = struct.unpack("<H", source.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", source.take(4))[0] if flags & 4 else 0
        strings.append(source.characters(length, bool(flags & 1)))
        source.take(4 * runs + extra)
    return strings
