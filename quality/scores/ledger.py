"""What the ledger and the log say that scores need, each asked once for all subjects.

Belongs here: reading. What follows from it stands in `quality.scores.compute`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from quality.ledger.present import OPEN, view_defects
from warehouse.log import Delivery

Part = tuple[str, str]
"""(dataset, deliverer): the grain of scores."""
ABSENCE = "absence"
"""Kind of the defects that something was not delivered."""


@dataclass(slots=True)
class PartState:
    """One deliverer's part of one dataset, as the ledger has it."""

    last_event: int = 0
    at: datetime | None = None
    """Time of the last event."""
    failed: dict[tuple[str, str], int] = field(default_factory=dict)
    """(kind, rule) → open defects."""

    def of_kind(self, *kinds: str) -> dict[str, int]:
        """Rule → open defects of these kinds."""
        return {rule: count for (kind, rule), count in self.failed.items() if kind in kinds}


def part_states(con: duckdb.DuckDBPyConnection) -> dict[Part, PartState]:
    """Of every part that ever had a defect."""
    view_defects(con)
    states: dict[Part, PartState] = {}
    for dataset, agency, kind, rule, last, at, open_count in con.execute(
        'select dataset, agency, kind, rule, max(event_no), max("at"), '
        f"count(*) filter ({OPEN}) from quality.main.defects group by dataset, agency, kind, rule"
    ).fetchall():
        state = states.setdefault((dataset, agency), PartState())
        state.last_event = max(state.last_event, last)
        state.at = at if state.at is None else max(state.at, at)
        if open_count:
            state.failed[kind, rule] = open_count
    return states


def decided(con: duckdb.DuckDBPyConnection) -> Mapping[str, datetime]:
    """Delivery → time of its last event in the log."""
    rows = con.execute("select delivery, decided_at from quality.main.deliveries").fetchall()
    return dict(rows)


def failed_by_delivery(
    con: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]
) -> dict[str, dict[str, int]]:
    """Delivery → rule → rows that fail it, as its present (or an unnamed) definition counted."""
    failed: dict[str, dict[str, int]] = {}
    for delivery, rule, count in con.execute(
        "select delivery, rule, mask_count from quality.main.verdicts "
        "join (select unnest($names) as delivery, unnest($versions) as version) using (delivery) "
        "where catalog_version is null or catalog_version = version "
        "order by catalog_version nulls first",
        {
            "names": [known.delivery for known in deliveries],
            "versions": [known.catalog_version for known in deliveries],
        },
    ).fetchall():
        failed.setdefault(delivery, {})[rule] = count
    return failed
