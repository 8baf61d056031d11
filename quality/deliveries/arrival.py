"""What a delivery's arrival tells: that it came late, or repeats what had come before.

Belongs here: judging one delivery by the log of its deliverer's deliveries of the dataset, once, on
arrival. A delivery that never came stands in `quality.punctuality`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from catalog.entries import Catalog
from catalog.words import CYCLES
from quality.deliveries.cycles import next_due
from quality.deliveries.model import Found, thresholds
from warehouse.log import Delivery, State

ARRIVED = (State.APPLIED, State.HELD, State.DUPLICATE)
"""States of a delivery that kept the date: a refused or withdrawn one brought nothing."""


def late(catalog: Catalog, delivery: Delivery, known: Sequence[Delivery]) -> Found | None:
    """`delivery.late`: it should have come within one cycle of the one before, and came after.

    The cycle begins with the deliverer's first delivery, so that one, and everything that came on
    the same day, is never late. Nor is data of a later date than the day it was due: what was due
    then is missing, not late. Not judged: a file that does not say its date; a day that
    needs holidays not announced yet.
    """
    arrived = delivery.first_seen.date()
    before = [
        other.first_seen.date()
        for other in known
        if other.state in ARRIVED and other.first_seen.date() < arrived
    ]
    if not before or delivery.as_of is None:
        return None
    cycle = catalog.datasets[delivery.dataset].update_cycle
    due = next_due(cycle, max(before), catalog.limits)
    if cycle is None or due is None or due.provisional:
        return None
    if not delivery.as_of.date() <= due.due_on < arrived:
        return None
    return Found(
        "delivery.late",
        f"{delivery.file}：数据日期 {delivery.as_of.date()}，目录登记{CYCLES[cycle]}更新，"
        f"上次报送为 {max(before)}，本次应于 {due.due_on} 前报送，实际 {arrived} 收到",
        value=arrived.isoformat(),
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
