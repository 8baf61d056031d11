"""The ledger's events of what a look at the whole lake finds, not one delivery.

Belongs here: comparing those findings with what the ledger holds as open. Does not belong here:
finding them (`quality.between`), and what a delivery changes (`quality.ledger.reconcile`).

Closed by proof: the row that was accused was delivered anew, or deleted, or its deliverer corrected
the rows beside it. When the row is what it was and another agency's data changed, it was right all
along: then the accusation is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

import duckdb

from quality.ledger.present import view_defects
from quality.ledger.reconcile import Changes
from quality.ledger.session import SQL
from quality.punctuality import Arrival
from warehouse.engine import literal, quoted

_EVENTS = """
select
    $first - 1 + row_number() over (
        order by dataset, rule, agency, event, delivery, row, key, "column"
    ) as event_no,
    $at::timestamp as "at", event, 'applied' as cause, kind,
    coalesce(defect, defect_id(dataset, agency, key, "column", rule)) as defect,
    ticket_id(dataset, agency, rule) as ticket, dataset, agency, rule, key, "column", delivery,
    row, null::bigint as line, value, reason
from changes
"""


@contextmanager
def reconcile_between(
    cursor: duckdb.DuckDBPyConnection,
    asked: Mapping[str, frozenset[str]],
    arrivals: Sequence[Arrival],
    at: datetime,
    next_event_no: int,
) -> Iterator[Changes]:
    """The events to append after looking for what the rules of `asked` find.

    `cursor` is a ledger's session whose temp table `between_findings` (`rule`, `dataset`, `agency`,
    `key`, `column`, `delivery`, `row`, `value`, `detail`, `kind`) holds all that stands now.
    `asked` gives for each rule that was asked the datasets that it reads; the other rules' defects
    are left as they are. `arrivals` is what may have ended an absence. Running it again after its
    events are appended yields none.
    """
    view_defects(cursor)
    _fill(
        cursor,
        "between_asked",
        "rule varchar, dataset varchar",
        [{"rule": rule, "dataset": dataset} for rule, read in asked.items() for dataset in read],
    )
    _fill(
        cursor,
        "between_arrivals",
        'rule varchar, dataset varchar, agency varchar, delivery varchar, "at" timestamp',
        [asdict(arrival) for arrival in arrivals],
    )
    _view_rows(cursor)
    cursor.execute((SQL / "between.sql").read_text(encoding="utf-8"))
    counts = cursor.execute("select event, count(*) from changes group by event").fetchall()
    yield Changes(cursor, _EVENTS, {"first": next_event_no, "at": at}, dict(sorted(counts)))


def _fill(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Sequence[Mapping[str, object]],
) -> None:
    """A temp table of these rows, its columns declared as SQL declares them."""
    cursor.execute(f"create or replace temp table {table} ({columns})")
    if rows:
        cursor.execute(
            f"insert into {table} by name select unnest($rows, recursive := true)",
            {"rows": rows},
        )


def _view_rows(cursor: duckdb.DuckDBPyConnection) -> None:
    """Table `between_rows`: the latest row of every key that stands accused in the ledger."""
    accused = cursor.execute(
        "select distinct dataset from quality.main.defects "
        "where kind = 'between' and event in ('opened', 'reopened') "
        "and rule in (select rule from between_asked) order by dataset"
    ).fetchall()
    cursor.execute(
        "create or replace temp table between_rows (dataset varchar, agency varchar, key varchar, "
        "op varchar, delivery varchar, row bigint)"
    )
    for (ref,) in accused:
        agency, name = ref.split("/")
        cursor.execute(
            f"insert into between_rows select {literal(ref)}, _agency, _key, _op, _delivery, _row "
            f"from history.{quoted(agency)}.{quoted(name)} as stored "
            "semi join (from quality.main.defects "
            f"where kind = 'between' and dataset = {literal(ref)}) as known "
            "on known.agency = stored._agency and known.key = stored._key "
            "qualify row_number() over (partition by _agency, _key "
            "order by _seq desc, _row desc nulls last) = 1"
        )
