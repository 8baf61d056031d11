"""The delivery log: every delivery's events, and its state as their fold.

Belongs here: recording what happened to a delivery and telling its present state. Does not belong
here: deciding it (`assets.intake`).

The log is a Delta table of events, `quality/delivery_events`, one row an event, never altered.
A field that an event leaves null keeps its earlier value. It is written last, after everything a
delivery brings, so a delivery without a final state is one to be done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import polars as pl

from warehouse.home import Clock
from warehouse.lake import Lake

TABLE = "quality/delivery_events"


class State(StrEnum):
    """State of a delivery. Only `received` is passing: a start does such a delivery again."""

    RECEIVED = "received"
    APPLIED = "applied"
    HELD = "held"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the log knows of one delivery; times are Asia/Shanghai, counts are rows."""

    delivery: str
    state: State
    dataset: str
    agency: str
    """The deliverer."""
    file: str
    source: str
    """Path below the landing folder as `warehouse.names.kept` writes it; with `mtime_ns` and
    `size` it tells a file from a later one."""
    mtime_ns: int
    size: int
    sha256: str
    seq: int
    """Order of deliveries: that of `ordered_at`, then of arrival; one whose date was still to come
    stands just behind what its deliverer had delivered before."""
    ordered_at: datetime
    """The time of what it tells: `as_of`, else when first seen, and never later than that."""
    first_seen: datetime
    as_of: datetime | None = None
    """As the manifest or the name says; None where neither does."""
    mode: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    shape: str | None = None
    header_line: int | None = None
    counted: int | None = None
    """Records in the file, counted independently of the parser."""
    accepted: int | None = None
    rejected: int | None = None
    upserted: int | None = None
    """Accepted rows that brought a new or changed value."""
    replaced: int | None = None
    """Those of `upserted` whose key was there before."""
    unchanged: int | None = None
    duplicated: int | None = None
    """Accepted rows whose key a later row of the same delivery has again."""
    quarantined: int | None = None
    """Accepted rows whose key cannot be formed."""
    deleted: int | None = None
    """Accepted rows that declare a deletion."""
    removed: int | None = None
    """Keys that the delivery deletes, by declaration or by absence from a snapshot."""
    limit_released: bool | None = None
    """A named person let a held delivery through."""
    our_fault: bool | None = None
    """Held for a fault of ours: nobody but the bureau has anything to do."""
    catalog_version: str | None = None
    """Version of the dataset's definition by which its rows were last judged."""
    intent: str | None = None
    """The state that a begun change is to end in; empty when none is under way."""
    intent_no: int | None = None
    """Event that began the change; marks its commits."""
    message: str | None = None


_EVENT_FIELDS: dict[str, pl.DataType] = {
    "event_no": pl.Int64(),
    "event": pl.String(),
    "at": pl.Datetime("us"),
    "actor": pl.String(),
    "reason": pl.String(),
}
_INTEGERS = {
    "mtime_ns", "size", "seq", "header_line", "counted", "accepted", "rejected", "upserted",
    "replaced", "unchanged", "duplicated", "quarantined", "deleted", "removed", "intent_no",
}  # fmt: skip
_TIMES = {"ordered_at", "first_seen", "as_of"}


def _field_type(name: str) -> pl.DataType:
    if name in _INTEGERS:
        return pl.Int64()
    if name in _TIMES:
        return pl.Datetime("us")
    return pl.Boolean() if name in ("limit_released", "our_fault") else pl.String()


SCHEMA = pl.Schema(
    _EVENT_FIELDS | {field.name: _field_type(field.name) for field in fields(Delivery)}
)
"""One row an event: number, event, time, actor, reason, then the fields of `Delivery` it sets."""


class DeliveryLog:
    """The events read once, kept in step with what is recorded."""

    def __init__(self, lake: Lake, clock: Clock) -> None:
        self._lake = lake
        self._clock = clock
        self._deliveries: dict[str, Delivery] = {}
        self._last_event = 0
        if lake.exists(TABLE):
            events = pl.read_delta(str(lake.path(TABLE))).sort("event_no")
            for row in events.iter_rows(named=True):
                self._fold(row)

    def _fold(self, row: dict[str, Any]) -> None:
        known = {
            field.name: row[field.name]
            for field in fields(Delivery)
            if row.get(field.name) is not None
        }
        known["state"] = State(known["state"])
        before = self._deliveries.get(row["delivery"])
        self._deliveries[row["delivery"]] = (
            replace(before, **known) if before is not None else Delivery(**known)
        )
        self._last_event = max(self._last_event, row["event_no"])

    @property
    def last_event(self) -> int:
        """Number of the newest event, 0 before the first."""
        return self._last_event

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries in the order they came."""
        return list(self._deliveries.values())

    def get(self, delivery: str) -> Delivery:
        """One delivery; KeyError names it when there is none."""
        if delivery not in self._deliveries:
            raise KeyError(f"there is no delivery {delivery}")
        return self._deliveries[delivery]

    def of(self, dataset: str, agency: str, *states: State) -> list[Delivery]:
        """Deliveries of one deliverer to one dataset in these states, in order of `seq`."""
        return sorted(
            (
                known
                for known in self._deliveries.values()
                if known.dataset == dataset and known.agency == agency and known.state in states
            ),
            key=lambda known: known.seq,
        )

    def of_deliverer(self, dataset: str, agency: str) -> list[Delivery]:
        """All deliveries of one deliverer to one dataset, in order of `seq`."""
        return self.of(dataset, agency, *State)

    @staticmethod
    def id_of(ordinal: int) -> str:
        """The id of the n-th delivery that ever came."""
        return f"d{ordinal:06d}"

    def expect(self, delivery: Delivery) -> None:
        """Makes views reckon with a delivery's coming state while its last step is done."""
        self._deliveries[delivery.delivery] = delivery

    def record(
        self, event: str, delivery: Delivery, actor: str = "lakehouse", reason: str = ""
    ) -> None:
        """Appends one event that leaves the delivery as given."""
        self.record_all(event, [delivery], actor, reason)

    def record_all(
        self,
        event: str,
        deliveries: Sequence[Delivery],
        actor: str = "lakehouse",
        reason: str = "",
    ) -> None:
        """Appends one event for each delivery, all in one commit."""
        first = self._last_event + 1
        rows: list[dict[str, Any]] = [
            {
                "event_no": first + place,
                "event": event,
                "at": self._clock.now(),
                "actor": actor,
                "reason": reason or None,
                **asdict(delivery),
                "state": str(delivery.state),
            }
            for place, delivery in enumerate(deliveries)
        ]
        self._lake.ensure(TABLE, SCHEMA, "交付日志：每行一个事件")
        self._lake.append(TABLE, pl.DataFrame(rows, schema=SCHEMA), f"event-{first}")
        for row in rows:
            self._fold(row)
