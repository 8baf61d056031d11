"""Receipts: what lies in landing is entered in the delivery log, in the order of what it tells of.

Belongs here: which files are new, their receipts and order, moving decided files to the archive.
Does not belong here: deciding a delivery (`assets.intake.queue`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from assets.lakehouse import Lakehouse
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
                archive(lakehouse, before)
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


def archive(lakehouse: Lakehouse, delivery: Delivery) -> None:
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
