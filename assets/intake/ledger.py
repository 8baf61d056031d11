"""Keeping the defect ledger in step with what a delivery, or its undoing, changed.

Belongs here: pointing the engine at what was just written and appending the ledger's events, once
for each change of state. Does not belong here: which events those are (`quality.ledger`).
"""

from __future__ import annotations

from assets.lakehouse import PROFILES_TABLE, Lakehouse
from quality.ledger import EVENTS_TABLE, CauseState, reconcile
from warehouse.engine import Engine
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State

_CAUSES: dict[State, CauseState] = {
    State.APPLIED: "applied",
    State.WITHDRAWN: "withdrawn",
    State.REFUSED: "refused",
    State.HELD: "held",
}

EVENTS_DESCRIPTION = "问题台账：每行一个事件"


def next_event_no(engine: Engine) -> int:
    """The number of the ledger's next event; the engine shows the ledger as it is."""
    row = engine.con.execute(
        "SELECT coalesce(max(event_no), 0) + 1 FROM quality.main.defect_events"
    ).fetchone()
    assert row is not None
    return int(row[0])


def settle_ledger(
    lakehouse: Lakehouse, engine: Engine, delivery: Delivery, step: str | None = None
) -> dict[str, int]:
    """Appends the events that `delivery` causes in its coming state; their number by kind.

    `step` tells several changes of one delivery apart; by default its state does.
    """
    if delivery.state in (State.DUPLICATE, State.RECEIVED):
        return {}
    mark = step or f"{delivery.delivery}-{delivery.state}"
    lake = lakehouse.lake
    lake.ensure(EVENTS_TABLE, lakehouse.schemas[EVENTS_TABLE], EVENTS_DESCRIPTION)
    if lake.has(EVENTS_TABLE, mark):
        return {}
    lakehouse.log.expect(delivery)
    engine.refresh(
        [
            f"raw/{delivery.dataset}",
            f"standard/{delivery.dataset}",
            "quality/findings",
            "quality/rejects",
            PROFILES_TABLE,
            "quality/delivery_events",
            EVENTS_TABLE,
        ]
    )
    with reconcile(
        engine.con,
        lakehouse.catalog,
        delivery.dataset,
        delivery.agency,
        delivery.delivery,
        _CAUSES[delivery.state],
        lakehouse.clock.now(),
        next_event_no(engine),
        delivery.mode,
        delivery.shape,
    ) as changes:
        file = lake.path(EVENTS_TABLE) / f"{mark}.parquet"
        events = changes.write_parquet(file)
        if events:
            lake.commit(EVENTS_TABLE, [LakeFile(file, events)], mark)
        else:
            file.unlink()
        return changes.counts
