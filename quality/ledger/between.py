"""The ledger's events of what a look at the whole lake finds, not one delivery.

Belongs here: comparing those findings with what the ledger holds as open, and what is kept of them
until the next look. Does not belong here: finding them (`quality.between`), and what a delivery
changes (`quality.ledger.reconcile`).

Closed by proof: since its rule was last asked, the row that failed then was delivered anew, or
deleted, or its deliverer corrected the rows beside it. When the row is what it was and another
agency's data changed, a delivery was undone, or the rule is another one, it was right all along:
then the accusation is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from quality.ledger.present import view_defects
from quality.ledger.reconcile import Changes
from quality.ledger.session import SQL
from quality.punctuality import Arrival
from warehouse.engine import literal, quoted

STANDING_TABLE = "quality/between_standing"
"""Its place in the lake."""

BETWEEN_STANDING = pl.Schema(
    {
        "rule": pl.String(),
        "version": pl.Int64(),
        "log_no": pl.Int64(),
        "dataset": pl.String(),
        "agency": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "delivery": pl.String(),
        "detail": pl.String(),
    }
)
"""Each finding as it stood when its rule was last asked; key rule, dataset, agency, key, column.

- `version`: the rule's; `log_no`: number of the delivery log's last event, both as of that asking.
- `delivery`: that of the row that failed. The ledger has that of the first one that did.
- `detail`: Chinese, what it was held against. The ledger's `reason` has what it was at the opening.
- While the ledger is being written, what has just ended lies beside it as it was: should the run
  be killed, it still ends by the same proof.
"""

_EVENTS = """
select
    $first - 1 + row_number() over (
        order by dataset, rule, agency, event, delivery, row, key, "column"
    ) as event_no,
    $at::timestamp as "at", event, cause, kind,
    coalesce(defect, defect_id(dataset, agency, key, "column", rule)) as defect,
    ticket_id(dataset, agency, rule) as ticket, dataset, agency, rule, key, "column", delivery,
    row, null::bigint as line, value, reason
from changes
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule that was asked: its version, and the datasets that it reads."""

    rule: str
    version: int
    sources: frozenset[str]


@contextmanager
def reconcile_between(
    cursor: duckdb.DuckDBPyConnection,
    asked: Sequence[Asked],
    arrivals: Sequence[Arrival],
    at: datetime,
    next_event_no: int,
) -> Iterator[Changes]:
    """The events to append after looking for what the rules of `asked` find.

    `cursor` is a ledger's session whose temp table `between_findings` (`rule`, `dataset`, `agency`,
    `key`, `column`, `delivery`, `row`, `value`, `detail`, `kind`) holds all that stands now. The
    other rules' defects are left as they are. `arrivals` is what may have ended an absence.
    Running it again after its events are appended yields none.
    """
    view_defects(cursor)
    _fill(
        cursor,
        "between_asked",
        "rule varchar, version bigint, dataset varchar",
        [
            {"rule": each.rule, "version": each.version, "dataset": dataset}
            for each in asked
            for dataset in sorted(each.sources)
        ],
    )
    _fill(
        cursor,
        "between_arrivals",
        "rule varchar, dataset varchar, agency varchar, delivery varchar",
        [asdict(arrival) for arrival in arrivals],
    )
    _view_rows(cursor)
    cursor.execute((SQL / "between.sql").read_text(encoding="utf-8"))
    counts = cursor.execute("select event, count(*) from changes group by event").fetchall()
    yield Changes(cursor, _EVENTS, {"first": next_event_no, "at": at}, dict(sorted(counts)))


def write_standing(cursor: duckdb.DuckDBPyConnection, log_no: int, path: Path, ended: bool) -> int:
    """Writes all rows of BETWEEN_STANDING after this asking to a Parquet file; their number.

    `cursor` is that of `reconcile_between`, while it is open; `log_no` the number of the delivery
    log's last event. To be kept with what has `ended` before the events are appended, and without
    it afterwards.
    """
    query = (SQL / "between_standing.sql").read_text(encoding="utf-8")
    written = cursor.execute(
        f"copy ({query}) to {literal(str(path))} (format parquet, compression zstd)",
        {"log_no": log_no, "ended": ended},
    ).fetchone()
    return int(written[0]) if written else 0


def _fill(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Sequence[dict[str, object]],
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
