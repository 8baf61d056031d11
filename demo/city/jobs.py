"""What there is to deliver, and in how many pieces of work.

Belongs here: jobs, and the order that all of them follow. Doing one stands in `demo.city.desk`,
sharing them among processes in `demo.city.deliver`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from demo.city.city import City
from demo.city.days import Calendar
from demo.city.defects.plan import Plan
from demo.city.form import Form, file_slots, form_of
from demo.city.table import CHUNK, tables


@dataclass(frozen=True, slots=True)
class Job:
    """The files of one dataset's slots in one form: one for each deliverer and day. `part` of
    `parts`, from 0, where a delivery has several files."""

    ref: str
    slots: range
    form: Form
    part: int = 0
    parts: int = 1

    def pieces(self, city: City, size: int) -> Iterator[pl.DataFrame]:
        """The rows of the slots in order, a frame for every `size` slots; one at least."""
        return tables()[self.ref].pieces(city, self.slots, size)

    def label_parts(self, folder: Path) -> tuple[Path, Path]:
        """Where the job leaves its labels and collateral."""
        stem = f"{self.ref.replace('/', '.')}.{self.part:03d}"
        return folder / f"{stem}.labels.parquet", folder / f"{stem}.collateral.parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """What all jobs follow: files go below `out` on the calendar's days, with the plan's defects;
    `labels` is the folder for the jobs' labels, `chunk` the slots made at a time."""

    out: Path
    calendar: Calendar
    plan: Plan
    labels: Path | None = None
    chunk: int = CHUNK


def jobs_of(city: City) -> Iterator[Job]:
    """The work to do, dataset by dataset."""
    for ref, table in tables().items():
        if ref in city.catalog.datasets:
            ranges = file_slots(city.catalog.datasets[ref], table.slots(city))
            for part, slots in enumerate(ranges):
                yield Job(ref, slots, form_of(ref, len(slots)), part, len(ranges))
