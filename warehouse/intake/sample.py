"""Reads a file of no declared dataset: its headers, and its records under them.

Belongs here: reading a sample so that a dataset can be drafted from it. The readers are those of a
delivery; what the headers mean is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from catalog.models.datasets import Column, Dataset, Publication
from warehouse.intake import columnar, delimited, workbook
from warehouse.intake.detect import Content, detect
from warehouse.intake.documents import HEADER_RECORDS, line_items, list_items
from warehouse.intake.encoding import open_text
from warehouse.intake.headers import Names, normalise
from warehouse.intake.json_text import is_lines
from warehouse.intake.model import Received, Target
from warehouse.intake.receive import receive
from warehouse.intake.rejects import Rejects


@dataclass(frozen=True, slots=True)
class Sample:
    """A file's headers and records.

    `headers`: in the file's order, those that repeat once. `records`: String columns `c0`, `c1`, …
    by position in `headers`, one row a record that could be read.
    """

    received: Received
    headers: tuple[str, ...]
    records: pl.DataFrame


def read_sample(source: Path, work: Path, known_headers: Iterable[str]) -> Sample:
    """Reads the file; `work` is an empty folder for what is written meanwhile.

    `known_headers` help to find the header row below titles: the row that names most of them.
    Raises Unusable as a delivery of the file would.
    """
    target = Target(
        work / "raw.parquet", work / "rejects.parquet", work / "scratch", "sample", 0, "sample"
    )
    target.work.mkdir(parents=True)
    content = detect(source, target.work)
    guide = _dataset(dict.fromkeys(known_headers))
    found = _headers(content, Names(guide), Rejects(target, guide.ref), target.work)
    headers = {normalise(header): header.strip() for header in reversed(found) if header.strip()}
    distinct = tuple(reversed(headers.values()))
    received = receive(source, _dataset(distinct), target)
    names = [f"c{place}" for place in range(len(distinct))]
    return Sample(received, distinct, pl.read_parquet(target.raw, columns=names))


def _headers(content: Content, names: Names, rejects: Rejects, work: Path) -> list[str]:
    if content.format in ("xlsx", "xls"):
        return list(workbook.open_table(content, names).headers)
    if content.format == "parquet":
        return list(columnar.column_names(content))
    text = open_text(content.path, content.name, work)
    if content.format == "csv":
        return list(delimited.find_layout(text, names, content.name).headers)
    items = (
        line_items(text, rejects, lambda _: None)
        if content.format == "ndjson" or is_lines(text.utf8, text.start)
        else list_items(text, content.name, rejects)
    )
    return list(
        dict.fromkeys(name for item in islice(items, HEADER_RECORDS) for name in item.values)
    )


def _dataset(headers: Iterable[str]) -> Dataset:
    """A dataset that takes each of these headers, and may lack any."""
    columns: dict[str, Column] = {}
    for header in headers:
        columns.setdefault(
            normalise(header),
            Column(id=f"c{len(columns)}", name=header, element="text", optional=True),
        )
    return Dataset(
        agency="sample",
        id="sample",
        name="样本",
        description="样本",
        subject="none",
        key=("c0",),
        deliverers=("sample",),
        mode="snapshot",
        publication=Publication(database="sample", table="sample"),
        operation_column=None,
        columns=tuple(columns.values()),
    )
