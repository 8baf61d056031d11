"""A second process that stages the deliveries to come while this one settles the present one.

Belongs here: who stages what, and how it is handed over. What staging is stands in
`assets.intake.stage`, what becomes of a delivery in `assets.intake.apply`. The other process only
reads the catalogue and the delivered files and writes into folders of work in progress; it ends
with this one. Whatever it could not do is done here, in its turn.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Condition, Thread

import duckdb

from assets.intake.fault import OF_THE_MACHINE, OurFault
from assets.intake.stage import Staged, stage
from assets.lakehouse import Lakehouse
from assets.progress import listening, tell
from catalog.load import Catalog, load_catalog
from quality.expectations import prepare
from warehouse.engine import connect
from warehouse.intake import StillWriting, Unusable
from warehouse.log import Delivery

_AHEAD = 4
"""Deliveries that are staged before their turn at most: so much lies in staging."""
_WORTH_IT = 8 * 2**20
"""Bytes of files from which on a second process pays for its start."""

_PATIENCE = 2.0
"""Seconds that the second process has to end by itself."""

OF_THE_OTHER = ".ahead"
"""Ending of the folders in staging that are the second process's own."""

_Answer = Staged | Unusable | StillWriting | OurFault | None
"""None: it could not be done there."""


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery to stage, the file, the folder to stage it in, which is the other process's own,
    and by which definition."""

    delivery: Delivery
    path: Path
    work: Path
    dataset_version: str


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far the other process is, as `assets.progress` tells it."""

    delivery: Delivery
    stage: str
    done: int


_ahead: list[Ahead] = []


@contextmanager
def staging_ahead(lakehouse: Lakehouse, jobs: Sequence[Job]) -> Iterator[None]:
    """Stages these deliveries in a second process while the block runs, in this order.

    Without effect on a machine of one core, and where the files are too small to be worth it.
    """
    size = sum(job.delivery.size for job in jobs)
    if len(jobs) < 2 or size < _WORTH_IT or _cores() < 2:
        yield
        return
    with Ahead(lakehouse.catalog.root, jobs, lakehouse.workspace("ahead")) as ahead:
        _ahead.append(ahead)
        try:
            yield
        finally:
            _ahead.remove(ahead)


def _cores() -> int:
    """Cores that this process may use; those of the machine where that is not to be known."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def staged_ahead(delivery: Delivery) -> tuple[Staged, Path] | None:
    """What the second process staged and in which folder, waited for where it is at it; None where
    it is not.

    Raises what staging raised there.
    """
    return _ahead[-1].staged(delivery) if _ahead else None


class Ahead:
    """The second process, seen from the first."""

    def __init__(self, catalog: Path, jobs: Sequence[Job], spill: Path) -> None:
        """`catalog` is the catalogue's folder; `spill` is the other process's own."""
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_stage_all, args=(theirs, catalog, spill), daemon=True)
        self._waiting = deque(jobs)
        self._given: deque[Job] = deque()
        self._answers: dict[str, _Answer] = {}
        self._forgotten: set[str] = set()
        self._ended = False
        self._changed = Condition()
        self._process.start()
        theirs.close()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        with self._changed:
            self._give()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the other process; by force where it is still at work that nobody waits for."""
        self._dismiss()
        self._process.join(_PATIENCE)
        self._process.terminate()
        self._process.join()
        self._listener.join()
        self._pipe.close()

    def staged(self, delivery: Delivery) -> tuple[Staged, Path] | None:
        """As `staged_ahead`. Deliveries that stood before this one are not waited for any more."""
        with self._changed:
            job = self._claimed(delivery)
            if job is None:
                return None
            while delivery.delivery not in self._answers and not self._ended:
                self._changed.wait()
            answer = self._answers.pop(delivery.delivery, None)
            self._give()
        if isinstance(answer, Exception):
            raise answer
        return (answer, job.work) if answer is not None and job.delivery == delivery else None

    def _claimed(self, delivery: Delivery) -> Job | None:
        """The delivery's job if it was given away, and forgets those that stood before it."""
        wanted = delivery.delivery
        if not any(job.delivery.delivery == wanted for job in (*self._given, *self._waiting)):
            return None
        while self._given:
            job = self._given.popleft()
            if job.delivery.delivery == wanted:
                return job
            self._forget(job)
        while self._waiting.popleft().delivery.delivery != wanted:
            pass
        self._give()
        return None

    def _forget(self, job: Job) -> None:
        if job.delivery.delivery in self._answers:
            del self._answers[job.delivery.delivery]
            shutil.rmtree(job.work, ignore_errors=True)
        else:
            self._forgotten.add(job.delivery.delivery)

    def _give(self) -> None:
        while self._waiting and len(self._given) < _AHEAD and not self._ended:
            job = self._waiting.popleft()
            try:
                self._pipe.send(job)
            except OSError:
                self._ended = True
            else:
                self._given.append(job)
        if not self._waiting and not self._given:
            self._dismiss()

    def _dismiss(self) -> None:
        """Lets the other process end, once it has done what it was given."""
        with suppress(OSError):
            self._pipe.send(None)

    def _listen(self) -> None:
        try:
            self._hear()
        finally:  # whatever it was, nobody may wait for an answer any more
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _hear(self) -> None:
        while True:
            try:
                told: _Progress | tuple[Job, _Answer] = self._pipe.recv()
            except (EOFError, OSError):
                break
            if isinstance(told, _Progress):
                tell(told.delivery, told.stage, told.done)
                continue
            job, answer = told
            with self._changed:
                self._answers[job.delivery.delivery] = answer
                if job.delivery.delivery in self._forgotten:
                    self._forget(job)
                self._changed.notify_all()


def _stage_all(pipe: Connection, root: Path, spill: Path) -> None:
    """The second process: stages what comes through the pipe, until nothing more does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    Thread(target=_end_with_parent, daemon=True).start()
    prepare()
    catalog = load_catalog(root)
    con = connect(spill)
    with listening(lambda *how_far: pipe.send(_Progress(*how_far))):
        while (job := pipe.recv()) is not None:
            pipe.send((job, _answer(con, catalog, job)))


def _answer(con: duckdb.DuckDBPyConnection, catalog: Catalog, job: Job) -> _Answer:
    if catalog.dataset_version(job.delivery.dataset) != job.dataset_version:
        return None
    try:
        shutil.rmtree(job.work, ignore_errors=True)
        job.work.mkdir(parents=True)
        return stage(con, catalog, job.delivery, job.path, job.work)
    except (Unusable, StillWriting, OurFault) as known:
        return known
    except OF_THE_MACHINE:
        return None


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
