"""The city's datasets as deliveries, split among those who deliver them.

Belongs here: which file holds which rows, and writing the files with several processes.
`OUT/<day>/<deliverer>/<dataset>/<file>`: the contents of a day's folder go into landing/ as they
are. `OUT/合成数据-请勿当真.txt` says that nothing in them is real.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl

from catalog.entries import Catalog
from catalog.load import load_catalog
from catalog.models import Dataset
from demo.city.city import City
from demo.city.form import Form, file_slots, form_of
from demo.city.render import Rendering
from demo.city.table import CHUNK, tables
from demo.city.write import Writer, writer

MARKER: Final = "合成数据-请勿当真.txt"
_NOTICE: Final = (
    "本文件夹中的数据全部由程序合成：人员、单位、证件号码、电话、地址和金额都是虚构的，\n"
    "与任何真实的个人或者单位无关，只用于演示和测试。\n"
)
_ALONE: Final = 100_000
"""Residents up to which one process is quicker than starting a second."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its path below the day's folder, and its rows."""

    file: str
    dataset: str
    deliverer: str
    rows: int


@dataclass(frozen=True, slots=True)
class Job:
    """The files of one dataset's slots: one for each deliverer."""

    ref: str
    slots: range
    part: int
    parts: int


def deliver(city: City, out: Path, processes: int = 2) -> list[Written]:
    """Writes every dataset that has rows to make, of the city's day; the files in path order."""
    day = out / city.day.isoformat()
    day.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text(_NOTICE, encoding="utf-8")
    jobs = sorted(jobs_of(city), key=lambda job: -len(job.slots))
    if processes == 1 or city.residents <= _ALONE:
        written = [file for job in jobs for file in write_job(city, job, day)]
    else:
        written = _in_parallel(city, jobs, day, processes)
    return sorted(written, key=lambda file: file.file)


def jobs_of(city: City) -> Iterator[Job]:
    """The work to do, dataset by dataset."""
    for ref, table in tables().items():
        if ref in city.catalog.datasets:
            ranges = file_slots(city.catalog.datasets[ref], table.slots(city))
            for part, slots in enumerate(ranges):
                yield Job(ref, slots, part, len(ranges))


def write_job(city: City, job: Job, day: Path) -> list[Written]:
    """Writes the files of a job: one for each deliverer with rows, the owner's where none has."""
    dataset = city.catalog.datasets[job.ref]
    form = form_of(job.ref, len(job.slots))
    rendering = Rendering(dataset, city.catalog, form)
    name = form.file_name(dataset, city.day, job.part, job.parts)
    with ExitStack() as open_files:
        writers: dict[str, Writer] = {}

        def out(deliverer: str, rows: pl.DataFrame) -> Writer:
            if deliverer not in writers:
                path = day / deliverer / dataset.id / name
                opened = writer(path, headers_of(rows, dataset), form)
                writers[deliverer] = open_files.enter_context(opened)
            return writers[deliverer]

        for frame in pieces(city, job):
            for deliverer, rows in split(frame, dataset, city.catalog):
                out(deliverer, rows).write(rendering.text(rows))
        if not writers:
            out(dataset.agency, frame)
    return [
        _finished(file, deliverer, dataset, form, city, day) for deliverer, file in writers.items()
    ]


def _finished(
    done: Writer, deliverer: str, dataset: Dataset, form: Form, city: City, day: Path
) -> Written:
    if form.manifest:
        done.manifest(city.day.isoformat(), dataset.mode)
    return Written(done.path.relative_to(day).as_posix(), dataset.ref, deliverer, done.rows)


def pieces(city: City, job: Job) -> Iterator[pl.DataFrame]:
    """The rows of a job's slots, in order."""
    rows = tables()[job.ref].rows
    for start in range(job.slots.start, max(job.slots.stop, job.slots.start + 1), CHUNK):
        yield rows(city, start, min(start + CHUNK, job.slots.stop))


def headers_of(frame: pl.DataFrame, dataset: Dataset) -> dict[str, str]:
    """Column id → the catalogue's Chinese name, of the columns that are written."""
    return {name: dataset.column(name).name for name in frame.columns if not name.startswith("_")}


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


_city: City | None = None


def _in_parallel(city: City, jobs: list[Job], day: Path, processes: int) -> list[Written]:
    """Each process makes the city for itself, with one thread: so two use two cores."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    facts = (city.catalog.root, city.residents, city.seed, city.day)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_found_city, initargs=facts
    ) as pool:
        done = [pool.submit(_write_job, job, day) for job in jobs]
        return [file for future in done for file in future.result()]


def _found_city(root: Path, residents: int, seed: int, day: date) -> None:
    global _city  # noqa: PLW0603
    _city = City(load_catalog(root), residents, seed, day)


def _write_job(job: Job, day: Path) -> list[Written]:
    assert _city is not None
    return write_job(_city, job, day)
