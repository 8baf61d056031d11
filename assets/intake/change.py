"""Changing the state of a delivery that has been decided, so that a kill leaves nothing half done.

Belongs here: the change itself: logged when it begins (`intent`) and when it is done, so that one
cut off by a kill is finished at the next start. Does not belong here: which changes a person may
ask for (`assets.intake.undo`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assets.intake.ledger import settle_ledger
from assets.intake.resettle import following, rejudged, resettle, settled
from assets.lakehouse import Lakehouse
from warehouse.engine import Engine
from warehouse.log import Delivery, State


def change(
    lakehouse: Lakehouse, engine: Engine, delivery: Delivery, to: State, actor: str, reason: str
) -> Delivery:
    """Brings a delivery into the state `to`; its rows enter or leave the contents with it."""
    begun = replace(delivery, intent=str(to), intent_no=lakehouse.log.last_event + 1)
    lakehouse.log.record(f"{to}_begun", begun, actor, reason)
    return finish(lakehouse, engine, begun, actor, reason)


def finish(
    lakehouse: Lakehouse, engine: Engine, delivery: Delivery, actor: str, reason: str
) -> Delivery:
    """Does what a begun change still lacks."""
    to = State(delivery.intent or "")
    mark = f"{delivery.delivery}-{delivery.intent_no}"
    done = replace(delivery, state=to, intent="")
    if lakehouse.lake.has(f"raw/{delivery.dataset}", delivery.delivery):
        later: Sequence[Delivery] = following(lakehouse, delivery)
        if to is State.APPLIED:
            settlement = resettle(lakehouse, engine, [delivery, *later], [], mark)
            done = rejudged(lakehouse, settled(done, settlement))
        else:
            resettle(lakehouse, engine, later, [delivery], mark)
    settle_ledger(lakehouse, engine, done, mark)
    lakehouse.log.record(str(to), done, actor, reason)
    return done


def finish_begun(lakehouse: Lakehouse, engine: Engine) -> list[Delivery]:
    """Finishes the changes that a killed process had begun."""
    return [
        finish(lakehouse, engine, known, "lakehouse", "继续上次中断的操作")
        for known in lakehouse.log.deliveries
        if known.intent
    ]
