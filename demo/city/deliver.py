"""The city's datasets as deliveries, day by day, split among those who deliver them.

Belongs here: which file holds which rows, and writing the files with several processes.
`OUT/<day>/<deliverer>/<dataset>/<file>`: the contents of a day's folder go into landing/ as they
are, one day after the other. `OUT/合成数据-请勿当真.txt` says that nothing in them is real.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl

from catalog.entries import Catalog
from catalog.load import load_catalog
from catalog.models.datasets import Dataset
from demo.city.city import City
from demo.city.days import Calendar
from demo.city.defects.files import label_of_silence
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.labels import COLLATERAL, LabelFiles
from demo.city.defects.plan import Plan, plan_of
from demo.city.desk import Desk, Written
from demo.city.form import file_slots, form_of
from demo.city.table import CHUNK, tables

__all__ = ["Delivering", "Written", "deliver"]

MARKER: Final = "合成数据-请勿当真.txt"
_NOTICE: Final = (
    "本文件夹中的数据全部由程序合成：人员、单位、证件号码、电话、地址和金额都是虚构的，\n"
    "与任何真实的个人或者单位无关，只用于演示和测试。\n"
)
_ALONE: Final = 100_000
"""Residents up to which one process is quicker than starting a second."""
_PARTS: Final = ".parts"


@dataclass(frozen=True, slots=True)
class Job:
    """The files of one dataset's slots: one for each deliverer and day."""

    ref: str
    slots: range
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Delivering:
    """What is delivered besides right rows: `days` days, a share `defects` of rows with a defect
    (and, unless it is 0, deliveries that are faulty as a whole), and the labels of both in the
    folder `labels`, which is made."""

    days: int = 1
    defects: float = 0.0
    labels: Path | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """What every job needs to know."""

    out: Path
    calendar: Calendar
    plan: Plan
    parts: Path | None
    chunk: int


def deliver(
    city: City,
    out: Path,
    what: Delivering | None = None,
    processes: int = 2,
    chunk: int = CHUNK,
) -> list[Written]:
    """Writes every dataset that has rows to make; the files in path order."""
    what = what or Delivering()
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text(_NOTICE, encoding="utf-8")
    jobs = sorted(jobs_of(city), key=lambda job: -len(job.slots))
    order = _order(city, out, what, jobs, chunk)
    if processes == 1 or city.residents <= _ALONE:
        know = Knowledge(city)
        written = [file for job in jobs for file in write_job(know, job, order)]
    else:
        written = _in_parallel(city, jobs, order, processes)
    if what.labels is not None:
        _gather(city, jobs, order, what.labels)
    return sorted(written, key=lambda file: (file.day, file.file))


def _order(city: City, out: Path, what: Delivering, jobs: list[Job], chunk: int) -> _Order:
    rows: dict[str, int] = {}
    for job in jobs:
        rows[job.ref] = rows.get(job.ref, 0) + len(job.slots)
    parts = None
    if what.labels is not None:
        parts = what.labels / _PARTS
        parts.mkdir(parents=True, exist_ok=True)
    calendar = Calendar(city.day, what.days, what.defects > 0)
    return _Order(out, calendar, plan_of(city.catalog, rows, what.defects), parts, chunk)


def _gather(city: City, jobs: list[Job], order: _Order, folder: Path) -> None:
    """One file of labels from those of the jobs, dataset by dataset."""
    assert order.parts is not None
    silent = [job.ref for job in jobs if order.calendar.is_silent(job.ref) and job.part == 0]
    files = LabelFiles(folder)
    for job in sorted(jobs, key=lambda job: (job.ref, job.part)):
        files.append([part_paths(order.parts, job)])
        if job.ref in silent and job.part == 0:
            labels, collateral = part_paths(order.parts, job)
            dataset = city.catalog.datasets[job.ref]
            label_of_silence(dataset, order.calendar).write_parquet(labels)
            COLLATERAL.to_frame().write_parquet(collateral)
            files.append([(labels, collateral)])
    order.parts.rmdir()


def part_paths(folder: Path, job: Job) -> tuple[Path, Path]:
    """Where a job leaves its labels and collateral."""
    stem = f"{job.ref.replace('/', '.')}.{job.part:03d}"
    return folder / f"{stem}.labels.parquet", folder / f"{stem}.collateral.parquet"


def jobs_of(city: City) -> Iterator[Job]:
    """The work to do, dataset by dataset."""
    for ref, table in tables().items():
        if ref in city.catalog.datasets:
            ranges = file_slots(city.catalog.datasets[ref], table.slots(city))
            for part, slots in enumerate(ranges):
                yield Job(ref, slots, part, len(ranges))


def write_job(know: Knowledge, job: Job, order: _Order) -> list[Written]:
    """Writes the files of a job: one for each deliverer with rows, the owner's where none has."""
    city = know.city
    dataset = city.catalog.datasets[job.ref]
    form = form_of(job.ref, len(job.slots))
    with Desk(know, dataset, form, order.calendar, order.plan, (job.part, job.parts),
              order.out) as desk:  # fmt: skip
        for frame in pieces(city, job, order.chunk):
            for deliverer, rows in split(frame, dataset, city.catalog):
                desk.take(deliverer, rows)
        if not desk.has_files:
            desk.take(dataset.agency, frame)
    if order.parts is not None:
        desk.write_labels(*part_paths(order.parts, job))
    return desk.finished


def pieces(city: City, job: Job, chunk: int = CHUNK) -> Iterator[pl.DataFrame]:
    """The rows of a job's slots, in order."""
    rows = tables()[job.ref].rows
    for start in range(job.slots.start, max(job.slots.stop, job.slots.start + 1), chunk):
        yield rows(city, start, min(start + chunk, job.slots.stop))


def split(
    frame: pl.DataFrame, dataset: Dataset, catalog: Catalog
) -> Iterable[tuple[str, pl.DataFrame]]:
    """The rows of each deliverer that has some: a district's bureau delivers its division's, the
    owner the rest."""
    places = {
        catalog.agencies[deliverer].division: deliverer
        for deliverer in dataset.deliverers
        if deliverer != dataset.agency
    }
    column = "_division" if "_division" in frame.columns else "division"
    if not places or column not in frame.columns:
        return [(dataset.agency, frame)] if frame.height else []
    known = pl.col(column).is_in(list(places))
    parts = [(dataset.agency, frame.filter(known.fill_null(False).not_()))]
    parts += [
        (deliverer, frame.filter(pl.col(column) == division))
        for division, deliverer in places.items()
    ]
    return [(deliverer, rows) for deliverer, rows in parts if rows.height]


_know: Knowledge | None = None


def _in_parallel(city: City, jobs: list[Job], order: _Order, processes: int) -> list[Written]:
    """Each process makes the city for itself, with one thread: so two use two cores."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    facts = (city.catalog.root, city.residents, city.seed, city.day)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_found_city, initargs=facts
    ) as pool:
        done = [pool.submit(_write_job, job, order) for job in jobs]
        return [file for future in done for file in future.result()]


def _found_city(root: Path, residents: int, seed: int, day: date) -> None:
    global _know  # noqa: PLW0603
    _know = Knowledge(City(load_catalog(root), residents, seed, day))


def _write_job(job: Job, order: _Order) -> list[Written]:
    assert _know is not None
    return write_job(_know, job, order)
