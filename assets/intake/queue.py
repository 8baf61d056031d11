"""The queue of deliveries: what lies in landing becomes receipts, and each is decided in order.

Belongs here: receipts, order, duplicates, finishing what a killed run began, moving decided files
to the archive. Does not belong here: applying one (`assets.intake.apply`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from assets.intake.ahead import OF_THE_OTHER, Job
from assets.intake.apply import apply, close
from assets.intake.change import change
from assets.lakehouse import Lakehouse
from warehouse.engine import Engine
from warehouse.home import SHANGHAI
from warehouse.intake import Fingerprint, StillWriting, Unusable, fingerprint, read_manifest
from warehouse.landing import MANIFEST_SUFFIX, Found, Misplaced, date_in_name, look, unreadable
from warehouse.log import Delivery, State
from warehouse.names import named, printable

_ARRIVALS = 24
"""Bits of `seq` that tell arrivals of the same time apart."""


@dataclass(slots=True)
class Taken:
    """What one pass over the landing folder came to."""

    decided: list[Delivery] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Files that were still being written."""
    misplaced: list[Misplaced] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Arrival:
    found: Found
    print: Fingerprint
    as_of: datetime | None
    now: datetime

    @property
    def is_ahead(self) -> bool:
        """Whether the date it states is still to come."""
        return self.as_of is not None and self.as_of.date() > self.now.date()

    @property
    def ordered_at(self) -> datetime:
        return min(self.as_of or self.now, self.now)


def has_work(lakehouse: Lakehouse) -> bool:
    """Whether anything lies in landing that could become a delivery, or is half done."""
    return any(known.state is State.RECEIVED for known in lakehouse.log.deliveries) or any(
        isinstance(seen, Found) for seen in look(lakehouse.home.landing, lakehouse.catalog)
    )


def register(lakehouse: Lakehouse, datasets: Iterable[str] | None = None) -> Taken:
    """Writes a receipt for every complete new file, in order of delivery.

    `datasets` limits it to these (`<agency>/<dataset>`). Files of decided deliveries that a killed
    run left in landing go to the archive first.
    """
    wanted = None if datasets is None else set(datasets)
    taken = Taken()
    arrivals: list[_Arrival] = []
    known = {
        (delivery.source, delivery.mtime_ns, delivery.size): delivery
        for delivery in lakehouse.log.deliveries
        if not (lakehouse.home.archive / delivery.delivery).exists()
    }
    for seen in look(lakehouse.home.landing, lakehouse.catalog):
        if isinstance(seen, Misplaced):
            taken.misplaced.append(seen)
            continue
        if wanted is not None and seen.dataset.ref not in wanted:
            continue
        try:
            status = seen.path.stat()
            before = known.get((seen.source, status.st_mtime_ns, status.st_size))
            if before is None:
                arrivals.append(_arrival(lakehouse, seen))
        except StillWriting:
            taken.waiting.append(printable(seen.path.name))
        except FileNotFoundError:
            continue  # taken away, or renamed, since it was seen
        except OSError as error:
            taken.misplaced.append(unreadable(seen, lakehouse.home.landing, error))
        else:
            if before is not None and before.state is not State.RECEIVED:
                _archive(lakehouse, before)
    lakehouse.log.record_all("received", _receipts(lakehouse, arrivals))
    return taken


def _arrival(lakehouse: Lakehouse, found: Found) -> _Arrival:
    identity = fingerprint(found.path)
    as_of = _manifest_time(found.path) or date_in_name(found.path.name)
    return _Arrival(found, identity, as_of, lakehouse.clock.now())


def _manifest_time(path: Path) -> datetime | None:
    try:
        manifest = read_manifest(path)
    except Unusable:
        return None  # applying it will refuse it and say why
    if manifest is None or manifest.as_of is None:
        return None
    if not isinstance(manifest.as_of, datetime):
        return datetime.combine(manifest.as_of, time())
    if manifest.as_of.tzinfo is not None:
        return manifest.as_of.astimezone(SHANGHAI).replace(tzinfo=None)
    return manifest.as_of


def _receipts(lakehouse: Lakehouse, arrivals: Iterable[_Arrival]) -> list[Delivery]:
    """A receipt for each, in the order of what they tell of.

    A mistyped year must neither stand above all later deliveries nor move "today" ahead: it comes
    just behind what its deliverer had delivered before, so that the file with the right date stands
    above it, and its rows are judged on the day of arrival.
    """
    latest: dict[tuple[str, str], int] = {}
    for known in lakehouse.log.deliveries:
        mine = (known.dataset, known.agency)
        latest[mine] = max(latest.get(mine, 0), known.seq >> _ARRIVALS)
    receipts = []
    ordered = sorted(
        arrivals,
        key=lambda one: (one.is_ahead, one.ordered_at, one.as_of or one.now, one.found.path.name),
    )
    for ordinal, arrival in enumerate(ordered, start=len(lakehouse.log.deliveries) + 1):
        mine = (arrival.found.dataset.ref, arrival.found.agency)
        seconds = int(arrival.ordered_at.replace(tzinfo=UTC).timestamp())
        if arrival.is_ahead:
            seconds = latest.get(mine, 0)
        latest[mine] = max(latest.get(mine, 0), seconds)
        receipts.append(_receipt(lakehouse, arrival, ordinal, seconds))
    return receipts


def _receipt(lakehouse: Lakehouse, arrival: _Arrival, ordinal: int, seconds: int) -> Delivery:
    return Delivery(
        delivery=lakehouse.log.id_of(ordinal),
        state=State.RECEIVED,
        dataset=arrival.found.dataset.ref,
        agency=arrival.found.agency,
        file=printable(arrival.found.path.name),
        source=arrival.found.source,
        mtime_ns=arrival.print.mtime_ns,
        size=arrival.print.size,
        sha256=arrival.print.sha256,
        seq=(seconds << _ARRIVALS) | ordinal,
        ordered_at=arrival.ordered_at,
        first_seen=arrival.now,
        as_of=arrival.as_of,
    )


def undecided(lakehouse: Lakehouse, datasets: Iterable[str] | None = None) -> list[Delivery]:
    """Deliveries with a receipt and no decision, in order of delivery."""
    wanted = None if datasets is None else set(datasets)
    return sorted(
        (
            known
            for known in lakehouse.log.deliveries
            if known.state is State.RECEIVED and (wanted is None or known.dataset in wanted)
        ),
        key=lambda known: known.seq,
    )


def decide(lakehouse: Lakehouse, engine: Engine, delivery: Delivery) -> Delivery | None:
    """Applies one delivery, or finds it a duplicate; None when its file is still being written."""
    path = place(lakehouse, delivery)
    if path is None or not _as_received(path, delivery):
        if _came_again(lakehouse, delivery):
            return change(
                lakehouse, engine, delivery, State.WITHDRAWN, "lakehouse",
                "登记后、接收前文件又有变化，以之后登记的为准",
            )  # fmt: skip
        if path is not None:
            return None
        return close(
            lakehouse, engine, delivery, State.REFUSED, "delivery.file_gone",
            f"{delivery.file}：登记后文件已被移走，未能接收，请重新交付",
        )  # fmt: skip
    twin = _twin(lakehouse, delivery)
    if twin is not None and not delivery.limit_released:
        decided = close(
            lakehouse, engine, delivery, State.DUPLICATE, None,
            f"{delivery.file}：与批次 {twin.delivery} 内容相同，仅登记回执",
        )  # fmt: skip
    else:
        try:
            decided = apply(lakehouse, engine, delivery, path)
        except StillWriting:
            return None
        finally:
            for work in (delivery.delivery, f"{delivery.delivery}{OF_THE_OTHER}"):
                shutil.rmtree(lakehouse.home.staging / work, ignore_errors=True)
    _archive(lakehouse, decided)
    return decided


def to_stage(lakehouse: Lakehouse, datasets: Iterable[str]) -> list[Job]:
    """What taking in these datasets, in this order, will have to stage."""
    jobs = []
    for ref in datasets:
        for delivery in undecided(lakehouse, [ref]):
            path = place(lakehouse, delivery)
            if path is not None and (delivery.limit_released or not _twin(lakehouse, delivery)):
                work = lakehouse.home.staging / f"{delivery.delivery}{OF_THE_OTHER}"
                jobs.append(Job(delivery, path, work, lakehouse.catalog.dataset_version(ref)))
    return jobs


def take_in(
    lakehouse: Lakehouse,
    engine: Engine,
    datasets: Iterable[str] | None = None,
) -> Taken:
    """Registers and decides everything in landing, or in these datasets' folders."""
    taken = register(lakehouse, datasets)
    for delivery in undecided(lakehouse, datasets):
        decided = decide(lakehouse, engine, delivery)
        if decided is None:
            taken.waiting.append(delivery.file)
            continue
        taken.decided.append(decided)
    return taken


def place(lakehouse: Lakehouse, delivery: Delivery) -> Path | None:
    """Where the delivery's file lies: in the archive once decided, else in landing."""
    for path in (
        lakehouse.home.archive / delivery.delivery / Path(named(delivery.source)).name,
        lakehouse.home.landing / named(delivery.source),
    ):
        if path.is_file() and not path.is_symlink():
            return path
    return None


def _as_received(path: Path, delivery: Delivery) -> bool:
    """Whether size and time of the file are still those of the receipt."""
    status = path.stat()
    return (status.st_size, status.st_mtime_ns) == (delivery.size, delivery.mtime_ns)


def _came_again(lakehouse: Lakehouse, delivery: Delivery) -> bool:
    """Whether the same file has a later receipt, for what it holds now."""
    return any(
        known.source == delivery.source and known.delivery > delivery.delivery
        for known in lakehouse.log.deliveries
    )


def _twin(lakehouse: Lakehouse, delivery: Delivery) -> Delivery | None:
    """The applied delivery of the same content and time, if nothing since concerned its rows.

    A delivery of another list since then (`snapshot_scope`) leaves the twin's rows as they were.
    """
    applied = lakehouse.log.of(delivery.dataset, delivery.agency, State.APPLIED)
    twin = max(
        (known for known in applied if _same(known, delivery)),
        key=lambda known: known.delivery,
        default=None,
    )
    if twin is None:
        return None
    since = (known for known in applied if known.delivery > twin.delivery)
    scope = _scope(lakehouse, twin)
    apart = all(scope and _scope(lakehouse, known) not in ((), scope) for known in since)
    return twin if apart else None


def _scope(lakehouse: Lakehouse, delivery: Delivery) -> tuple[str, ...]:
    """The part of the dataset that the delivery's shape confines it to; empty where it does not."""
    dataset = lakehouse.catalog.datasets[delivery.dataset]
    shape = next((shape for shape in dataset.shapes if shape.id == delivery.shape), None)
    if shape is None or not set(dataset.snapshot_scope) <= set(dataset.key) & set(shape.constants):
        return ()
    return tuple(shape.constants[column] for column in dataset.snapshot_scope)


def _same(one: Delivery, other: Delivery) -> bool:
    return (one.sha256, one.as_of) == (other.sha256, other.as_of)


def _archive(lakehouse: Lakehouse, delivery: Delivery) -> None:
    """Moves the file and its manifest out of landing; nothing is ever overwritten."""
    source = lakehouse.home.landing / named(delivery.source)
    if not source.exists():
        return
    folder = lakehouse.home.archive / delivery.delivery
    folder.mkdir(parents=True, exist_ok=True)
    manifest = source.with_name(source.name + MANIFEST_SUFFIX)
    with suppress(OSError):  # none there, or the name leaves no room for one
        manifest.replace(folder / manifest.name)
    source.replace(folder / source.name)
