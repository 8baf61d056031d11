"""Counts the records of a CSV file without the reader: the second half of the balance.

Shares no code with `records`, `scan` and `grammar`, and reads the bytes as delivered: GB18030's
trail bytes are never a quote or a line end, so nothing has to be decoded. Well-formed quoting is
counted by cutting the bytes at the quotes; a file with any broken quoting line by line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

_CHUNK = 256 * 1024  # small enough that its many copies stay in the processor's cache


def count_csv(path: Path, skip_lines: int, delimiter: str, eol: bytes, chunk: int = _CHUNK) -> int:
    """Records of a CSV file below its first `skip_lines` physical lines; blank lines don't count.

    `eol` is the byte that ends a line (LF also for CR LF). Where a quoted field is malformed or
    never closed, its first physical line counts as one record and the next line begins another.
    """
    with path.open("rb") as file:
        start = _behind_lines(file, skip_lines, eol)
        count = _Pieces(delimiter.encode(), eol).count(file, start, chunk)
        return _by_lines(file, start, delimiter.encode(), eol) if count is None else count


def _behind_lines(file: BinaryIO, lines: int, eol: bytes) -> int:
    """Offset behind the first `lines` physical lines."""
    at = 0
    while lines and (data := file.read(_CHUNK)):
        found = -1
        while lines and (found := data.find(eol, found + 1)) >= 0:
            lines -= 1
        at += len(data) if lines else found + 1
    return at


class _Pieces:
    """Counts by cutting the bytes at their quotes; every second piece lies outside of quotes."""

    def __init__(self, delimiter: bytes, eol: bytes) -> None:
        self._delimiter, self._eol = delimiter, eol
        self._inside = False
        self._previous = eol
        self._blank = re.compile(eol + rb"\r*(?=\n)" if eol == b"\n" else rb"\r(?=\r)")
        self._may_precede = {b"", delimiter, eol}
        self._may_follow = {b"", delimiter, eol}
        self._returned = re.compile(rb"\r+\n")

    def count(self, file: BinaryIO, start: int, chunk: int) -> int | None:
        """Records from offset `start` on; None when a quote stands where none may."""
        file.seek(start)
        count, held = 0, b""
        while True:
            data = file.read(chunk)
            text = held + data
            if data:
                behind = max(text.rfind(self._eol), text.rfind(self._delimiter)) + 1
                quote = text.rfind(b'"')
                # What follows a quote decides about it, so the last one waits for more.
                cut = quote if quote >= behind else behind
            else:
                text += b"" if (self._previous + text).endswith(self._eol) else self._eol
                cut = len(text)
            found = self._count(text[:cut])
            if found is None or (not data and self._inside):
                return None
            count += found
            if not data:
                return count
            held = text[cut:] if len(text) - cut < 64 else _shorten(text[cut:])

    def _count(self, text: bytes) -> int | None:
        if not text:
            return 0
        pieces = text.split(b'"')
        outside = pieces[1::2] if self._inside else pieces[0::2]
        led = not self._inside and self._previous != b'"'
        if led:
            outside[0] = self._previous + outside[0]
        ends_outside = self._inside ^ (len(pieces) % 2 == 1)
        if not self._placed(outside, led, ends_outside):
            return None
        joined = b'"'.join(outside)
        lines = joined.count(self._eol)
        if led and self._previous == self._eol:
            lines -= 1
        lines -= len(self._blank.findall(joined))
        self._inside ^= len(pieces) % 2 == 0
        self._previous = text[-1:]
        return lines

    def _placed(self, outside: list[bytes], led: bool, ends_outside: bool) -> bool:
        """Whether what stands before opening and behind closing quotes may stand there."""
        followers = outside[1:] if led else outside
        first = {piece[:1] for piece in followers}
        if b"\r" in first and self._eol == b"\n":
            first.discard(b"\r")
            returned = (p for p in followers if p[:1] == b"\r")
            if not all(map(self._returned.match, returned)):
                return False
        if not first <= self._may_follow:
            return False
        leaders = outside[:-1] if ends_outside else outside
        return {piece[-1:] for piece in leaders} <= self._may_precede


def _shorten(text: bytes) -> bytes:
    """A long stretch without delimiters and line ends, reduced to what can still matter of it."""
    quote = text[:1] if text[:1] == b'"' else b""
    plain = text[len(quote) :]
    first = b"\r" if plain[:1] == b"\r" else b""
    body = b"x" if plain.strip(b"\r") else b""
    last = b"\r" if body and plain[-1:] == b"\r" else b""
    return quote + first + body + last


def _by_lines(file: BinaryIO, start: int, delimiter: bytes, eol: bytes) -> int:
    """The count by physical lines, for files with stray or broken quotes."""
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


def _behind_continuation(file: BinaryIO, eol: bytes, forms: _Forms) -> int | None:
    """Offset behind the record whose quoted field goes on at the position; None if broken."""
    while line := _read_line(file, eol):
        text = line.rstrip(b"\r\n") if eol == b"\n" else line.removesuffix(eol)
        if forms.closes.match(text):
            return file.tell()
        if not forms.stays.match(line):
            return None
    return None


def _read_line(file: BinaryIO, eol: bytes) -> bytes:
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
