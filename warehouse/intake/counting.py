"""Counts the records of a CSV file without the reader: the second half of the balance.

Shares no code with `records`, `scan` and `grammar`, and reads the bytes as delivered: GB18030's
trail bytes are never a quote or a line end, so nothing has to be decoded. Well-formed quoting is
counted over whole chunks, by the places of quotes and line ends; a file with any broken quoting
line by line.
"""

from __future__ import annotations

import re
from io import BufferedReader
from pathlib import Path

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

_CHUNK = 512 * 1024  # small enough that all passes but the first find it in the processor's cache
_KEPT = 3  # bytes that one chunk hands on to the next: the last one counted, a quote, a return
_QUOTE, _CR, _LF = b'"\r\n'


def count_csv(path: Path, skip_lines: int, delimiter: str, eol: bytes, chunk: int = _CHUNK) -> int:
    """Records of a CSV file below its first `skip_lines` physical lines; blank lines don't count.

    `eol` is the byte that ends a line (LF also for CR LF). Where a quoted field is malformed or
    never closed, its first physical line counts as one record and the next line begins another.
    """
    with path.open("rb") as file:
        start = _behind_lines(file, skip_lines, eol)
        count = WellFormed(delimiter.encode(), eol, chunk).count(file, start)
        return count_by_lines(file, start, delimiter.encode(), eol) if count is None else count


def _behind_lines(file: BufferedReader, lines: int, eol: bytes) -> int:
    """Offset behind the first `lines` physical lines."""
    at = 0
    while lines and (data := file.read(_CHUNK)):
        found = -1
        while lines and (found := data.find(eol, found + 1)) >= 0:
            lines -= 1
        at += len(data) if lines else found + 1
    return at


class WellFormed:
    """Counts the line ends outside of quotes, as long as every quote stands where one may.

    Quotes open and close in turn, those of an escaped pair too, so a place with an even number of
    quotes before it lies outside. Works in one buffer, so that no memory is asked for by the chunk;
    its first byte is the last one already counted.
    """

    def __init__(self, delimiter: bytes, eol: bytes, chunk: int) -> None:
        self._eol = ord(eol)
        self._inside = False
        self._borders = np.zeros(256, dtype=np.bool_)
        self._borders[list(b'"' + delimiter + eol)] = True
        self._buffer = bytearray(_KEPT + chunk)
        self._data = np.frombuffer(self._buffer, dtype=np.uint8)
        self._special, self._quote = np.empty((2, _KEPT + chunk), dtype=np.bool_)
        self._chunk = chunk

    def count(self, file: BufferedReader, start: int) -> int | None:
        """Records from offset `start` on; None when a quote stands where none may."""
        file.seek(start)
        self._buffer[0] = self._eol
        count, filled = 0, 1
        room = memoryview(self._buffer)
        while read := file.readinto(room[filled : filled + self._chunk]):
            filled += read
            end = self._certain(filled)
            found = self._records(end)
            if found is None:
                return None
            count += found
            # Of what waits for more, a quote and a return say as much as all returns behind it.
            kept = self._buffer[end - 1 : min(end - 1 + _KEPT, filled)]
            filled = len(kept)
            room[:filled] = kept
        if self._buffer[filled - 1] != self._eol:
            self._buffer[filled] = self._eol
            filled += 1
        found = self._records(filled)
        return None if found is None or self._inside else count + found

    def _certain(self, end: int) -> int:
        """Where that part of `buffer[:end]` ends which no byte to come gives another meaning."""
        if self._eol == _LF and self._buffer[end - 1] == _CR:
            end = len(self._buffer[:end].rstrip(b"\r"))
        return end - self._buffer.endswith(b'"', 1, end)

    def _records(self, end: int) -> int | None:
        """Records that end in `buffer[1:end]`; None when a quote there is out of place."""
        special, quote = self._special[:end], self._quote[:end]
        np.equal(self._data[:end], self._eol, out=special)
        special[0] = False
        if self._buffer.find(b'"', 1, end) < 0:
            return 0 if self._inside else self._with_text(np.flatnonzero(special))
        np.equal(self._data[:end], _QUOTE, out=quote)
        quote[0] = False
        special |= quote
        places = np.flatnonzero(special)
        quotes = quote[places]
        if not self._well_placed(places[quotes]):
            return None
        inside = (np.cumsum(quotes) + self._inside) % 2 == 1
        self._inside = bool(inside[-1])
        return self._with_text(places[~(quotes | inside)])

    def _well_placed(self, quotes: Places) -> bool:
        """Whether fields begin at the opening quotes and end at the closing ones."""
        opening, closing = quotes[self._inside :: 2], quotes[not self._inside :: 2]
        if not self._borders[self._data[opening - 1]].all():
            return False
        behind = self._data[closing + 1]
        if self._eol == _LF:
            returned = behind == _CR
            behind[returned] = self._past_returns(closing[returned], 1)
            if (behind[returned] != _LF).any():
                return False
        return bool(self._borders[behind].all())

    def _with_text(self, ends: Places) -> int:
        """How many of these line ends have text on their line."""
        before = self._past_returns(ends, -1) if self._eol == _LF else self._data[ends - 1]
        return int(np.count_nonzero(before != self._eol))

    def _past_returns(self, places: Places, step: int) -> Bytes:
        """The nearest bytes before (`step` -1) or behind (1) the places that are no returns."""
        near = self._data[places + step]
        returned = near == _CR
        near[returned] = self._data[places[returned] + 2 * step]
        if (near == _CR).any():
            others = np.flatnonzero(self._data != _CR)
            near = self._data[others[np.searchsorted(others, places) + step]]
        return near


def count_by_lines(file: BufferedReader, start: int, delimiter: bytes, eol: bytes) -> int:
    """Records from offset `start` on, by physical lines: right whatever the quotes, but slow."""
    forms = _Forms(delimiter)
    at, count = start, 0
    file.seek(start)
    while line := _read_line(file, eol):
        at += len(line)
        text = line.rstrip(b"\r\n") if eol == b"\n" else line.removesuffix(eol)
        if not text:
            continue
        count += 1
        if b'"' in text and not forms.whole.match(text) and forms.opened.match(line):
            following = _behind_continuation(file, eol, forms)
            at = at if following is None else following
            file.seek(at)
    return count


class _Forms:
    """How a physical line of a CSV file can look, as regular expressions."""

    def __init__(self, delimiter: bytes) -> None:
        d = re.escape(delimiter)
        inner = rb'(?:[^"]++|"")*+'
        one = rb'(?:"' + inner + rb'"(?=' + d + rb'|\Z)|(?!")[^' + d + rb"]*+)"
        more = rb"(?:" + d + one + rb")*+"
        self.whole = re.compile(one + more + rb"\Z")
        self.opened = re.compile(rb"(?:" + one + d + rb')*+"' + inner + rb"\Z")
        self.closes = re.compile(inner + rb'"(?:' + d + one + rb")*+\Z")
        self.stays = re.compile(
            inner + rb"\Z|" + inner + rb'"' + d + rb"(?:" + one + d + rb')*+"' + inner + rb"\Z"
        )


def _behind_continuation(file: BufferedReader, eol: bytes, forms: _Forms) -> int | None:
    """Offset behind the record whose quoted field goes on at the position; None if broken."""
    while line := _read_line(file, eol):
        text = line.rstrip(b"\r\n") if eol == b"\n" else line.removesuffix(eol)
        if forms.closes.match(text):
            return file.tell()
        if not forms.stays.match(line):
            return None
    return None


def _read_line(file: BufferedReader, eol: bytes) -> bytes:
    """One physical line with its line end; empty at the end of the file."""
    if eol == b"\n":
        return file.readline()
    parts: list[bytes] = []
    while data := file.read(65536):
        found = data.find(eol)
        if found >= 0:
            file.seek(found + 1 - len(data), 1)
            parts.append(data[: found + 1])
            break
        parts.append(data)
    return b"".join(parts)
