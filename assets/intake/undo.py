"""Holding, releasing, withdrawing and replaying deliveries, by a named person with a reason.

Belongs here: what may be asked for in which state, and judging again what a new definition
concerns. Does not belong here: how a change survives a kill (`assets.intake.change`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assets.intake.change import change
from assets.intake.queue import decide
from assets.intake.resettle import following, rejudged
from assets.lakehouse import Lakehouse
from warehouse.engine import Engine
from warehouse.log import Delivery, State


class NotPossible(Exception):
    """The delivery's state does not allow the change; the message says which would."""


def _require(delivery: Delivery, verb: str, *states: State) -> None:
    if delivery.state not in states:
        allowed = ", ".join(states)
        raise NotPossible(
            f"{delivery.delivery} is {delivery.state}; only one that is {allowed} can be {verb}"
        )


def hold(lakehouse: Lakehouse, engine: Engine, name: str, actor: str, reason: str) -> Delivery:
    """Takes an applied delivery out of the contents until it is released."""
    delivery = lakehouse.log.get(name)
    _require(delivery, "held", State.APPLIED)
    return change(lakehouse, engine, delivery, State.HELD, actor, reason)


def withdraw(lakehouse: Lakehouse, engine: Engine, name: str, actor: str, reason: str) -> Delivery:
    """Leaves the contents as if the delivery had never come; reopens what it had closed."""
    delivery = lakehouse.log.get(name)
    _require(delivery, "withdrawn", State.APPLIED, State.HELD, State.REFUSED)
    return change(lakehouse, engine, delivery, State.WITHDRAWN, actor, reason)


def release(lakehouse: Lakehouse, engine: Engine, name: str, actor: str, reason: str) -> Delivery:
    """Lets a held delivery through, whatever number of keys it removes."""
    delivery = lakehouse.log.get(name)
    _require(delivery, "released", State.HELD)
    return _restore(lakehouse, engine, delivery, actor, reason)


def replay(lakehouse: Lakehouse, engine: Engine, name: str, actor: str, reason: str) -> Delivery:
    """Judges a delivery's stored rows, and those after it, again by the present catalogue."""
    delivery = lakehouse.log.get(name)
    _require(delivery, "replayed", State.APPLIED, State.WITHDRAWN, State.REFUSED)
    if delivery.state is State.APPLIED and delivery.accepted:
        return change(lakehouse, engine, delivery, State.APPLIED, actor, reason)
    return _restore(lakehouse, engine, delivery, actor, reason)


def _restore(
    lakehouse: Lakehouse, engine: Engine, delivery: Delivery, actor: str, reason: str
) -> Delivery:
    if lakehouse.lake.has(f"raw/{delivery.dataset}", delivery.delivery):
        return change(lakehouse, engine, delivery, State.APPLIED, actor, reason)
    received = replace(
        delivery,
        state=State.RECEIVED,
        limit_released=delivery.limit_released or delivery.state is State.HELD,
    )
    lakehouse.log.record("released", received, actor, reason)
    decided = decide(lakehouse, engine, received)
    if decided is None:
        raise NotPossible(f"the file of {delivery.delivery} is being changed")
    return decided


def outdated(lakehouse: Lakehouse, ref: str) -> list[Delivery]:
    """Each deliverer's first applied delivery that another definition of the dataset judged."""
    version = lakehouse.catalog.dataset_version(ref)
    found = []
    for agency in lakehouse.catalog.datasets[ref].deliverers:
        for known in lakehouse.log.of(ref, agency, State.APPLIED):
            if known.accepted and known.catalog_version != version:
                found.append(known)
                break
    return found


def rejudge_changed(lakehouse: Lakehouse, engine: Engine, refs: Iterable[str]) -> None:
    """Judges again what was judged by another definition of its dataset."""
    for ref in refs:
        for first in outdated(lakehouse, ref):
            later = following(lakehouse, first)
            change(lakehouse, engine, first, State.APPLIED, "lakehouse", "数据集定义已更新")
            for known in later:
                current = lakehouse.log.get(known.delivery)
                lakehouse.log.record("rejudged", rejudged(lakehouse, current))
