"""Which defect events a delivery, or its withdrawal, causes.

Belongs here: comparing what is wrong now with what the ledger holds as open. Judging rows stands in
`quality.standardise`, storing the events in whoever holds the lake.

Closed by proof only: a defect ends when the deliverer's current row of the key passes the rule, or
when the key is deleted; never because a key is missing from an increment, a delivery was held, or a
rule was switched off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from catalog.models import Dataset, FirstOf
from quality.ledger.events import DEFECT_EVENTS
from quality.ledger.session import (
    SQL,
    literal,
    quoted,
    raw_expression,
    relation,
    session,
    view_held,
    view_raw_cells,
    view_row_rules,
)
from quality.ledger.wording import TWO_DELIVERERS
from quality.rules.model import Rule

CauseState = Literal["applied", "withdrawn", "refused", "held"]
"""State of the causing delivery once this step is done; the log may not say so yet."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The events that a delivery causes, still in the engine. Usable while `reconcile` is open."""

    relation: duckdb.DuckDBPyRelation
    counts: dict[str, int]
    """Events by kind of event; those without any are left out."""

    def frame(self) -> pl.DataFrame:
        """All events as one frame with the columns of DEFECT_EVENTS."""
        return pl.DataFrame(self.relation).match_to_schema(DEFECT_EVENTS)

    def write_parquet(self, path: Path) -> int:
        """Streams the events to a Parquet file and returns their number."""
        self.relation.write_parquet(str(path), compression="zstd")
        return sum(self.counts.values())


@contextmanager
def reconcile(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    agency: str,
    cause_delivery: str,
    cause_state: CauseState,
    at: datetime,
    next_event_no: int,
) -> Iterator[Changes]:
    """The events to append after `cause_delivery` of deliverer `agency` to `dataset`.

    `rules` are the row rules the catalogue has now (`quality.rules.derive.rules_of`).
    Reads held_by and raw of the dataset, and findings, deliveries, delivery_events and
    defect_events of quality; held_by and findings must already hold what the delivery brought, or
    be without what was withdrawn. Running it again after its events are appended yields none.
    Shared keys are settled for all deliverers of the dataset, everything else for `agency` alone.
    """
    with session(con) as cursor:
        _view_dataset(cursor, dataset, rules)
        _view_deliveries(cursor, dataset, agency, cause_delivery, cause_state)
        cursor.execute(
            (SQL / "standing.sql").read_text(),
            {
                "dataset": dataset.ref,
                "agency": agency,
                "two_deliverers": TWO_DELIVERERS,
                "key_column": key_columns(dataset)[0],
            },
        )
        cursor.execute(
            (SQL / "last_events.sql").read_text(), {"dataset": dataset.ref, "agency": agency}
        )
        mode = cursor.execute(
            "select mode from delivery_states where delivery = $1", [cause_delivery]
        ).fetchone()
        cursor.execute(
            (SQL / "changes.sql").read_text(),
            {
                "cause": cause_delivery,
                "cause_state": cause_state,
                "cause_mode": (mode[0] if mode else None) or dataset.mode,
            },
        )
        yield _events(cursor, dataset, rules, cause_state, at, next_event_no)


def key_columns(dataset: Dataset) -> tuple[str, ...]:
    """The first column of each key part."""
    return tuple(part.first_of[0] if isinstance(part, FirstOf) else part for part in dataset.key)


def _view_dataset(
    cursor: duckdb.DuckDBPyConnection, dataset: Dataset, rules: Sequence[Rule]
) -> None:
    view_held(cursor, relation("held_by", dataset), rules)
    view_row_rules(cursor, rules, {})


def _view_deliveries(
    cursor: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    agency: str,
    cause_delivery: str,
    cause_state: CauseState,
) -> None:
    """Tables `delivery_states` and `delivery_scopes` of one deliverer and dataset.

    `decided_no` orders decisions; the causing delivery's own comes after all that are logged.
    """
    cursor.execute(
        "create or replace temp table delivery_states as "
        "select delivery, seq, mode, "
        "if(delivery = $cause, $cause_state, state) as state, "
        "if(delivery = $cause, 9223372036854775807, ("
        "select max(event_no) from (select event_no, state is distinct from lag(state) "
        "over (order by event_no) as decides from quality.main.delivery_events e "
        "where e.delivery = d.delivery) where decides)) as decided_no "
        "from quality.main.deliveries d where dataset = $dataset and agency = $agency",
        {
            "cause": cause_delivery,
            "cause_state": cause_state,
            "dataset": dataset.ref,
            "agency": agency,
        },
    )
    cursor.execute(
        "create or replace temp table delivery_scopes as "
        + (_scopes(dataset) if dataset.snapshot_scope else "select delivery, '' as scope")
        + " from "
        + (relation("raw", dataset) if dataset.snapshot_scope else "delivery_states")
    )


def _scopes(dataset: Dataset) -> str:
    """Distinct scope values of a delivery, as its rows or its shape's constants say."""
    parts = []
    for column in dataset.snapshot_scope:
        constants = "".join(
            f" when {literal(shape.id)} then {literal(shape.constants[column])}"
            for shape in dataset.shapes
            if column in shape.constants
        )
        own = f"trim({quoted(column)})"
        parts.append(f"case _shape{constants} else {own} end" if constants else own)
    return f"select distinct _delivery as delivery, concat_ws(chr(31), {', '.join(parts)}) as scope"


def _events(
    cursor: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    cause_state: CauseState,
    at: datetime,
    next_event_no: int,
) -> Changes:
    opened = "from changes where kind = 'row' and event in ('opened', 'reopened')"
    needed = {rule for (rule,) in cursor.execute(f"select distinct rule {opened}").fetchall()}
    deliveries = [
        delivery for (delivery,) in cursor.execute(f"select distinct delivery {opened}").fetchall()
    ]
    columns = {rule.id: rule.columns[0] for rule in rules if rule.id in needed and rule.columns}
    order = sorted(set(columns.values()))
    view_row_rules(
        cursor, rules, {rule: order.index(column) + 1 for rule, column in columns.items()}
    )
    view_raw_cells(
        cursor,
        relation("raw", dataset),
        [raw_expression(dataset, column) for column in order],
        deliveries,
    )
    cursor.execute(
        "create or replace temp table new_events as " + (SQL / "events.sql").read_text(),
        {"dataset": dataset.ref, "at": at, "cause_state": cause_state, "first": next_event_no},
    )
    counts = cursor.execute("select event, count(*) from changes group by event").fetchall()
    return Changes(cursor.table("new_events").order("event_no"), dict(sorted(counts)))
