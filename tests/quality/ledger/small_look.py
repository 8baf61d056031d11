"""Two agencies' datasets in a plain DuckDB connection, and one rule that looks at both.

Everything happens in the same second: what came first is told by numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

import quality.tickets
from quality.ledger import DEFECT_EVENTS
from quality.ledger.between import (
    BETWEEN_STANDING,
    Asked,
    reconcile_between,
    write_standing,
)
from quality.ledger.session import session
from quality.punctuality import OVERDUE, Arrival
from warehouse.engine import duckdb_type

NOON = datetime(2026, 3, 2, 12)
INSURED, PAID, DEATHS = "insurer/insured", "insurer/paid", "hospital/deaths"
RULE = "between.dead"
TICKETS = Path(quality.tickets.__file__).with_name("tickets.sql")


class Finding(NamedTuple):
    """One of the insurer's rows, or a dataset that it owes, found wrong."""

    rule: str
    dataset: str
    key: str
    column: str
    delivery: str
    row: int | None
    detail: str
    kind: str


class Event(NamedTuple):
    """What a test asks of a ledger's event."""

    event: str
    cause: str
    delivery: str
    row: int | None


@dataclass
class SmallLook:
    """Rows are put in as the lake would hold them; a test says which of them the rule finds."""

    folder: Path
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    deliveries: int = 0
    logged: int = 0
    rows: dict[str, list[tuple[str, str, str, str, int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.con.execute("attach ':memory:' as history; attach ':memory:' as quality")
        for ref in (INSURED, PAID, DEATHS):
            agency, name = ref.split("/")
            self.con.execute(
                f"create schema if not exists history.{agency};"
                f"create table history.{agency}.{name} (_agency varchar, _key varchar, "
                "_op varchar, _delivery varchar, _row bigint, _seq bigint)"
            )
        self.con.execute(
            "create table quality.main.deliveries (delivery varchar, dataset varchar, "
            "agency varchar, state varchar, seq bigint, upserted bigint, deleted bigint, "
            "removed bigint);"
            "create table quality.main.delivery_events (event_no bigint, delivery varchar, "
            "state varchar)"
        )
        for name, schema in (
            ("defect_events", DEFECT_EVENTS),
            ("between_standing", BETWEEN_STANDING),
        ):
            columns = ", ".join(f'"{name}" {duckdb_type(kind)}' for name, kind in schema.items())
            self.con.execute(f"create table quality.main.{name} ({columns})")

    def deliver(self, ref: str, *keys: str, op: str = "upsert", state: str = "applied") -> str:
        """A delivery of new or changed rows; its id."""
        self.deliveries += 1
        delivery, agency = f"d{self.deliveries:06d}", ref.split("/", maxsplit=1)[0]
        self.con.execute(
            "insert into quality.main.deliveries values ($1, $2, $3, 'received', $4, $5, 0, 0)",
            [delivery, ref, agency, self.deliveries, len(keys)],
        )
        self.rows[delivery] = [
            (agency, key, op, delivery, row, self.deliveries)
            for row, key in enumerate(keys, start=1)
        ]
        self.decide(delivery, state)
        return delivery

    def decide(self, delivery: str, state: str) -> None:
        """The delivery comes to this state: its rows lie in the lake while it is applied."""
        self.logged += 1
        self.con.execute(
            "insert into quality.main.delivery_events values ($1, $2, $3)",
            [self.logged, delivery, state],
        )
        ((ref,),) = self.con.execute(
            "update quality.main.deliveries set state = $2 where delivery = $1 returning dataset",
            [delivery, state],
        ).fetchall()
        table = f"history.{ref.replace('/', '.')}"
        self.con.execute(f"delete from {table} where _delivery = $1", [delivery])
        for row in self.rows[delivery] if state == "applied" else ():
            self.con.execute(f"insert into {table} values ($1, $2, $3, $4, $5, $6)", row)

    def ask(
        self, found: dict[str, str], version: int = 1, rule: str = RULE, killed: bool = False
    ) -> list[Event]:
        """Asks the rule, which finds these keys of INSURED, each with what it was held against.

        Killed, it ends before the ledger has its events.
        """
        rows = self.con.execute(
            "from history.insurer.insured select _key, _delivery, _row "
            "qualify row_number() over (partition by _key order by _seq desc) = 1"
        ).fetchall()
        findings = [
            Finding(rule, INSURED, key, "id", delivery, row, found[key], "between")
            for key, delivery, row in rows
            if key in found
        ]
        read = frozenset({INSURED, PAID, DEATHS})
        return self._look(Asked(rule, version, read), findings, (), killed)

    def miss(self, found: dict[str, str], *arrivals: str) -> list[Event]:
        """Looks for what is overdue: these datasets, with why. `arrivals`: deliveries of PAID."""
        findings = [
            Finding(OVERDUE, ref, "", "", "", None, detail, "absence")
            for ref, detail in found.items()
        ]
        came = [Arrival(OVERDUE, PAID, "insurer", delivery) for delivery in arrivals]
        return self._look(Asked(OVERDUE, 1, frozenset({PAID})), findings, came)

    def _look(
        self,
        asked: Asked,
        findings: Sequence[Finding],
        arrivals: Sequence[Arrival],
        killed: bool = False,
    ) -> list[Event]:
        standing, new = self.folder / "standing.parquet", self.folder / "events.parquet"
        with session(self.con) as cursor:
            cursor.execute(
                "create temp table between_findings (rule varchar, dataset varchar, key varchar, "
                '"column" varchar, delivery varchar, row bigint, detail varchar, kind varchar, '
                "agency varchar default 'insurer', value varchar)"
            )
            for finding in findings:
                cursor.execute(
                    "insert into between_findings "
                    "values ($1, $2, $3, $4, $5, $6, $7, $8, 'insurer', null)",
                    finding,
                )
            ((first,),) = cursor.execute(
                "select count(*) + 1 from quality.main.defect_events"
            ).fetchall()
            with reconcile_between(cursor, [asked], arrivals, NOON, first) as changes:
                write_standing(cursor, self.logged, standing, ended=killed)
                changes.write_parquet(new)
                events = changes.frame()
        assert events.schema == DEFECT_EVENTS
        assert pl.read_parquet_schema(standing) == BETWEEN_STANDING
        self.con.execute(
            "delete from quality.main.between_standing;"
            f"insert into quality.main.between_standing by name from '{standing}'"
        )
        if not killed:
            self.con.execute(f"insert into quality.main.defect_events by name from '{new}'")
        return [Event(*row) for row in events.select(Event._fields).iter_rows()]

    def details(self) -> list[tuple[str, str]]:
        """Key and detail of what is kept of the last askings."""
        return self.con.execute(
            "select key, detail from quality.main.between_standing order by all"
        ).fetchall()

    def relapses(self) -> int:
        """As the tickets tell them."""
        tickets = TICKETS.read_text(encoding="utf-8").rstrip(";\n")
        ((relapses,),) = self.con.execute(
            f"select sum(relapses)::bigint from ({tickets})", {"ticket": None}
        ).fetchall()
        return int(relapses)
