"""Gathering one agency's report from the ledger, the log and the lake.

Belongs here: which facts a report holds. How they look stands in `workbook`, `document`, `digest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from quality.between.model import rules_told
from quality.between.telling import rules_open_to
from quality.ledger.present import view_defects
from quality.ledger.session import (
    relation,
    session,
    view_held,
    view_raw_cells,
)
from quality.ledger.wording import rule_texts, text_of
from quality.reports.corrections import correction_sheets
from quality.reports.listed import Telling
from quality.reports.masking import key_expression, value_expression
from quality.reports.model import (
    NO_DIVERGENCES,
    DatasetSection,
    Divergences,
    Finished,
    Report,
    ReportedDelivery,
)
from quality.reports.scoring import scores_of
from quality.rules.model import Rule
from warehouse.publish.masking import masked_columns

_SQL = Path(__file__).parent / "sql"

SHOWN_PER_DATASET = 5_000
"""Open defects listed for one dataset: more than a clerk works through before the next report, and
a workbook that opens at once. The total is always stated."""


@dataclass(frozen=True, slots=True)
class News:
    """The latest that can be told an agency: a delivery decided, a defect that ended."""

    delivery_at: datetime | None
    ended_no: int | None
    """Number of the ledger's event."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The report before: what it had already told."""

    at: datetime | None = None
    last_event_no: int = 0
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """Its scores by id."""

    def precedes(self, news: News | None) -> bool:
        """Whether there is something that it had not told yet."""
        if news is None:
            return False
        delivered, ended = news.delivery_at, news.ended_no
        return (delivered is not None and (self.at is None or delivered > self.at)) or (
            ended is not None and ended > self.last_event_no
        )


def latest_news(con: duckdb.DuckDBPyConnection) -> dict[str, News]:
    """By agency; one without any delivery or ended defect is left out."""
    view_defects(con)
    return {
        row["agency"]: News(row["delivery_at"], row["ended_no"]) for row in _rows(con, "latest")
    }


@contextmanager
def reporting(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session for any number of reports, in which what all of them read is worked out once.

    Its temporary table `known_deliveries` has the columns and rows of `quality.main.deliveries`.
    """
    view_defects(con)
    with session(con) as cursor:
        cursor.execute("create temp table known_deliveries as from quality.main.deliveries")
        yield cursor


def collect(
    cursor: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    tickets: pl.DataFrame,
    agency: str,
    day: date,
    at: datetime,
    previous: Previous,
    limit: int = SHOWN_PER_DATASET,
    divergences: Divergences = NO_DIVERGENCES,
) -> Report:
    """The report of `agency` for `day`, from a session that `reporting` gave; `tickets` as
    `quality.tickets.tickets` gives them."""
    known = catalog.agencies[agency]
    bureau = catalog.agencies.get(known.bureau)
    open_tickets = tickets.filter(
        (pl.col("agency") == agency) & (pl.col("state") == "open")
    ).to_dicts()
    last = cursor.execute(
        "select coalesce(max(event_no), 0) from quality.main.defect_events"
    ).fetchone()
    return Report(
        agency=agency,
        agency_name=known.name,
        bureau_name=bureau.name if bureau else known.bureau,
        date=day,
        at=at,
        since=previous.at,
        catalog_version=catalog.version,
        last_event_no=last[0] if last else 0,
        deliveries=_deliveries(cursor, catalog, agency, previous),
        tickets=tuple(open_tickets),
        finished=_finished(cursor, catalog, agency, previous),
        sections=tuple(
            _section(cursor, catalog, catalog.datasets[ref], agency, limit, open_tickets)
            for ref in dict.fromkeys(row["dataset"] for row in open_tickets)
            if ref in catalog.datasets
        ),
        scores=scores_of(cursor, agency, previous.scores),
        divergences=divergences,
    )


def _rows(
    cursor: duckdb.DuckDBPyConnection, name: str, **parameters: object
) -> Iterator[dict[str, Any]]:
    query = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    found = cursor.execute(query, parameters)
    names = [column[0] for column in found.description or ()]
    while row := found.fetchone():
        yield dict(zip(names, row, strict=True))


def _dataset_name(catalog: Catalog, ref: str) -> str:
    dataset = catalog.datasets.get(ref)
    return dataset.name if dataset else ref


def _deliveries(
    cursor: duckdb.DuckDBPyConnection, catalog: Catalog, agency: str, previous: Previous
) -> tuple[ReportedDelivery, ...]:
    return tuple(
        ReportedDelivery(dataset_name=_dataset_name(catalog, row["dataset"]), **row)
        for row in _rows(cursor, "deliveries", agency=agency, since=previous.at)
    )


def _finished(
    cursor: duckdb.DuckDBPyConnection, catalog: Catalog, agency: str, previous: Previous
) -> tuple[Finished, ...]:
    texts = {
        ref: rule_texts(rules_told(catalog, ref))
        for ref, dataset in catalog.datasets.items()
        if agency in dataset.deliverers
    }
    return tuple(
        Finished(
            dataset_name=_dataset_name(catalog, row["dataset"]),
            message=text_of(texts.get(row["dataset"], {}), row["rule"]).message,
            **row,
        )
        for row in _rows(cursor, "finished", agency=agency, since_event=previous.last_event_no)
    )


def _section(
    cursor: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    dataset: Dataset,
    agency: str,
    limit: int,
    open_tickets: Sequence[dict[str, Any]],
) -> DatasetSection:
    rules = rules_told(catalog, dataset.ref)
    view_held(cursor, relation("held_by", dataset), rules)
    for _ in _rows(cursor, "shown", dataset=dataset.ref, agency=agency, limit=limit):
        pass
    _view_cells(cursor, catalog, dataset, rules)
    of_dataset = {
        (row["rule"], row["kind"]): row for row in open_tickets if row["dataset"] == dataset.ref
    }
    telling = Telling(
        catalog, dataset, rule_texts(rules), of_dataset, rules_open_to(catalog, agency)
    )
    masked = masked_columns(catalog, dataset)
    return DatasetSection(
        dataset=dataset.ref,
        dataset_name=dataset.name,
        total=sum(row["open_count"] for row in of_dataset.values()),
        defects=tuple(
            telling.defect(row) for row in _rows(cursor, "defects") if row["kind"] != "reject"
        ),
        rejects=tuple(
            telling.reject(row) for row in _rows(cursor, "rejects", hide_text=bool(masked))
        ),
        corrections=correction_sheets(cursor, dataset, rules, masked),
    )


def _view_cells(
    cursor: duckdb.DuckDBPyConnection, catalog: Catalog, dataset: Dataset, rules: Sequence[Rule]
) -> None:
    """`raw_cells` with the values shown, `shown_cells` (rule, column, `cell`), `shown_keys`."""
    by_id = {rule.id: rule for rule in rules}
    found = cursor.execute('select distinct rule, "column" from shown order by all').fetchall()
    shown = [(_accusing(by_id[rule], column), column) for rule, column in found if rule in by_id]
    deliveries = cursor.execute("select distinct delivery from shown").fetchall()
    cursor.execute(
        'create or replace temp table shown_cells (rule varchar, "column" varchar, cell integer)'
    )
    rows = [
        {"rule": rule.id, "column": column, "cell": cell}
        for cell, (rule, column) in enumerate(shown, start=1)
    ]
    if rows:
        cursor.execute(
            "insert into shown_cells select unnest($rows, recursive := true)", {"rows": rows}
        )
    view_raw_cells(
        cursor,
        relation("raw", dataset),
        [value_expression(catalog, dataset, rule) for rule, _ in shown],
        [delivery for (delivery,) in deliveries],
    )
    # Rows without key are known by a hash of their cells, which tells a clerk nothing.
    key = key_expression(catalog, dataset, "key")
    cursor.execute(
        "create or replace temp table shown_keys as select defect, case "
        f"when kind in ('row', 'shared_key', 'between') then {key} "
        "else '' end as key_shown from shown"
    )


def _accusing(rule: Rule, column: str) -> Rule:
    """The rule with the columns that a defect in `column` is about: between datasets it alone."""
    if rule.kind != "between":
        return rule
    return replace(rule, columns=tuple(each for each in rule.columns if each == column))
