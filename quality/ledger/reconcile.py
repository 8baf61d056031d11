"""Which defect events a delivery, or its withdrawal, causes.

Belongs here: comparing what is wrong now with what the ledger holds as open. Judging rows stands in
`quality.standardise`, storing the events in whoever holds the lake.

Closed by proof only: a defect ends when the deliverer's current row of the key passes the rule, or
when the key is deleted; never because a key is missing from an increment, a delivery was held, or a
rule was switched off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset, FirstOf
from quality.ledger.events import DEFECT_EVENTS
from quality.ledger.session import (
    SQL,
    raw_expression,
    relation,
    session,
    view_held,
    view_raw_cells,
    view_row_rules,
)
from quality.ledger.wording import NOTED, TWO_DELIVERERS
from quality.rules.derive import rules_of
from quality.rules.model import Rule
from warehouse.engine import literal, quoted

CauseState = Literal["applied", "withdrawn", "refused", "held"]
"""State of the causing delivery once this step is done; the log may not say so yet."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What made the ledger look again: a delivery of `agency` that came to `state`, and when.

    `mode` and `shape` are its own where the log may not say so yet; None: as the log or the dataset
    says.
    """

    agency: str
    delivery: str
    state: CauseState
    at: datetime
    mode: str | None = None
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The events that a delivery causes, still in the engine. Usable while `reconcile` is open."""

    cursor: duckdb.DuckDBPyConnection
    query: str
    parameters: Mapping[str, object]
    counts: dict[str, int]
    """Events by kind of event; those without any are left out."""

    def frame(self) -> pl.DataFrame:
        """All events as one frame with the columns of DEFECT_EVENTS, by number."""
        events = self.cursor.sql(f"{self.query} order by event_no", params=self.parameters)
        return pl.DataFrame(events).match_to_schema(DEFECT_EVENTS)

    def write_parquet(self, path: Path) -> int:
        """Streams the events to a Parquet file and returns their number.

        Each row group holds a stretch of numbers; the groups are in the order they were finished.
        """
        self.cursor.execute(
            f"copy ({self.query}) to {literal(str(path))} (format parquet, compression zstd)",
            self.parameters,
        )
        return sum(self.counts.values())


@contextmanager
def reconcile(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    ref: str,
    agency: str,
    cause_delivery: str,
    cause_state: CauseState,
    at: datetime,
    next_event_no: int,
    cause_mode: str | None = None,
    cause_shape: str | None = None,
) -> Iterator[Changes]:
    """The events to append after `cause_delivery` of deliverer `agency` to dataset `ref`.

    Reads held_by and raw of the dataset, and findings, profiles, deliveries, delivery_events and
    defect_events of quality; held_by, findings and profiles must already hold what the delivery
    brought, held_by be without what was withdrawn. Running it again after its events are appended
    yields none. Shared keys are settled for all deliverers of the dataset, everything else for
    `agency` alone.
    """
    cause = Cause(agency, cause_delivery, cause_state, at, cause_mode, cause_shape)
    with reconcile_by_rules(
        con, catalog.datasets[ref], rules_of(catalog, ref), cause, next_event_no
    ) as changes:
        yield changes


@contextmanager
def reconcile_by_rules(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    cause: Cause,
    next_event_no: int,
) -> Iterator[Changes]:
    """As `reconcile`, for a dataset and row rules that are given rather than looked up."""
    with session(con) as cursor:
        view_held(cursor, relation("held_by", dataset), rules)
        view_row_rules(cursor, rules, {})
        _view_deliveries(cursor, dataset, cause)
        _run(
            cursor,
            "standing",
            dataset=dataset.ref,
            agency=cause.agency,
            two_deliverers=TWO_DELIVERERS,
            key_column=key_columns(dataset)[0],
            noted=list(NOTED),
        )
        _run(cursor, "last_events", dataset=dataset.ref, agency=cause.agency)
        mode = cursor.execute(
            "select mode from delivery_states where delivery = $1", [cause.delivery]
        ).fetchone()
        _run(
            cursor,
            "changes",
            cause=cause.delivery,
            cause_state=cause.state,
            cause_mode=mode[0] if mode else dataset.mode,
            noted=list(NOTED),
        )
        yield _events(cursor, dataset, rules, cause, next_event_no)


def _run(cursor: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> None:
    cursor.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"), parameters)


def key_columns(dataset: Dataset) -> tuple[str, ...]:
    """The first column of each key part."""
    return tuple(part.first_of[0] if isinstance(part, FirstOf) else part for part in dataset.key)


def _view_deliveries(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, cause: Cause) -> None:
    """Tables `delivery_states` and `delivery_scopes` of one deliverer and dataset."""
    _run(
        cursor,
        "delivery_states",
        cause=cause.delivery,
        cause_state=cause.state,
        dataset=dataset.ref,
        agency=cause.agency,
        cause_mode=cause.mode,
        cause_shape=cause.shape,
        mode=dataset.mode,
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
        parts.append(f"coalesce({own}, case _shape{constants} end)" if constants else own)
    return f"select distinct _delivery as delivery, concat_ws(chr(31), {', '.join(parts)}) as scope"


def _events(
    cursor: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rules: Sequence[Rule],
    cause: Cause,
    next_event_no: int,
) -> Changes:
    _run(cursor, "lots", first=next_event_no)
    opened = "from lots where kind = 'row' and event in ('opened', 'reopened')"
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
    counts = cursor.execute("select event, count(*) from changes group by event").fetchall()
    return Changes(
        cursor,
        (SQL / "events.sql").read_text(encoding="utf-8"),
        {"dataset": dataset.ref, "at": cause.at, "cause_state": cause.state},
        dict(sorted(counts)),
    )
