"""What a delivery's arrival tells: that it came late, from the future, or repeats an earlier one.

Belongs here: judging one delivery by the log of its deliverer's deliveries of the dataset, once, on
arrival. A delivery that never came stands in `quality.punctuality`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from catalog.entries import Catalog
from catalog.words import CYCLES
from quality.deliveries.cycles import next_due
from quality.deliveries.model import Found, thresholds
from warehouse.log import Delivery, State

ARRIVED = (State.APPLIED, State.HELD, State.DUPLICATE)
"""States of a delivery that kept the date: a refused or withdrawn one brought nothing."""


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Until when a delivery was in time, that day included, and whether it came later."""

    due_on: date
    late: bool


def punctuality(catalog: Catalog, delivery: Delivery, last: date) -> Punctuality | None:
    """Of a delivery whose deliverer's last one before that day came on `last`.

    Data of a later date than the day it was due is not late: what was due then is missing. None,
    not judged: a dataset without a cycle, a file that does not say its date, a day that needs
    holidays not announced yet.
    """
    due = next_due(catalog.datasets[delivery.dataset].update_cycle, last, catalog.limits)
    if due is None or due.provisional or delivery.as_of is None:
        return None
    late = delivery.as_of.date() <= due.due_on < delivery.first_seen.date()
    return Punctuality(due.due_on, late)


def late(catalog: Catalog, delivery: Delivery, known: Sequence[Delivery]) -> Found | None:
    """`delivery.late`: it should have come within one cycle of the one before, and came after.

    The cycle begins with the deliverer's first delivery, so that one, and everything that came on
    the same day, is never late.
    """
    arrived = delivery.first_seen.date()
    before = [
        other.first_seen.date()
        for other in known
        if other.state in ARRIVED and other.first_seen.date() < arrived
    ]
    cycle = catalog.datasets[delivery.dataset].update_cycle
    found = punctuality(catalog, delivery, max(before)) if before else None
    if cycle is None or delivery.as_of is None or found is None or not found.late:
        return None
    return Found(
        "delivery.late",
        f"{delivery.file}：数据日期 {delivery.as_of.date()}，目录登记{CYCLES[cycle]}更新，"
        f"上次报送为 {max(before)}，本次应不迟于 {found.due_on} 报送，实际 {arrived} 收到",
        value=arrived.isoformat(),
    )


def dated_ahead(delivery: Delivery) -> Found | None:
    """`delivery.dated_ahead`: the date it states was still to come when it arrived. It is in order
    just behind what came before it then (`warehouse.log.Delivery.seq`)."""
    arrived = delivery.first_seen.date()
    if delivery.as_of is None or delivery.as_of.date() <= arrived:
        return None
    return Found(
        "delivery.dated_ahead",
        f"{delivery.file}：所载数据日期 {delivery.as_of.date()} 晚于收到之日 {arrived}，"
        f"暂排在此前报送的各批之后",
        value=delivery.as_of.date().isoformat(),
    )


def repeated(delivery: Delivery, known: Sequence[Delivery]) -> Found | None:
    """`delivery.repeated`: as new data came what the deliverer had delivered before.

    Of an increment: the same changes a second time. A snapshot that did not change says so rightly;
    it is asked about only where each of the deliverer's latest ones had changed. The same file sent
    again on one day is an honest second try. Each of a dataset's shapes has deliveries of its own.
    """
    applied = [
        other
        for other in known
        if other.state is State.APPLIED
        and other.seq < delivery.seq
        and other.shape == delivery.shape
        and other.accepted
    ]
    twin = next((each for each in reversed(applied) if each.sha256 == delivery.sha256), None)
    if twin is None or not delivery.accepted or _is_second_try(delivery, twin):
        return None
    if delivery.mode == "snapshot" and not (twin is applied[-1] and _always_changed(applied)):
        return None
    return Found(
        "delivery.repeated",
        f"{delivery.file}：内容与此前报送的 {twin.file}（批次 {twin.delivery}）完全相同",
        value=twin.delivery,
    )


def _is_second_try(delivery: Delivery, twin: Delivery) -> bool:
    same_day = delivery.first_seen.date() == twin.first_seen.date()
    return same_day and delivery.source == twin.source


def _always_changed(applied: Sequence[Delivery]) -> bool:
    least = thresholds().history.least
    contents = [each.sha256 for each in applied[-least:]]
    return len(contents) == least and all(one != other for one, other in pairwise(contents))
