"""Tickets: the defects of one rule in one dataset of one deliverer, with their clocks.

Belongs here: the ledger's events seen as tickets. Nothing is stored: a ticket is what its events
say. How working days are counted stands in `quality.working_days`, what is sent to agencies in
`quality.reports`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from catalog.entries import Catalog
from quality.between.model import rules_told
from quality.ledger.present import OPEN, view_defects
from quality.ledger.wording import RuleText, rule_texts, text_of
from quality.working_days import Deadline, deadline, limit_in_force

_SQL = Path(__file__).with_name("tickets.sql")

TICKETS = pl.Schema(
    {
        "ticket": pl.String(),
        "state": pl.String(),
        "severity": pl.String(),
        "dimension": pl.String(),
        "dataset": pl.String(),
        "dataset_name": pl.String(),
        "agency": pl.String(),
        "agency_name": pl.String(),
        "rule": pl.String(),
        "kind": pl.String(),
        "column": pl.String(),
        "column_name": pl.String(),
        "message": pl.String(),
        "standard": pl.String(),
        "how_to_correct": pl.String(),
        "example": pl.String(),
        "open_count": pl.Int64(),
        "closed_count": pl.Int64(),
        "withdrawn_count": pl.Int64(),
        "relapses": pl.Int64(),
        "opened_at": pl.Datetime("us"),
        "open_since": pl.Datetime("us"),
        "changed_at": pl.Datetime("us"),
        "due_on": pl.Date(),
        "due_provisional": pl.Boolean(),
        "proof_delivery": pl.String(),
        "harms": pl.String(),
    }
)
"""One row a ticket; key `ticket`. Open ones first, whole deliveries before rows, errors
before queries, then by count.

- `state`: open while any of its defects is open. `agency`: the deliverer.
- `open_since`: since when the oldest of its open defects is open; null when closed.
- `due_on`: last working day to correct (error) or answer (query), counted from `open_since`; null
  when closed. `due_provisional`: it lies in a year whose holidays are not announced yet.
- `proof_delivery`: the delivery that closed its latest closed defect.
- `harms`: published tables that hold the values, `database.table`, comma between.
"""

_LIMITS = {"error": "correct_error", "query": "answer_query"}


def tickets(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> pl.DataFrame:
    """All tickets, columns as TICKETS. Tickets of datasets no longer catalogued are kept."""
    return _tickets(con, catalog, None)


def _tickets(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, ticket_id: str | None
) -> pl.DataFrame:
    view_defects(con)
    cursor = con.cursor()
    try:
        found = pl.DataFrame(
            cursor.sql(_SQL.read_text(encoding="utf-8"), params={"ticket": ticket_id})
        )
    finally:
        cursor.close()
    told = _Telling(catalog)
    rows = [told.row(row) for row in found.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=TICKETS, orient="row").sort(
        pl.col("state").eq("closed"),
        pl.col("kind").ne("delivery"),
        pl.col("severity").eq("query"),
        -pl.col("open_count"),
        "dataset",
        "agency",
        "rule",
        "kind",
    )


class _Telling:
    """What the catalogue adds to a ticket's counts."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._texts: dict[str, Mapping[str, RuleText]] = {}

    def text(self, dataset: str, rule: str) -> RuleText:
        """The rule in words."""
        if dataset not in self._texts:
            known = dataset in self._catalog.datasets
            self._texts[dataset] = rule_texts(rules_told(self._catalog, dataset)) if known else {}
        return text_of(self._texts[dataset], rule)

    def row(self, counted: dict[str, Any]) -> dict[str, Any]:
        """A row of TICKETS from a row of tickets.sql."""
        text = self.text(counted["dataset"], counted["rule"])
        dataset = self._catalog.datasets.get(counted["dataset"])
        agency = self._catalog.agencies.get(counted["agency"])
        due = self._due(text.severity, counted["open_since"])
        return counted | {
            "severity": text.severity,
            "dimension": str(text.dimension),
            "dataset_name": dataset.name if dataset else counted["dataset"],
            "agency_name": agency.name if agency else counted["agency"],
            "column_name": column_name(self._catalog, counted["dataset"], counted["column"]),
            "message": text.message,
            "standard": text.standard,
            "how_to_correct": text.how_to_correct,
            "example": text.example,
            "due_on": due.due_on if due else None,
            "due_provisional": due.provisional if due else None,
            "harms": (
                f"{dataset.publication.database}.{dataset.publication.table}" if dataset else ""
            ),
        }

    def _due(self, severity: str, since: datetime | None) -> Deadline | None:
        if since is None:
            return None
        days = limit_in_force(self._catalog.limits, _LIMITS[severity], since.date())
        return deadline(since.date(), days) if days is not None else None


def column_name(catalog: Catalog, ref: str, column: str) -> str:
    """The Chinese name of a column; what is no catalogued column keeps the name it has."""
    dataset = catalog.datasets.get(ref)
    names = {known.id: known.name for known in dataset.columns} if dataset else {}
    return names.get(column, column)


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """One ticket with what happened to it."""

    ticket: dict[str, Any]
    """Its row of TICKETS."""
    history: pl.DataFrame
    """at, event, delivery, reason, defects; one row for each of these, in order of events."""
    places: pl.DataFrame
    """delivery, file, sheet, row, line, column of open defects as first found, without values;
    at most 50."""


def ticket(con: duckdb.DuckDBPyConnection, catalog: Catalog, ticket_id: str) -> TicketDetail:
    """One ticket by its id (upper or lower case); KeyError names an id that there is not."""
    wanted = ticket_id.strip().upper()
    found = _tickets(con, catalog, wanted)
    if found.is_empty():
        raise KeyError(f"there is no ticket {wanted}")
    cursor = con.cursor()
    try:
        history = pl.DataFrame(
            cursor.sql(
                'select "at", event, delivery, reason, count(*) as defects '
                "from quality.main.defect_events where ticket = $ticket "
                "group by all order by min(event_no)",
                params={"ticket": wanted},
            )
        )
        places = pl.DataFrame(
            cursor.sql(
                'select delivery, file, sheet, row, line, "column" from quality.main.defects '
                "left join quality.main.deliveries as known using (delivery) "
                f"where ticket = $ticket and {OPEN} order by event_no limit 50",
                params={"ticket": wanted},
            )
        )
    finally:
        cursor.close()
    return TicketDetail(found.row(0, named=True), history, places)
