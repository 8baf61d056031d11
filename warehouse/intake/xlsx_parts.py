"""The long parts of an XLSX workbook, its shared strings and its sheets, as their XML streams by.

Source: ECMA-376 part 1, 18.3 and 18.4. Which parts a workbook has, and what its formats are:
`warehouse.intake.xlsx`.
"""

from __future__ import annotations

import re
from array import array
from functools import cache
from xml.parsers import expat

from warehouse.intake.cell_text import PLAIN, Format, number_text
from warehouse.intake.model import RECORD_LIMIT
from warehouse.intake.sheet import Cells, TooLong

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """The shared strings as one run of bytes: a tenth of the memory of a list of str."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._text: list[str] = []
        self._size = 0
        self._taking = False
        self._phonetic = False

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise ValueError("no such shared string")
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()

    def parser(self) -> expat.XMLParserType:
        """A parser that fills this table."""
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        return parser

    def _start(self, tag: str, _: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "t":
            self._taking = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        tag = local(tag)
        if tag == "t":
            self._taking = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self._bytes += _unescaped("".join(self._text)).encode("utf-8", errors="replace")
            self._ends.append(len(self._bytes))
            self._text.clear()
            self._size = 0

    def _data(self, text: str) -> None:
        if self._taking:
            self._text.append(text)
            self._size += len(text)
            if self._size > RECORD_LIMIT:
                raise TooLong


class SheetReader:
    """Takes a sheet's XML in pieces and gives its rows as they end."""

    def __init__(
        self, sheet: str, strings: SharedStrings, formats: list[Format], from_1904: bool
    ) -> None:
        self._sheet = sheet
        self._strings, self._formats, self._from_1904 = strings, formats, from_1904
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._ready: list[tuple[int, Cells]] = []
        self._row, self._column, self._type, self._style = 0, -1, "n", 0
        self._cells: Cells = {}
        self._text: list[str] = []
        self._taking = self._phonetic = self._filled = False
        self._size = 0

    def feed(self, piece: bytes, last: bool = False) -> list[tuple[int, Cells]]:
        """The rows that ended within this piece."""
        self._ready = []
        self._parser.Parse(piece, last)
        return self._ready

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "c":
            reference = attributes.get("r")
            self._column = column_of(reference) if reference else self._column + 1
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", "0"))
            self._text.clear()
        elif tag in {"v", "t"}:
            self._taking = not self._phonetic
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column, self._cells, self._filled, self._size = -1, {}, False, 0
        elif tag == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        tag = local(tag)
        if tag in {"v", "t"}:
            self._taking = False
        elif tag == "c" and self._text:
            text = self._cell("".join(self._text))
            if text:
                self._cells[self._column] = text
                self._filled |= self._type != "e" and not text.isspace()
            self._text.clear()
        elif tag == "row":
            if self._filled:
                self._ready.append((self._row, self._cells))
        elif tag == "rPh":
            self._phonetic = False

    def _data(self, text: str) -> None:
        if self._taking:
            self._text.append(text)
            self._size += len(text)
            if self._size > RECORD_LIMIT:
                raise TooLong(self._sheet, self._row)

    def _cell(self, text: str) -> str:
        if self._type == "s":
            return self._strings[int(text)]
        if self._type in {"str", "inlineStr"}:
            return _unescaped(text)
        if self._type == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if self._type == "e":
            return text
        if self._type == "d":
            return text.removesuffix("T00:00:00").replace("T", " ")
        shape = self._formats[self._style] if self._style < len(self._formats) else PLAIN
        return number_text(text.strip(), shape, self._from_1904)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a workbook declares no document type")


@cache
def local(tag: str) -> str:
    """A name without its namespace or prefix."""
    return tag.rpartition(":")[2].rpartition("}")[2]


def column_of(reference: str) -> int:
    """0-based column of `AB12` or `AB`."""
    return _number_of(reference.rstrip("0123456789"))


@cache
def _number_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
