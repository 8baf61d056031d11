"""The form in which a dataset's files are written, from `formats.yaml`.

Belongs here: reading the declaration, and what a form asks of names and sizes. Writing stands in
`demo.city.write`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from catalog.models.datasets import Dataset
from demo.city.declared import declaration


@dataclass(frozen=True, slots=True)
class Form:
    """`format` is csv, xlsx, xls, json, ndjson, geojson or parquet; `encoding` a Python codec for
    csv; `dates` a strftime pattern; `file` a pattern over `dataset` (its id) and `date`."""

    format: str
    encoding: str
    file: str
    separator: str = ","
    compressed: bool = False
    manifest: bool = False
    dates: str = "%Y-%m-%d"
    codes: bool = False
    titles: tuple[str, ...] = ()
    """Rows above the header of a workbook, each in one cell as wide as the table."""

    @property
    def ending(self) -> str:
        """The file's suffix."""
        text = "txt" if self.format == "csv" and self.separator in ("\t", "|") else self.format
        return f".{text}.gz" if self.compressed else f".{text}"

    def file_name(self, dataset: Dataset, day: datetime.date, part: int, parts: int) -> str:
        """The name of a file; numbered from 1 where the delivery has several."""
        stem = self.file.format(dataset=dataset.id, date=day)
        return f"{stem}_{part + 1:03d}{self.ending}" if parts > 1 else f"{stem}{self.ending}"


def form_of(ref: str, rows: int) -> Form:
    """The form of a dataset's file of about so many rows: CSV where its own can't hold them."""
    declared: dict[str, Any] = declaration("formats")
    fields = {**declared["default"], **declared["datasets"].get(ref, {})}
    if rows > declared["most_rows"].get(fields["format"], rows):
        fields["format"] = "csv"
    return Form(**fields)


def file_slots(dataset: Dataset, slots: int) -> list[range]:
    """How the slots of a dataset are divided into files: one, or several of events."""
    most = int(declaration("formats")["event_rows"])
    if dataset.mode == "snapshot" or slots <= most:
        return [range(slots)]
    parts = -(-slots // most)
    return [range(slots * part // parts, slots * (part + 1) // parts) for part in range(parts)]
