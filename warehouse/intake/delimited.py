"""Reads CSV: finds the delimiter and the header, then turns blocks of records into batches.

Not here: what a record is (`records`, `grammar`), encoding (`encoding`), the count (`counting`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.intake.encoding import Text
from warehouse.intake.grammar import CR, LF, Dialect, Parsed, Trouble, line_end, parse_record
from warehouse.intake.headers import HEADER_SEARCH_ROWS, Names, best_header
from warehouse.intake.model import Batch, Unusable
from warehouse.intake.records import CHUNK, Block, Splitter
from warehouse.intake.rejects import Rejects

DELIMITERS = ",\t;|"
_HEAD_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is laid out: its header, and where the first record below it begins.

    `header_line` is the physical line of the header; `start` and `line` are byte offset (in the
    UTF-8 file) and physical line of what follows it.
    """

    dialect: Dialect
    headers: tuple[str, ...]
    header_line: int
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    line: int
    next: int
    next_line: int


def find_layout(text: Text, names: Names, name: str) -> Layout:
    """Find delimiter and header: those whose header row names most columns of the dataset.

    Raises Unusable: `delivery.empty` when the file holds nothing but blank lines,
    `delivery.wrong_header` when no record ends where a header must have ended.
    """
    with text.utf8.open("rb") as file:
        file.seek(text.start)
        head = file.read(_HEAD_BYTES)
        final = not file.read(1)
    eol = _line_end_of(head)
    best: tuple[tuple[int, int], Layout] | None = None
    for delimiter in DELIMITERS:
        dialect = Dialect(ord(delimiter), eol)
        rows = _first_rows(head, dialect, final)
        index, score = best_header(names, [row.cells for row in rows])
        if index < 0:
            continue
        row = rows[index]
        layout = Layout(dialect, tuple(row.cells), row.line, text.start + row.next, row.next_line)
        if best is None or (score, len(row.cells)) > best[0]:
            best = (score, len(row.cells)), layout
    if best is None and not final:
        raise Unusable(
            "delivery.wrong_header",
            f"文件“{name}”第 1 行：开头 {_HEAD_BYTES:,} 字节内没有一条完整的记录，找不到表头。"
            "请检查表头前后是否缺少换行或引号。",
            f"{name}:1",
        )
    if best is None:
        raise Unusable("delivery.empty", f"文件“{name}”里只有空行，没有任何内容。", name)
    return best[1]


def _line_end_of(head: bytes) -> int:
    """LF, or CR when the first line ends in carriage returns that no line feed follows."""
    first = head.find(b"\r")
    feed = head.find(b"\n")
    if first < 0 or 0 <= feed < first:
        return LF
    behind = len(head[first:]) - len(head[first:].lstrip(b"\r"))
    return LF if head[first + behind : first + behind + 1] == b"\n" else CR


def _first_rows(head: bytes, dialect: Dialect, final: bool) -> list[_Row]:
    """The first rows of a file, titles included; a row with broken quotes is its first line."""
    rows: list[_Row] = []
    at, line = 0, 1
    eol = dialect.eol.to_bytes()
    while at < len(head) and len(rows) < HEADER_SEARCH_ROWS:
        parsed = parse_record(head, at, dialect, final)
        if parsed is Trouble.MALFORMED:
            ended = line_end(head, at, dialect.eol, final)
            if ended is None:
                break
            parsed = Parsed([head[at : ended[0]]], *ended)
        if isinstance(parsed, Trouble):
            break
        next_line = line + head.count(eol, at, parsed.next)
        cells = [cell.decode("utf-8", errors="replace") for cell in parsed.fields]
        rows.append(_Row(cells, line, parsed.next, next_line))
        at, line = parsed.next, next_line
    return rows


def batches(
    text: Text,
    layout: Layout,
    rejects: Rejects,
    progress: Callable[[int], None],
    chunk: int = CHUNK,
) -> Iterator[Batch]:
    """All records of a CSV file; `rejects` gets what is none, `progress` the bytes read."""
    width = len(layout.headers)
    exact_offsets = text.utf8 == text.original
    with text.utf8.open("rb") as file:
        splitter = Splitter(
            file,
            layout.start,
            layout.line,
            width,
            layout.dialect,
            offsets=exact_offsets,
            chunk=chunk,
        )
        for block in splitter.blocks():
            for item in block.rejects:
                rejects.add(item)
            batch = _batch(block, width, layout.dialect, exact_offsets)
            if batch is not None:
                yield batch
            progress(len(block.chunk))


def _batch(block: Block, width: int, dialect: Dialect, exact_offsets: bool) -> Batch | None:
    starts, ends, rows, lines = block.regular()
    parts: list[pl.DataFrame] = []
    if rows.size:
        data = _joined(block, dialect)
        frame = _parse(data, width, dialect, block.quoted)
        if frame.height != rows.size:
            raise AssertionError(f"{rows.size} records were split, {frame.height} parsed")
        parts.append(frame.with_columns(pl.Series("_row", rows), pl.Series("_line", lines)))
    if block.odd:
        parts.append(_odd(block, width))
    if not parts:
        return None
    frame = pl.concat(parts).sort("_row") if len(parts) > 1 else parts[0]

    def text_of(index: int) -> tuple[int | None, bytes]:
        row = frame.item(index, "_row")
        at = int(np.searchsorted(rows, row))
        if at < rows.size and rows[at] == row:
            start, end = int(starts[at]), int(ends[at])
        else:
            found = block.odd[bisect_left(block.odd, row, key=lambda odd: odd.row)]
            start, end = found.start, found.end
        text = block.chunk[start:end].rstrip(b"\r")
        return (block.base + start if exact_offsets else None), text

    return Batch(frame, text_of)


def _joined(block: Block, dialect: Dialect) -> bytes:
    """The chunk's regular records as one run of bytes, each with its line end."""
    starts, ends, _, _ = block.regular()
    gaps = np.flatnonzero(starts[1:] != ends[:-1] + 1)
    first = starts[np.concatenate(([0], gaps + 1))]
    last = ends[np.concatenate((gaps, [ends.size - 1]))]
    runs = [block.chunk[a : b + 1] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    if last[-1] == len(block.chunk):
        runs.append(dialect.eol.to_bytes())
    return b"".join(runs)


def _parse(data: bytes, width: int, dialect: Dialect, quoted: bool) -> pl.DataFrame:
    """Regular records as text columns `0`, `1`, …; an empty cell, quoted or not, is null."""
    frame = pl.read_csv(
        data,
        has_header=False,
        schema={str(i): pl.String for i in range(width)},
        infer_schema=False,
        separator=dialect.delimiter_text,
        quote_char='"' if quoted else None,
        eol_char=chr(dialect.eol),
    )
    if quoted:  # to search for a cell that needs it takes several times as long
        columns = (pl.col(name) for name in frame.columns)
        frame = frame.with_columns(pl.when(c != "").then(c) for c in columns)
    return frame


def _odd(block: Block, width: int) -> pl.DataFrame:
    rows = [
        [*(cell.decode("utf-8") or None for cell in odd.fields), odd.row, odd.line]
        for odd in block.odd
    ]
    schema = {str(i): pl.String for i in range(width)} | {"_row": pl.Int64, "_line": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
