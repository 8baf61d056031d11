"""Receives a delivered file: raw rows, rejects, and a count that shares nothing with the reader.

Belongs here: the way through the readers, the same for all formats. Not here: what is done with
the result, where it is stored for good, whether the delivery is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from catalog.models import Dataset
from warehouse.intake.assemble import Assembler, write_raw
from warehouse.intake.counting import count_csv
from warehouse.intake.delimited import Layout, batches, find_layout
from warehouse.intake.detect import Content, detect
from warehouse.intake.encoding import Text, open_text
from warehouse.intake.headers import Names, map_headers
from warehouse.intake.model import Batch, Received, Target, Unusable
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
    report = progress or (lambda _: None)
    rejects = Rejects(target, dataset.ref)
    received = _csv(content, dataset, target, rejects, report)
    if received.accepted + received.rejected == 0:
        target.raw.unlink(missing_ok=True)
        raise no_rows(content.name, received.header_line)
    rejects.write()
    return received


def no_rows(name: str, header_line: int | None) -> Unusable:
    """The refusal of a file that holds a header and nothing below it."""
    place = name if header_line is None else f"{name}:{header_line}"
    below = "" if header_line is None else f"(表头在第 {header_line} 行,其下没有记录)"
    return Unusable("delivery.no_rows", f"文件“{name}”里没有数据{below}。", place)


def _csv(
    content: Content, dataset: Dataset, target: Target, rejects: Rejects, progress: Progress
) -> Received:
    text = open_text(content.path, content.name, target.work)
    names = Names(dataset)
    layout = find_layout(text, names, content.name)
    place = f"{content.name}:{layout.header_line}"
    mapping = map_headers(names, layout.headers, place)
    assembler = Assembler(dataset, mapping, target, rejects)
    with ThreadPoolExecutor(1) as pool:
        counted = pool.submit(_count_csv, text, layout)
        write_raw(
            lambda: map(assembler.rows, batches(text, layout, rejects, progress)), dataset, target
        )
        count = counted.result()
    return Received(
        format="csv",
        encoding=text.encoding,
        delimiter=layout.dialect.delimiter_text,
        sheet=None,
        shape=mapping.shape.id if mapping.shape else None,
        header_line=layout.header_line,
        accepted=assembler.accepted,
        rejected=rejects.count,
        counted=count,
        missing=mapping.missing,
        unmapped=tuple(mapping.extras.values()),
    )


def _count_csv(text: Text, layout: Layout) -> int:
    # `|` is a trail byte of GB18030: there the copy is counted, everywhere else what was delivered.
    ambiguous = text.encoding == "gb18030" and layout.dialect.delimiter_text == "|"
    path = text.utf8 if ambiguous else text.original
    eol = layout.dialect.eol.to_bytes()
    return count_csv(path, layout.line - 1, layout.dialect.delimiter_text, eol)
