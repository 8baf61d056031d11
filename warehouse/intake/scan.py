"""Finds the records of a chunk with numpy, as far as every quote stands where it should.

Where quotes stand as RFC 4180 wants them, a line end with an even number of quotes before it ends
a record. Not here: what is done with the records, and the chunk's first quote out of place
(`records`, `grammar`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from warehouse.intake.grammar import CR, LF, QUOTE, Dialect

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WINDOW = 256 * 1024  # bytes looked through at once: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Found:
    """Whole records of a window: where each lies, its delimiters, the physical lines before it."""

    starts: Ints
    ends: Ints
    delimiters: Ints
    lines_before: Ints
    lines_taken: int
    next: int
    broken: bool


class Scan:
    """The places of a chunk's delimiters, line ends and quotes."""

    def __init__(self, data: bytes, dialect: Dialect, final: bool) -> None:
        self._bytes = np.frombuffer(data, dtype=np.uint8)
        self._delimiter, self._eol = dialect.delimiter, dialect.eol
        self._final = final
        self.quoted = b'"' in data
        self._places: Ints = np.concatenate(
            [self._special(at, at + _WINDOW) for at in range(0, len(data) or 1, _WINDOW)]
        )
        self._kinds = self._bytes[self._places]
        self._strange = self._strange_bytes(data)

    def _special(self, start: int, end: int) -> Ints:
        """Places of the delimiters, line ends and quotes of a window."""
        window = self._bytes[start:end]
        special = window == self._delimiter
        special |= window == self._eol
        if self.quoted:
            special |= window == QUOTE
        return np.flatnonzero(special) + start

    def records(self, start: int, until: int) -> Found:
        """The whole records between `start`, where one begins, and `until`.

        Stops before the first record with a quote out of place and says so (`broken`).
        """
        low, high = np.searchsorted(self._places, (start, until))
        places, kinds = self._places[low:high], self._kinds[low:high]
        quotes = kinds == QUOTE if self.quoted else np.zeros(0, dtype=np.bool_)
        ends_file = self._final and until == len(self._bytes)
        line_ends, delimiters = kinds == self._eol, kinds == self._delimiter
        bad, open_tail = len(self._bytes) + 1, False
        separators, counted = line_ends, delimiters
        if quotes.any():
            bad = self._first_out_of_place(places[quotes], start)
            outside = (np.cumsum(quotes) & 1) == 0
            separators, counted = line_ends & outside & (places < bad), delimiters & outside
            open_tail = not outside[-1]
        at = np.flatnonzero(separators)
        ends = places[at]
        delimiters_to = np.cumsum(counted)[at]
        lines_to = np.cumsum(line_ends)[at]
        following = int(ends[-1]) + 1 if ends.size else start
        broken = bad <= len(self._bytes)
        if ends_file and not broken and following < until:
            if open_tail:
                broken = True
            else:  # the last record, without a line end
                ends = np.append(ends, until)
                delimiters_to = np.append(delimiters_to, counted.sum())
                lines_to = np.append(lines_to, line_ends.sum())
                following = until
        return Found(
            starts=np.concatenate(([start], ends[:-1] + 1))[: ends.size],
            ends=ends,
            delimiters=np.diff(delimiters_to, prepend=0),
            lines_before=np.concatenate(([0], lines_to[:-1]))[: ends.size],
            lines_taken=int(lines_to[-1]) if ends.size else 0,
            next=following,
            broken=broken,
        )

    def _first_out_of_place(self, quotes: Ints, start: int) -> int:
        """Place of the first quote that neither opens, closes nor escapes; beyond the chunk: none.

        Of quotes numbered from a record's begin, the even ones open a field (or are the second of
        an escaped pair), the odd ones close it (or are the first of a pair).
        """
        data, size = self._bytes, len(self._bytes)
        before = data[quotes - 1]
        opens = (quotes == start) | (before == self._delimiter) | (before == self._eol)
        opens |= before == QUOTE
        after_at = quotes + 1
        after = data[np.minimum(after_at, size - 1)]
        closes = (after == self._delimiter) | (after == self._eol) | (after == QUOTE)
        closes |= after_at >= size
        if self._eol == LF:
            second = data[np.minimum(after_at + 1, size - 1)]
            closes |= (after == CR) & ((second == LF) | (after_at + 1 >= size))
        right = opens
        right[1::2] = closes[1::2]
        if right.all():
            return size + 1
        return int(quotes[int(np.argmin(right))])

    def blank(self, starts: Ints, ends: Ints) -> Mask:
        """The lines without any text."""
        length = ends - starts
        blank = length == 0
        if self._eol == LF:
            returned = (length > 0) & (self._bytes[ends - 1] == CR)
            blank |= returned & (length == 1)
            several = returned & (length > 1) & self.irregular(starts, ends)
            for i in np.flatnonzero(several):
                blank[i] = bool((self._bytes[starts[i] : ends[i]] == CR).all())
        return cast(Mask, blank)

    def irregular(self, starts: Ints, ends: Ints) -> Mask:
        """The records with a byte that fast parsers treat each in its own way."""
        if self._strange is None:
            return np.zeros(len(starts), dtype=np.bool_)
        first = np.searchsorted(self._strange, starts)
        return np.searchsorted(self._strange, ends) > first

    def _strange_bytes(self, data: bytes) -> Ints | None:
        """Places of NUL bytes and of line end characters that are text; None if there are none."""
        found = np.flatnonzero(self._bytes == 0) if b"\0" in data else np.empty(0, dtype=np.int64)
        if self._eol == CR and b"\n" in data:
            found = np.concatenate((found, np.flatnonzero(self._bytes == LF)))
        if self._eol == LF and b"\r" in data and not self._returns_end_lines():
            returns = np.flatnonzero(self._bytes == CR)
            after = self._bytes[np.minimum(returns + 1, len(data) - 1)]
            found = np.concatenate((found, returns[after != LF]))
        return np.sort(found) if found.size else None

    def _returns_end_lines(self) -> bool:
        """Whether each carriage return stands right before a line feed."""
        feeds = self._places[self._kinds == LF]
        ending = np.count_nonzero(self._bytes[feeds[feeds > 0] - 1] == CR)
        return bool(ending == np.count_nonzero(self._bytes == CR))
