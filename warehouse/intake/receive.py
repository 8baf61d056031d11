"""Receives a delivered file: raw rows, rejects, and a count that shares nothing with the reader.

Belongs here: the way through the readers, the same for all formats. Not here: what is done with
the result, where it is stored for good, whether the delivery is applied.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from catalog.models.datasets import Dataset
from warehouse.intake import columnar, delimited, json_count, workbook
from warehouse.intake.assemble import Assembler, write_raw
from warehouse.intake.counting import count_csv
from warehouse.intake.detect import Content, detect
from warehouse.intake.documents import Documents, line_items, list_items
from warehouse.intake.encoding import Text, open_text
from warehouse.intake.headers import Mapping, Names, map_headers
from warehouse.intake.json_text import is_lines
from warehouse.intake.model import Received, Target, Unusable
from warehouse.intake.rejects import Rejects

Progress = Callable[[int], None]


def receive(
    source: Path, dataset: Dataset, target: Target, progress: Progress | None = None
) -> Received:
    """Read a file into `target.raw` and `target.rejects`.

    Raw: one row an accepted record, columns as `assemble.raw_schema`. `progress` gets the number of
    bytes read since its last call. Raises Unusable when the file as a whole cannot be used; then
    neither file is left.
    """
    content = detect(source, target.work)
    reading = _Reading(
        content, dataset, target, Rejects(target, dataset.ref), _Progressed(progress)
    )
    received = _READERS[content.format](reading)
    if received.counted + received.accepted + received.rejected == 0:
        target.raw.unlink(missing_ok=True)
        raise _no_rows(content.name, received.header_line)
    reading.rejects.write()
    reading.progress.finish(source.stat().st_size)
    return received


class _Progressed:
    """Passes on bytes read; the rest at the end, where a format does not tell."""

    def __init__(self, report: Progress | None) -> None:
        self._report = report
        self._done = 0

    def __call__(self, size: int) -> None:
        self._done += size
        if self._report is not None:
            self._report(size)

    def finish(self, size: int) -> None:
        """Report what is missing of the file's size."""
        if self._report is not None and size > self._done:
            self._report(size - self._done)


@dataclass(frozen=True, slots=True)
class _Reading:
    content: Content
    dataset: Dataset
    target: Target
    rejects: Rejects
    progress: _Progressed

    def assembler(self, mapping: Mapping) -> Assembler:
        return Assembler(self.dataset, mapping, self.target, self.rejects)


def _no_rows(name: str, header_line: int | None) -> Unusable:
    place = name if header_line is None else f"{name}:{header_line}"
    below = "" if header_line is None else f"（表头在第 {header_line} 行，其下没有记录）"
    return Unusable("delivery.no_rows", f"文件“{name}”里没有数据{below}。", place)


def _csv(reading: _Reading) -> Received:
    content, names = reading.content, Names(reading.dataset)
    text = open_text(content.path, content.name, reading.target.work)
    layout = delimited.find_layout(text, names, content.name)
    place = f"文件“{content.name}”第 {layout.header_line} 行"
    mapping = map_headers(names, layout.headers, place)
    assembler = reading.assembler(mapping)
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(_count_csv, text, layout)
        batches = delimited.batches(text, layout, reading.rejects, reading.progress)
        write_raw(lambda: map(assembler.rows, batches), reading.dataset, reading.target)
        counted = counting.result()
    return Received(
        format="csv",
        encoding=text.encoding,
        delimiter=layout.dialect.delimiter_text,
        sheet=None,
        shape=mapping.shape.id if mapping.shape else None,
        header_line=layout.header_line,
        accepted=assembler.accepted,
        rejected=reading.rejects.count,
        counted=counted,
        missing=mapping.missing,
        unmapped=tuple(mapping.extras.values()),
    )


def _count_csv(text: Text, layout: delimited.Layout) -> int:
    # `|` is a trail byte of GB18030: there the copy is counted, everywhere else what was delivered.
    ambiguous = text.encoding == "gb18030" and layout.dialect.delimiter_text == "|"
    path = text.utf8 if ambiguous else text.original
    eol = layout.dialect.eol.to_bytes()
    return count_csv(path, layout.line - 1, layout.dialect.delimiter_text, eol)


def _workbook(reading: _Reading) -> Received:
    content, names = reading.content, Names(reading.dataset)
    table = workbook.open_table(content, names)
    place = f"文件“{content.name}”工作表“{table.sheet}”第 {table.header_row} 行"
    mapping = map_headers(names, table.headers, place)
    assembler = reading.assembler(mapping)
    batches = workbook.batches(table, mapping, content.name, reading.progress)
    write_raw(lambda: map(assembler.rows, batches), reading.dataset, reading.target)
    return Received(
        format=content.format,
        encoding=None,
        delimiter=None,
        sheet=table.sheet,
        shape=mapping.shape.id if mapping.shape else None,
        header_line=table.header_row,
        accepted=assembler.accepted,
        rejected=reading.rejects.count,
        counted=workbook.count_rows(content, table),
        missing=mapping.missing,
        unmapped=tuple(mapping.extras.values()),
    )


def _json(reading: _Reading) -> Received:
    content = reading.content
    text = open_text(content.path, content.name, reading.target.work)
    by_line = content.format == "ndjson" or is_lines(text.utf8, text.start)
    if by_line:
        items = line_items(text, reading.rejects, reading.progress)
    else:
        items = list_items(text, content.name, reading.rejects)
    documents = Documents(items, reading.dataset, f"文件“{content.name}”")
    assembler = reading.assembler(documents.mapping)
    batches = documents.batches(reading.rejects)
    write_raw(lambda: map(assembler.rows, batches), reading.dataset, reading.target)
    if by_line:
        counted = json_count.count_lines(text.original, text.start)
    else:
        counted = json_count.count_list(text.utf8)
    shape = documents.mapping.shape
    return Received(
        format="ndjson" if by_line else "json",
        encoding=text.encoding,
        delimiter=None,
        sheet=None,
        shape=shape.id if shape else None,
        header_line=None,
        accepted=assembler.accepted,
        rejected=reading.rejects.count,
        counted=counted,
        missing=documents.missing,
        unmapped=tuple(documents.seen.extras),
    )


def _parquet(reading: _Reading) -> Received:
    content, names = reading.content, Names(reading.dataset)
    mapping = map_headers(names, columnar.column_names(content), f"文件“{content.name}”")
    assembler = reading.assembler(mapping)
    batches = columnar.batches(content, reading.progress)
    write_raw(lambda: map(assembler.rows, batches), reading.dataset, reading.target)
    return Received(
        format="parquet",
        encoding=None,
        delimiter=None,
        sheet=None,
        shape=mapping.shape.id if mapping.shape else None,
        header_line=None,
        accepted=assembler.accepted,
        rejected=reading.rejects.count,
        counted=columnar.count_rows(content),
        missing=mapping.missing,
        unmapped=tuple(mapping.extras.values()),
    )


_READERS: dict[str, Callable[[_Reading], Received]] = {
    "csv": _csv,
    "xlsx": _workbook,
    "xls": _workbook,
    "json": _json,
    "ndjson": _json,
    "parquet": _parquet,
}
