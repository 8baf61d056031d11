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
    at: datetime


def arrivals(catalog: Catalog, deliveries: Iterable[Delivery]) -> list[Arrival]:
    """What has come: of anybody the first delivery of a dataset, of each deliverer the last one."""
    return [
        arrival
        for ref, known in _by_dataset(deliveries).items()
        for arrival in _arrivals_of(catalog.datasets[ref], known)
    ]


def _arrivals_of(dataset: Dataset, known: list[Delivery]) -> Iterator[Arrival]:
    if came := [each for each in known if each.state is not State.WITHDRAWN]:
        first = min(came, key=lambda each: (each.first_seen, each.seq))
        yield Arrival(NEVER, dataset.ref, dataset.agency, first.delivery, first.first_seen)
    for agency in dataset.deliverers:
        if last := _last(known, agency):
            yield Arrival(OVERDUE, dataset.ref, agency, last.delivery, last.first_seen)


def _last(known: list[Delivery], agency: str) -> Delivery | None:
    """The deliverer's last delivery that kept a date."""
    came = [each for each in known if each.agency == agency and each.state in ARRIVED]
    return max(came, key=lambda each: (each.first_seen, each.seq), default=None)


def _by_dataset(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    grouped: dict[str, list[Delivery]] = {}
    for known in deliveries:
        grouped.setdefault(known.dataset, []).append(known)
    return grouped


def lapses(catalog: Catalog, deliveries: Iterable[Delivery], today: date) -> list[Lapse]:
    """What is missing at the beginning of `today`, in the order of the catalogue.

    Never: the owner of a dataset, of which nobody has delivered anything, from the day after the
    first delivery of any dataset. Overdue: each deliverer that has delivered, from the day after
    the one on which its next delivery was due; a refused delivery does not count, a held one does.
    Who delivers changes alone may have had none: then several cycles must have passed
    (`quality/deliveries/thresholds.yaml`). Left out: retired datasets, those whose law forbids
    aggregation, and days that need holidays not announced yet.
    """
    by_dataset = _by_dataset(deliveries)
    began = min(
        (each.first_seen.date() for of in by_dataset.values() for each in of), default=today
    )
    return [
        lapse
        for ref, dataset in catalog.datasets.items()
        if dataset.retired is None and dataset.aggregated
        for lapse in _of_dataset(catalog, dataset, by_dataset.get(ref, []), today)
        if lapse.rule != NEVER or began < today
    ]


def _of_dataset(
    catalog: Catalog, dataset: Dataset, known: list[Delivery], today: date
) -> Iterator[Lapse]:
    if all(each.state is State.WITHDRAWN for each in known):
        yield Lapse(
            dataset.ref,
            dataset.agency,
            NEVER,
            f"《{dataset.name}》已列入公共数据目录，至今没有报送过",
        )
        return
    for agency in dataset.deliverers:
        last = _last(known, agency)
        if last is None or dataset.update_cycle is None:
            continue
        due = _due(catalog, dataset, last.first_seen.date())
        if due is not None and not due.provisional and due.due_on < today:
            yield Lapse(
                dataset.ref,
                agency,
                OVERDUE,
                f"《{dataset.name}》目录登记{CYCLES[dataset.update_cycle]}更新，上次报送为 "
                f"{last.first_seen.date()}，应不迟于 {due.due_on} 再次报送，至今没有收到",
            )


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
