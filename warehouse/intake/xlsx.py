"""Reads XLSX workbooks row by row, with number formats and merged regions.

Only the shared strings are held in memory. Own code because the ready readers lose what a person
sees (percentages, leading zeros, error values, merged cells). Source: ECMA-376 part 1, 18.3 and
18.8. Not here: which sheet matters, and how strings and sheets stream (`xlsx_parts`).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from warehouse.intake.cell_text import Format, format_of
from warehouse.intake.sheet import Cells, Damaged, Merged
from warehouse.intake.xlsx_parts import SharedStrings, SheetReader, column_of, local

_CHUNK = 256 * 1024
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
        self._strings: SharedStrings | None = None

    def sheets(self) -> list[tuple[str, bool]]:
        """(name, visible) of the worksheets in their order."""
        return [(name, visible) for name, (_, visible) in self._parts.items()]

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(row number, cells) of the rows with any text."""
        try:
            if self._strings is None:
                self._strings = self._shared_strings()
            reader = SheetReader(sheet, self._strings, self._formats, self._from_1904)
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
                        regions.append(Merged(int(top), int(bottom), column_of(first.decode())))
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
            tag = local(element.tag)
            if tag == "workbookPr":
                from_1904 = element.get("date1904") in {"1", "true"}
            elif tag == "sheet":
                relation = next((v for k, v in element.attrib.items() if local(k) == "id"), None)
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
            tag = local(element.tag)
            if tag == "numFmts":
                codes |= {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in element}
            elif tag == "cellXfs":
                numbers = [int(f.get("numFmtId", "0")) for f in element]
                formats = [format_of(number, codes.get(number)) for number in numbers]
        return formats

    def _shared_strings(self) -> SharedStrings:
        strings = SharedStrings()
        if "xl/sharedStrings.xml" in self._names:
            parser = strings.parser()
            for piece in self._pieces("xl/sharedStrings.xml"):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        return strings
