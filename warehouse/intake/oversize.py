"""Finds the end of a CSV record too long to hold in memory.

Follows the grammar of `warehouse.intake.grammar` over pieces of the file, keeping positions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO

from warehouse.intake.grammar import CR, LF, QUOTE, Dialect

_CHUNK = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Extent:
    """Where an oversize record lies, as offsets in the file.

    `end` its text's end (line end included), `next` the next record's begin, `lines` the physical
    lines it takes. `malformed`: its quoting is broken; all is then about its first physical line.
    `blank`: it is a line of carriage returns alone, and so no record.
    """

    end: int
    next: int
    lines: int
    malformed: bool
    blank: bool


class _State(Enum):
    FIELD = auto()  # at a field's first byte
    UNQUOTED = auto()
    QUOTED = auto()
    AFTER = auto()  # behind a quote inside a quoted field
    RETURN = auto()  # behind a carriage return that follows the closing quote
    DONE = auto()
    MALFORMED = auto()


class _Walk:
    """The state between two pieces of one record."""

    def __init__(self, dialect: Dialect) -> None:
        self.delimiter = dialect.delimiter
        self.eol = dialect.eol
        self.state = _State.FIELD

    def piece(self, data: bytes) -> int:
        """Walk through `data`; returns where it stopped (its length unless the record ended)."""
        at = 0
        while at < len(data) and self.state not in (_State.DONE, _State.MALFORMED):
            if self.state is _State.QUOTED:
                quote = data.find(b'"', at)
                if quote < 0:
                    return len(data)
                at, self.state = quote + 1, _State.AFTER
            elif self.state in (_State.FIELD, _State.UNQUOTED):
                at = self._plain(data, at)
            else:
                self.state = self._behind_quote(data[at])
                at += 1
        return at

    def _plain(self, data: bytes, at: int) -> int:
        if self.state is _State.FIELD and data[at] == QUOTE:
            self.state = _State.QUOTED
            return at + 1
        end = data.find(self.eol.to_bytes(), at)
        stop = len(data) if end < 0 else end
        if data.find(b'"', at, stop) < 0:  # no quote can change the meaning of anything up to here
            if end >= 0:
                self.state = _State.DONE
                return end + 1
            last = data[-1] == self.delimiter
            self.state = _State.FIELD if last else _State.UNQUOTED
            return len(data)
        delimiter = data.find(self.delimiter.to_bytes(), at, stop)
        if delimiter >= 0:
            self.state = _State.FIELD
            return delimiter + 1
        self.state = _State.DONE if end >= 0 else _State.UNQUOTED
        return end + 1 if end >= 0 else len(data)

    def _behind_quote(self, byte: int) -> _State:
        if byte == self.eol:
            return _State.DONE
        if byte == CR and self.eol == LF:
            return _State.RETURN
        if self.state is _State.AFTER and byte == QUOTE:
            return _State.QUOTED
        if self.state is _State.AFTER and byte == self.delimiter:
            return _State.FIELD
        return _State.MALFORMED


def extent(file: BinaryIO, start: int, dialect: Dialect) -> Extent:
    """Where the record that begins at offset `start` ends; moves the file's position."""
    walk = _Walk(dialect)
    eol = dialect.eol.to_bytes()
    at, lines, first_line, blank = start, 0, -1, True
    file.seek(start)
    while walk.state not in (_State.DONE, _State.MALFORMED):
        data = file.read(_CHUNK)
        if not data:
            break
        stop = walk.piece(data)
        if first_line < 0 and (found := data.find(eol)) >= 0:
            first_line = at + found + 1
        lines += data.count(eol, 0, stop)
        blank = blank and not data[:stop].strip(b"\r" + eol)
        at += stop
    if walk.state in (_State.MALFORMED, _State.QUOTED):
        end = first_line if first_line >= 0 else _next_line(file, at, eol)
        return Extent(end, end, 1, malformed=True, blank=False)
    return Extent(at, at, lines, malformed=False, blank=blank)


def _next_line(file: BinaryIO, start: int, eol: bytes) -> int:
    at = start
    file.seek(start)
    while data := file.read(_CHUNK):
        found = data.find(eol)
        if found >= 0:
            return at + found + 1
        at += len(data)
    return at
