"""A lake of one small dataset in a plain DuckDB connection, in the shape the engine gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from catalog.models.datasets import Column, Dataset, Publication
from catalog.models.rules import Dimension
from quality.ledger import DEFECT_EVENTS, Cause, Changes, reconcile_by_rules
from quality.ledger.reconcile import CauseState
from quality.rules.model import Rule

NOON = datetime(2026, 3, 2, 12)


def rule(column: str, kind: str, bit: int) -> Rule:
    return Rule(
        id=f"{column}.{kind}",
        kind=kind,
        columns=(column,),
        dimension=Dimension.CONFORMITY,
        severity="error",
        message="格式不正确",
        standard="GB 0",
        how_to_correct="按格式填写",
        example="1",
        bit=bit,
    )


RULES = (rule("name", "required", 0), rule("city", "code", 1), rule("city", "pattern", 70))

DATASET = Dataset(
    agency="bureau",
    id="shops",
    name="店铺",
    description="店铺名录",
    subject="object",
    key=("number",),
    deliverers=("bureau", "district"),
    mode="snapshot",
    publication=Publication(database="legal_person", table="shops"),
    columns=(
        Column(id="number", name="编号", element="number"),
        Column(id="name", name="名称", element="name"),
        Column(id="city", name="城市", element="city"),
    ),
)


@dataclass
class SmallLake:
    """Rows are put in as the engine's views would show them after each delivery."""

    dataset: Dataset = DATASET
    rules: tuple[Rule, ...] = RULES
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    deliveries: int = 0
    events: int = 0

    def __post_init__(self) -> None:
        for database in ("held_by", "raw", "quality"):
            self.con.execute(f"attach ':memory:' as {database}")
        columns = ", ".join(f'"{column.id}" varchar' for column in self.dataset.columns)
        agency, name = self.dataset.agency, self.dataset.id
        self.con.execute(
            f"create schema held_by.{agency}; create schema raw.{agency};"
            f"create table held_by.{agency}.{name} ({columns}, _key varchar, _failed bigint, "
            "_failed_2 bigint, _row bigint, _delivery varchar, _seq bigint, _agency varchar);"
            f"create table raw.{agency}.{name} ({columns}, _row bigint, _line bigint, "
            "_shape varchar, _delivery varchar, _seq bigint, _agency varchar);"
            "create table quality.main.findings (dataset varchar, agency varchar, "
            "delivery varchar, seq bigint, kind varchar, rule varchar, identity varchar, "
            'row bigint, line bigint, "column" varchar, value varchar, message varchar);'
            "create table quality.main.delivery_events (event_no bigint, delivery varchar, "
            "state varchar, dataset varchar, agency varchar);"
            "create table quality.main.deliveries (delivery varchar, seq bigint, agency varchar, "
            "dataset varchar, mode varchar, state varchar, shape varchar);"
            'create table quality.main.profiles (delivery varchar, "column" varchar, '
            "delivered boolean, rows bigint, nulls bigint);"
            'create table quality.main.defect_events (event_no bigint, "at" timestamp, '
            "event varchar, cause varchar, kind varchar, defect varchar, ticket varchar, "
            'dataset varchar, agency varchar, rule varchar, key varchar, "column" varchar, '
            "delivery varchar, row bigint, line bigint, value varchar, reason varchar)"
        )

    @property
    def held(self) -> str:
        return f"held_by.{self.dataset.agency}.{self.dataset.id}"

    def delivery(
        self,
        agency: str = "bureau",
        mode: str = "snapshot",
        state: str = "applied",
        seq: int = 0,
        shape: str | None = None,
    ) -> str:
        """A new delivery that the log already knows."""
        self.deliveries += 1
        delivery = f"d{self.deliveries:06d}"
        self.con.execute(
            "insert into quality.main.deliveries values ($1, $2, $3, $4, $5, $6, $7)",
            [delivery, seq or self.deliveries, agency, self.dataset.ref, mode, state, shape],
        )
        self.decide(delivery, state)
        return delivery

    def decide(self, delivery: str, state: str) -> None:
        self.events += 1
        self.con.execute(
            "insert into quality.main.delivery_events select $1, $2, $3, dataset, agency "
            "from quality.main.deliveries where delivery = $2",
            [self.events, delivery, state],
        )
        self.con.execute(
            "update quality.main.deliveries set state = $1 where delivery = $2", [state, delivery]
        )

    def put(self, delivery: str, *rows: dict[str, Any], agency: str = "bureau") -> None:
        """Rows as `{number, name, city, failed: [rule ids]}`, each the current one of its key."""
        for ordinal, row in enumerate(rows, start=1):
            self.remove(row["number"], agency=agency)
            masks = [0, 0]
            for rule_of_row in self.rules:
                if rule_of_row.id in row.get("failed", ()):
                    masks[rule_of_row.bit // 63] |= rule_of_row.mask_value
            values = [row.get(column.id) for column in self.dataset.columns]
            marks = ", ".join("?" * len(values))
            self.con.execute(
                f"insert into {self.held} values ({marks}, ?, ?, ?, ?, ?, ?, ?)",
                [*values, row["number"], *masks, ordinal, delivery, self.deliveries, agency],
            )
            self.con.execute(
                f"insert into {self.held.replace('held_by', 'raw')} "
                f"select {marks}, ?, ?, null, ?, ?, ? where not exists (from raw.bureau.shops "
                "where _delivery = ? and _row = ?)",
                [
                    *values,
                    ordinal,
                    ordinal + 1,
                    delivery,
                    self.deliveries,
                    agency,
                    delivery,
                    ordinal,
                ],
            )

    def remove(self, *keys: str, agency: str = "bureau") -> None:
        for key in keys:
            self.con.execute(
                f"delete from {self.held} where _key = ? and _agency = ?", [key, agency]
            )

    def find(
        self,
        delivery: str,
        kind: str,
        rule_id: str,
        identity: str = "",
        row: int | None = None,
        column: str = "",
    ) -> None:
        self.con.execute(
            "insert into quality.main.findings select $1, agency, delivery, seq, $2, $3, $4, $5, "
            "null, $6, 'a;b', '说明' from quality.main.deliveries where delivery = $7",
            [self.dataset.ref, kind, rule_id, identity, row, column, delivery],
        )

    def profile(self, delivery: str, column: str, nulls: int = 0, delivered: bool = True) -> None:
        """The profile of a column of ten rows."""
        self.con.execute(
            "insert into quality.main.profiles values ($1, $2, $3, 10, $4)",
            [delivery, column, delivered, nulls],
        )

    def reconcile(
        self,
        delivery: str,
        state: CauseState = "applied",
        agency: str = "bureau",
        rules: tuple[Rule, ...] | None = None,
    ) -> pl.DataFrame:
        """Reconciles, appends the events to the ledger, and returns them."""
        last = self.con.execute(
            "select coalesce(max(event_no), 0) from quality.main.defect_events"
        ).fetchone()
        assert last is not None
        with reconcile_by_rules(
            self.con,
            self.dataset,
            self.rules if rules is None else rules,
            Cause(agency, delivery, state, NOON + timedelta(days=self.deliveries)),
            last[0] + 1,
        ) as changes:
            frame = self._checked(changes)
        for row in frame.iter_rows():
            self.con.execute(
                f"insert into quality.main.defect_events values ({', '.join('?' * len(row))})", row
            )
        return frame

    @staticmethod
    def _checked(changes: Changes) -> pl.DataFrame:
        frame = changes.frame()
        assert frame.schema == DEFECT_EVENTS
        assert sum(changes.counts.values()) == frame.height
        return frame

    def open(self) -> set[tuple[str, str, str]]:
        """The ledger's open set as (agency, key, rule)."""
        return set(
            self.con.execute(
                "select agency, key, rule from quality.main.defect_events "
                "qualify row_number() over (partition by defect order by event_no desc) = 1 "
                "and event in ('opened', 'reopened')"
            ).fetchall()
        )
