"""What was not delivered: datasets that never came, or not within their update cycle.

Belongs here: what the log and the calendar alone tell. A delivery that came, though late, stands in
`quality.deliveries.arrival`; the rate of delivered datasets in `quality.coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from catalog.register import datasets_since
from catalog.words import CYCLES
from quality.deliveries.arrival import ARRIVED
from quality.deliveries.cycles import next_due
from quality.deliveries.model import thresholds
from quality.working_days import Deadline
from warehouse.log import Delivery, State

NEVER = "delivery.never"
OVERDUE = "delivery.overdue"


@dataclass(frozen=True, slots=True)
class Lapse:
    """A dataset that its agency has not delivered, or not in time. One row a dataset, agency."""

    dataset: str
    agency: str
    rule: str
    """NEVER or OVERDUE."""
    message: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """The delivery that ends what a rule says was missing. One row a rule, dataset, agency."""

    rule: str
    """NEVER or OVERDUE."""
    dataset: str
    agency: str
    delivery: str


_CAME = (*ARRIVED, State.RECEIVED)
"""States of a delivery that accuses nobody of silence: one in the queue is ours to take in."""


def arrivals(catalog: Catalog, deliveries: Iterable[Delivery]) -> list[Arrival]:
    """What has come: of anybody the first delivery of a dataset, of each deliverer the last one."""
    return [
        arrival
        for ref, known in _by_dataset(deliveries).items()
        for arrival in _arrivals_of(catalog.datasets[ref], known)
    ]


def _arrivals_of(dataset: Dataset, known: list[Delivery]) -> Iterator[Arrival]:
    if came := [each for each in known if each.state is not State.WITHDRAWN]:
        first = min(came, key=_order)
        yield Arrival(NEVER, dataset.ref, dataset.agency, first.delivery)
    for agency in dataset.deliverers:
        if last := _last(known, agency):
            yield Arrival(OVERDUE, dataset.ref, agency, last.delivery)


def _last(known: list[Delivery], agency: str) -> Delivery | None:
    """The deliverer's last delivery that kept a date, or waits to be taken in."""
    came = [each for each in known if each.agency == agency and each.state in _CAME]
    return max(came, key=_order, default=None)


def _order(delivery: Delivery) -> tuple[datetime, int]:
    return delivery.first_seen, delivery.seq


def _by_dataset(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    grouped: dict[str, list[Delivery]] = {}
    for known in deliveries:
        grouped.setdefault(known.dataset, []).append(known)
    return grouped


def lapses(catalog: Catalog, deliveries: Iterable[Delivery], today: date) -> list[Lapse]:
    """What is missing at the beginning of `today`, in the order of the catalogue.

    Never: the owner of a dataset, of which nobody has delivered anything, from the day after its
    first cycle is over. The cycle begins with the first delivery of any dataset, for before that
    nobody could deliver; of a dataset registered since, with the day on which it was registered.
    Overdue: each deliverer that has delivered, from the day after the one on which its next
    delivery was due; a refused delivery does not count, a held one and one in the queue do. Who
    delivers changes alone may have had none: then several cycles must have passed
    (`quality/deliveries/thresholds.yaml`). Left out: retired datasets, those whose law forbids
    aggregation, those not registered, and days that need holidays not announced yet.
    """
    by_dataset = _by_dataset(deliveries)
    began = min(
        (each.first_seen.date() for of in by_dataset.values() for each in of), default=today
    )
    registered = datasets_since(catalog.root)
    return [
        lapse
        for ref, dataset in catalog.datasets.items()
        if dataset.retired is None and dataset.aggregated
        for lapse in _of_dataset(
            catalog,
            dataset,
            by_dataset.get(ref, []),
            _obliged_since(registered.get(ref), began, today),
            today,
        )
    ]


def _obliged_since(registered: date | None, began: date, today: date) -> date | None:
    """From when on a dataset's first delivery is waited for; None: not registered yet.

    A day later than `today` is none of the days that are replayed: the dataset was there all along.
    """
    if registered is None:
        return None
    return registered if began < registered <= today else began


def _of_dataset(
    catalog: Catalog, dataset: Dataset, known: list[Delivery], since: date | None, today: date
) -> Iterator[Lapse]:
    if all(each.state is State.WITHDRAWN for each in known):
        if since and (lapse := _never(catalog, dataset, known, since, today)):
            yield lapse
        return
    for agency in dataset.deliverers:
        of_agency = [each for each in known if each.agency == agency]
        if lapse := _overdue(catalog, dataset, agency, of_agency, today):
            yield lapse


def _never(
    catalog: Catalog, dataset: Dataset, withdrawn: list[Delivery], since: date, today: date
) -> Lapse | None:
    due_on = _missed(next_due(dataset.update_cycle, since, catalog.limits), today)
    if dataset.update_cycle is None or due_on is None:
        return None
    came = "报送过的批次均已撤回" if withdrawn else "期限内没有收到"
    return Lapse(
        dataset.ref,
        dataset.agency,
        NEVER,
        f"《{dataset.name}》已列入公共数据目录，目录登记{CYCLES[dataset.update_cycle]}更新，"
        f"自 {since} 起应不迟于 {due_on} 首次报送，{came}",
    )


def _overdue(
    catalog: Catalog, dataset: Dataset, agency: str, known: list[Delivery], today: date
) -> Lapse | None:
    last = _last(known, agency)
    if last is None or last.state is State.RECEIVED or dataset.update_cycle is None:
        return None
    due_on = _missed(_due(catalog, dataset, last.first_seen.date()), today)
    if due_on is None:
        return None
    held = f"（批次 {last.delivery}，暂缓入库）" if last.state is State.HELD else ""
    return Lapse(
        dataset.ref,
        agency,
        OVERDUE,
        f"《{dataset.name}》目录登记{CYCLES[dataset.update_cycle]}更新，上次报送为 "
        f"{last.first_seen.date()}{held}，应不迟于 {due_on} 再次报送，"
        f"期限内没有收到可以入库的数据{_refused_since(known, last)}",
    )


def _refused_since(known: list[Delivery], last: Delivery) -> str:
    """What came after the last delivery that kept a date, and was sent back."""
    refused = [
        each for each in known if each.state is State.REFUSED and _order(each) > _order(last)
    ]
    if not refused:
        return ""
    latest = max(refused, key=_order)
    return (
        f"；{latest.first_seen.date()} 报送的 {latest.file}"
        f"（批次 {latest.delivery}）被退回，没有入库"
    )


def _missed(due: Deadline | None, today: date) -> date | None:
    """The day when it has passed; None before, and where it needs holidays not announced yet."""
    return due.due_on if due and not due.provisional and due.due_on < today else None


def cycles_overdue(catalog: Catalog, dataset: Dataset, last: date, today: date) -> int:
    """Update cycles that have passed at the beginning of `today` in which the delivery after the
    one that came on `last` was due; 0 where it is in time, or nobody can say."""
    passed, due = 0, _due(catalog, dataset, last)
    while due is not None and not due.provisional and due.due_on < today:
        passed += 1
        due = next_due(dataset.update_cycle, due.due_on, catalog.limits)
    return passed


def last_arrived(deliveries: Iterable[Delivery]) -> dict[str, date]:
    """Dataset → day on which anybody's last delivery of it that kept a date came."""
    days: dict[str, date] = {}
    for known in deliveries:
        if known.state in ARRIVED:
            day = known.first_seen.date()
            days[known.dataset] = max(day, days.get(known.dataset, day))
    return days


def _due(catalog: Catalog, dataset: Dataset, last: date) -> Deadline | None:
    """The last day on which the deliverer's silence since `last` is right."""
    cycles = thresholds().silence.increment_cycles if dataset.mode == "increment" else 1
    due = next_due(dataset.update_cycle, last, catalog.limits)
    for _ in range(cycles - 1):
        if due is not None:
            due = next_due(dataset.update_cycle, due.due_on, catalog.limits)
    return due
