"""Reads XLSX workbooks row by row, with number formats and merged regions.

Only the shared strings are held in memory. Own code because the ready readers lose what a person
sees (percentages, leading zeros, error values, merged cells). Source: ECMA-376 part 1, 18.3, 18.4
and 18.8. Not here: which sheet matters.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from warehouse.intake.cell_text import PLAIN, Format, format_of, number_text
from warehouse.intake.model import RECORD_LIMIT
from warehouse.intake.sheet import Cells, Damaged, Merged, TooLong

_CHUNK = 256 * 1024
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_LONGEST_TAG = 200
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    NotImplementedError,
    expat.ExpatError,
    ElementTree.ParseError,
    ValueError,
)


class XlsxBook:
    """An XLSX workbook opened for reading. Raises Damaged where it cannot be read."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
            self._names = set(self._archive.namelist())
            self._parts, self._from_1904 = self._workbook()
            self._formats = self._styles()
        except _BROKEN as error:
            raise Damaged(str(type(error).__name__)) from error
        self._strings: _Strings | None = None

    def sheets(self) -> list[tuple[str, bool]]:
        """(name, visible) of the worksheets in their order."""
        return [(name, visible) for name, (_, visible) in self._parts.items()]

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(row number, cells) of the rows with any text."""
        try:
            if self._strings is None:
                self._strings = self._shared_strings()
            reader = _SheetReader(sheet, self._strings, self._formats, self._from_1904)
            for piece in self._pieces(self._parts[sheet][0]):
                yield from reader.feed(piece)
            yield from reader.feed(b"", last=True)
        except _BROKEN as error:
            raise Damaged(type(error).__name__) from error

    def merged(self, sheet: str) -> list[Merged]:
        """The regions merged over several rows."""
        regions: list[Merged] = []
        held = b""
        try:
            for piece in self._pieces(self._parts[sheet][0]):
                data = held + piece
                cut = max(data.rfind(b"<"), len(data) - _LONGEST_TAG, 0)
                for first, top, _, bottom in _MERGED.findall(data[:cut]):
                    if int(bottom) > int(top):
                        regions.append(Merged(int(top), int(bottom), _column(first.decode())))
                held = data[cut:]
        except _BROKEN as error:
            raise Damaged(type(error).__name__) from error
        return regions

    def _pieces(self, part: str) -> Iterator[bytes]:
        with self._archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    def _tree(self, part: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._archive.read(part))

    def _workbook(self) -> tuple[dict[str, tuple[str, bool]], bool]:
        targets = {
            relation.get("Id"): posixpath.normpath(
                posixpath.join("/xl", relation.get("Target", ""))
            )
            for relation in self._tree("xl/_rels/workbook.xml.rels")
        }
        parts: dict[str, tuple[str, bool]] = {}
        from_1904 = False
        for element in self._tree("xl/workbook.xml").iter():
            tag = _local(element.tag)
            if tag == "workbookPr":
                from_1904 = element.get("date1904") in {"1", "true"}
            elif tag == "sheet":
                relation = next((v for k, v in element.attrib.items() if _local(k) == "id"), None)
                part = targets.get(relation, "").lstrip("/")
                # Chart sheets and dialogs hold no rows.
                if part in self._names and "worksheets/" in part:
                    visible = element.get("state", "visible") == "visible"
                    parts[element.get("name", part)] = (part, visible)
        return parts, from_1904

    def _styles(self) -> list[Format]:
        if "xl/styles.xml" not in self._names:
            return []
        codes: dict[int, str] = {}
        formats: list[Format] = []
        for element in self._tree("xl/styles.xml"):
            tag = _local(element.tag)
            if tag == "numFmts":
                codes |= {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in element}
            elif tag == "cellXfs":
                numbers = [int(f.get("numFmtId", "0")) for f in element]
                formats = [format_of(number, codes.get(number)) for number in numbers]
        return formats

    def _shared_strings(self) -> _Strings:
        strings = _Strings()
        if "xl/sharedStrings.xml" in self._names:
            parser = strings.parser()
            for piece in self._pieces("xl/sharedStrings.xml"):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        return strings


class _Strings:
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
        tag = _local(tag)
        if tag == "t":
            self._taking = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        tag = _local(tag)
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


class _SheetReader:
    """Takes a sheet's XML in pieces and gives its rows as they end."""

    def __init__(
        self, sheet: str, strings: _Strings, formats: list[Format], from_1904: bool
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
        tag = _local(tag)
        if tag == "c":
            reference = attributes.get("r")
            self._column = _column(reference) if reference else self._column + 1
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
        tag = _local(tag)
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
def _local(tag: str) -> str:
    return tag.rpartition(":")[2].rpartition("}")[2]


def _column(reference: str) -> int:
    """0-based column of `AB12` or `AB`."""
    return _column_of(reference.rstrip("0123456789"))


@cache
def _column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
