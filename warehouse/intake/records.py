"""Splits a UTF-8 CSV file into records, fast where it is regular and exact where it is not.

`scan` finds the records of a chunk and counts their delimiters; records with the right number go
on as bytes. Everything else is read by the exact `grammar`, record by record. Not here: turning
records into columns (`delimited`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from warehouse.intake.grammar import Dialect, Parsed, Trouble, line_end, parse_record
from warehouse.intake.model import RECORD_LIMIT, TEXT_LIMIT, Reject, reject
from warehouse.intake.oversize import extent
from warehouse.intake.scan import Found, Ints, Scan

CHUNK = 4 * 1024 * 1024
_CAREFUL_WINDOW = 64 * 1024
_LONGEST_BURST = 4096


@dataclass(frozen=True, slots=True)
class Odd:
    """An accepted record that was read by the exact grammar."""

    row: int
    line: int
    start: int
    end: int
    fields: list[bytes]


@dataclass(slots=True)
class Block:
    """The records of one chunk.

    `chunk` begins at offset `base` of the file. Regular records are given by the arrays `starts`,
    `ends` (positions in the chunk, line end excluded), `rows` and `lines`; `odd` and `rejects` are
    the rest. `quoted` says whether the chunk holds any quote.
    """

    base: int
    chunk: bytes
    quoted: bool = False
    parts: list[tuple[Ints, Ints, Ints, Ints]] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def regular(self) -> tuple[Ints, Ints, Ints, Ints]:
        """(starts, ends, rows, lines) of all regular records, in order."""
        if len(self.parts) == 1:
            return self.parts[0]
        if not self.parts:
            none = np.empty(0, dtype=np.int64)
            return none, none, none, none
        columns = zip(*self.parts, strict=True)
        starts, ends, rows, lines = (np.concatenate(column) for column in columns)
        return starts, ends, rows, lines


class Splitter:
    """Walks through a file once, from the first record below the header.

    `width` is the number of fields a record must have; records with more are accepted when all
    surplus fields are empty, as spreadsheets write them. `offsets` says whether byte offsets in
    this file are those of the delivered one. Blank lines are skipped and take no row number.
    """

    def __init__(
        self,
        file: BinaryIO,
        start: int,
        line: int,
        width: int,
        dialect: Dialect,
        *,
        offsets: bool = True,
        chunk: int = CHUNK,
        limit: int = RECORD_LIMIT,
    ) -> None:
        self._file = file
        self._base = start
        self._line = line
        self._row = 1
        self._width = width
        self._dialect = dialect
        self._offsets = offsets
        self._chunk = chunk
        self._limit = limit

    def blocks(self) -> Iterator[Block]:
        """The file's records, chunk by chunk."""
        self._file.seek(self._base)
        rest, want = b"", self._chunk
        while True:
            piece = self._file.read(want)
            final = len(piece) < want
            data = rest + piece
            block = Block(self._base, data)
            used = self._take(block, final)
            if not final and len(data) - used > self._limit:
                self._base += used
                self._oversize(block)
                yield block
                self._file.seek(self._base)
                rest, want = b"", self._chunk
                continue
            yield block
            if final:
                return
            rest = data[used:]
            # A record longer than the chunk: read more at once, or it is tried ever again.
            want = max(self._chunk, len(rest))
            self._base += used

    def _take(self, block: Block, final: bool) -> int:
        """Put the chunk's whole records into the block; returns where the first open one begins."""
        scan = Scan(block.chunk, self._dialect, final)
        block.quoted = scan.quoted
        size = len(block.chunk)
        at, window, burst = 0, size, 1
        while at < size:
            until = min(at + window, size)
            found = scan.records(at, until)
            if found.ends.size:
                self._regular(block, found, scan)
            clean = found.next - at
            at = found.next
            if found.broken:
                burst = min(burst * 2, _LONGEST_BURST) if clean < _CAREFUL_WINDOW else 1
                following = self._exact(block, at, burst, final)
                if following == at:
                    break
                at, window = following, _CAREFUL_WINDOW
            elif until == size:
                break
            else:
                window *= 2
        return at

    def _regular(self, block: Block, found: Found, scan: Scan) -> None:
        starts, ends = found.starts, found.ends
        length = ends - starts
        blank = scan.blank(starts, ends)
        odd = (found.delimiters != self._width - 1) | (length > self._limit)
        odd |= scan.irregular(starts, ends)
        odd &= ~blank
        rows = self._row - 1 + np.cumsum(~blank)
        lines = self._line + found.lines_before
        if not (odd.any() or blank.any()):
            block.parts.append((starts, ends, rows, lines))
        else:
            clean = ~(odd | blank)
            block.parts.append((starts[clean], ends[clean], rows[clean], lines[clean]))
            for i in np.flatnonzero(odd):
                start, end = int(starts[i]), int(ends[i])
                parsed = parse_record(block.chunk[start : end + 1], 0, self._dialect, final=True)
                if isinstance(parsed, Trouble):
                    raise AssertionError("the splitter and the grammar disagree about a record")
                self._settle(
                    block, start, start + parsed.end, parsed.fields, int(rows[i]), int(lines[i])
                )
        self._row = int(rows[-1]) + 1
        self._line += found.lines_taken

    def _exact(self, block: Block, at: int, burst: int, final: bool) -> int:
        """Read up to `burst` records by the grammar; returns where the next one begins."""
        data = block.chunk
        eol = self._dialect.eol.to_bytes()
        for _ in range(burst):
            if at >= len(data):
                break
            outcome = parse_record(data, at, self._dialect, final)
            if outcome is Trouble.MORE:
                break
            if isinstance(outcome, Parsed):
                if outcome.end > at:
                    self._settle(block, at, outcome.end, outcome.fields, self._row, self._line)
                    self._row += 1
                self._line += data.count(eol, at, outcome.next)
                at = outcome.next
                continue
            line = line_end(data, at, self._dialect.eol, final)
            if line is None:
                break
            self._unclosed(block, at, data[at : line[0]], line[0] - at)
            at = line[1]
        return at

    def _settle(
        self, block: Block, start: int, end: int, fields: list[bytes], row: int, line: int
    ) -> None:
        """Accept a record read by the grammar, or reject it."""
        text = block.chunk[start : min(end, start + TEXT_LIMIT)]
        offset = block.base + start if self._offsets else None
        if end - start > self._limit:
            block.rejects.append(self._too_long(row, line, offset, text, end - start))
        elif block.chunk.find(b"\0", start, end) >= 0:
            message = "记录中有空字符（NUL，字节 0x00)，文件可能已损坏"
            block.rejects.append(
                reject(row, line, offset, "record.nul", message, text, end - start)
            )
        elif len(fields) < self._width or any(fields[self._width :]):
            message = f"字段数不符：这条记录有 {len(fields)} 个字段，表头有 {self._width} 个"
            item = reject(row, line, offset, "record.ragged", message, text, end - start)
            block.rejects.append(item)
        else:
            block.odd.append(Odd(row, line, start, end, fields[: self._width]))

    def _unclosed(self, block: Block, start: int, text: bytes, size: int) -> None:
        message = "引号不成对：以引号开头的字段没有正确结束，只退回这一行，其后各行照常读取"
        offset = block.base + start if self._offsets else None
        item = reject(self._row, self._line, offset, "record.unclosed_quote", message, text, size)
        block.rejects.append(item)
        self._row += 1
        self._line += 1

    def _too_long(self, row: int, line: int, offset: int | None, text: bytes, size: int) -> Reject:
        message = f"记录过长：{size} 字节，上限为 {self._limit} 字节"
        return reject(row, line, offset, "record.too_long", message, text, size)

    def _oversize(self, block: Block) -> None:
        """Reject the record at `_base`, which does not fit into memory, and go behind it."""
        found = extent(self._file, self._base, self._dialect)
        if found.blank:
            self._line += found.lines
            self._base = found.next
            return
        self._file.seek(self._base)
        text = self._file.read(TEXT_LIMIT)
        self._file.seek(max(found.end - 2, self._base))
        tail = self._file.read(found.end - self._file.tell())
        size = found.end - self._base - (len(tail) - len(tail.rstrip(b"\r\n")))
        text = text[:size]
        if found.malformed:
            self._unclosed(block, self._base - block.base, text, size)
        else:
            offset = self._base if self._offsets else None
            block.rejects.append(self._too_long(self._row, self._line, offset, text, size))
            self._row += 1
            self._line += found.lines
        self._base = found.next
