"""The exact grammar of one CSV record, byte by byte: RFC 4180 with stray quotes taken as text.

A quote opens a field only where the field begins; a stray quote inside an unquoted field is text.
A closing quote must be followed by a delimiter, a line end or the end of the file. Belongs here:
one record at a known place. Not here: files, speed (`records` sends only odd records here).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

QUOTE = 0x22
LF = 0x0A
CR = 0x0D


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file's records are written; `eol` is LF (also for CR LF) or CR alone.

    With LF, carriage returns right before a line end belong to it, and others are text.
    """

    delimiter: int
    eol: int = LF

    @property
    def delimiter_text(self) -> str:
        """The delimiter as text."""
        return chr(self.delimiter)


class Trouble(Enum):
    """Why no record came out: more bytes are needed, or a quoted field is malformed."""

    MORE = auto()
    MALFORMED = auto()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole record: its fields, where its text ends (line end excluded), the next's begin."""

    fields: list[bytes]
    end: int
    next: int


def line_end(data: bytes, start: int, eol: int, final: bool) -> tuple[int, int] | None:
    """(end of the text, start of the next line) of the line at `start`; None: need more bytes."""
    stop = data.find(eol.to_bytes(), start)
    if stop < 0:
        if not final:
            return None
        stop = following = len(data)
    else:
        following = stop + 1
    if eol == LF:
        while stop > start and data[stop - 1] == CR:
            stop -= 1
    return stop, following


def parse_record(data: bytes, start: int, dialect: Dialect, final: bool) -> Parsed | Trouble:
    """Read the record that begins at `start`; `final` says that the file ends with `data`."""
    delimiter = dialect.delimiter.to_bytes()
    fields: list[bytes] = []
    at = start
    line = line_end(data, at, dialect.eol, final)
    while True:
        if at < len(data) and data[at] == QUOTE:
            closing = _closing_quote(data, at + 1, final)
            if closing is Trouble.MORE or closing is Trouble.MALFORMED:
                return closing
            fields.append(data[at + 1 : closing].replace(b'""', b'"'))
            at = closing + 1
            if line is not None and line[1] <= at < len(data):
                line = line_end(data, at, dialect.eol, final)
            if data[at : at + 1] == delimiter:
                at += 1
                continue
            if line is None:
                # Only carriage returns may stand between here and a line end not yet seen.
                rest = data[at:].strip(b"\r") if dialect.eol == LF else data[at:]
                return Trouble.MALFORMED if rest else Trouble.MORE
            if at == len(data):
                return Parsed(fields, at, at)
            # A line's end lies before `at` when all that follows the quote are its returns.
            return Parsed(fields, at, line[1]) if line[0] <= at else Trouble.MALFORMED
        if line is None:
            return Trouble.MORE
        stop = data.find(delimiter, at, line[0])
        if stop < 0:
            fields.append(data[at : line[0]])
            return Parsed(fields, line[0], line[1])
        fields.append(data[at:stop])
        at = stop + 1


def _closing_quote(data: bytes, start: int, final: bool) -> int | Trouble:
    """Where the quoted field whose text begins at `start` closes."""
    at = start
    while True:
        quote = data.find(b'"', at)
        if quote < 0 or (quote + 1 == len(data) and not final):
            return Trouble.MALFORMED if final else Trouble.MORE
        if data[quote + 1 : quote + 2] != b'"':
            return quote
        at = quote + 2
