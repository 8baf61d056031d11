"""A city of one deliverer of one dataset, companies unless told, in a plain DuckDB connection.

Rows are judged by the real catalogue and the real pass; the views are those the engine would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from catalog.entries import Catalog
from quality.ledger import DEFECT_EVENTS, defect_id, reconcile, ticket_id
from quality.ledger.between import BETWEEN_STANDING
from quality.ledger.reconcile import CauseState
from quality.profiles import PROFILES
from quality.scores.table import SCORES
from quality.standardise import staged_schema, standardise
from tests.this_catalog import this_catalog
from warehouse.engine import MACROS, duckdb_type, quoted

REF = "market_supervision/business_entities"
AGENCY = "zhangdian_market_supervision"
START = datetime(2026, 3, 2, 9)

GOOD: dict[str, str | None] = {
    "uscc": "91370303MA3CFB0F80",
    "name": "淄博示范陶瓷有限公司",
    "entity_type": "1130",
    "legal_representative": "张三",
    "registered_capital": "100万元人民币",
    "business_scope": "陶瓷制品销售",
    "address": "山东省淄博市张店区柳泉路1号",
    "established_on": "2015-06-01",
}


RULE_OF = {"held": "delivery.too_many_removals", "refused": "delivery.empty"}


@cache
def real_catalog() -> Catalog:
    return this_catalog()


def raw_frame(
    rows: Sequence[Mapping[str, str | None]],
    delivery: str,
    seq: int,
    ref: str = REF,
    agency: str = AGENCY,
) -> pl.DataFrame:
    """Rows as the intake writes them: columns not given are null, `_row` from 1, `_line` from 2."""
    dataset = real_catalog().datasets[ref]
    return pl.DataFrame(
        [
            {column.id: row.get(column.id) for column in dataset.columns}
            | {"_extra": None, "_op": "upsert", "_row": n, "_line": n + 1, "_shape": None}
            | {"_delivery": delivery, "_seq": seq, "_agency": agency}
            for n, row in enumerate(rows, start=1)
        ],
        schema={
            **{column.id: pl.String for column in dataset.columns},
            "_extra": pl.String,
            "_op": pl.String,
            "_row": pl.Int64,
            "_line": pl.Int64,
            "_shape": pl.String,
            "_delivery": pl.String,
            "_seq": pl.Int64,
            "_agency": pl.String,
        },
    )


class SmallCity:
    """Deliveries applied one after the other, each followed by the ledger."""

    def __init__(self, folder: Path, ref: str = REF, agency: str = AGENCY) -> None:
        self.folder = folder
        self.ref = ref
        self.agency = agency
        self.table = ref.replace("/", ".")
        self.catalog = real_catalog()
        self.con = duckdb.connect()
        self.count = 0
        self.events = 0
        for database in ("held_by", "raw", "quality"):
            self.con.execute(f"attach ':memory:' as {database}")
        for script in sorted(MACROS.glob("*.sql")):
            self.con.execute(script.read_text(encoding="utf-8"))
        self._create(f"held_by.{self.table}", staged_schema(self.catalog, ref))
        self._create(f"raw.{self.table}", raw_frame([], "", 0, ref).schema)
        self._create("quality.main.defect_events", DEFECT_EVENTS)
        self._create("quality.main.between_standing", BETWEEN_STANDING)
        self._create("quality.main.scores", SCORES)
        self._create("quality.main.profiles", PROFILES)
        self.con.execute(
            "create table quality.main.findings (dataset varchar, agency varchar, "
            "delivery varchar, seq bigint, kind varchar, rule varchar, identity varchar, "
            'row bigint, line bigint, "column" varchar, value varchar, message varchar);'
            "create table quality.main.deliveries (delivery varchar, dataset varchar, "
            "agency varchar, seq bigint, mode varchar, state varchar, file varchar, "
            "shape varchar, sheet varchar, format varchar, encoding varchar, counted bigint, "
            "accepted bigint, rejected bigint, message varchar, received_at timestamp, "
            "decided_at timestamp);"
            "create view quality.main.delivery_events as "
            "select delivery, dataset, agency, state, seq as event_no from quality.main.deliveries"
        )

    def _create(self, name: str, schema: Mapping[str, pl.DataType]) -> None:
        database, area, _ = name.split(".")
        if area != "main":
            self.con.execute(f"create schema if not exists {database}.{area}")
        columns = ", ".join(
            f"{quoted(column)} {duckdb_type(kind)}" for column, kind in schema.items()
        )
        self.con.execute(f"create table {name} ({columns})")

    @property
    def now(self) -> datetime:
        """The hour of the last delivery; deliveries come a day apart."""
        return START + timedelta(days=self.count - 1)

    def deliver(
        self,
        *rows: Mapping[str, str | None],
        rejects: Sequence[str] = (),
        state: CauseState = "applied",
        file: str = "经营主体.csv",
        message: str | None = None,
    ) -> str:
        """A snapshot of these rows; `rejects` are the texts of records that could not be read."""
        self.count += 1
        delivery = f"d{self.count:06d}"
        raw = raw_frame(rows, delivery, self.count, self.ref, self.agency)
        self.con.execute(
            "insert into quality.main.deliveries values "
            "(?, ?, ?, ?, 'snapshot', ?, ?, null, null, 'csv', 'utf-8', ?, ?, ?, ?, ?, ?)",
            [
                *(delivery, self.ref, self.agency, self.count, state, file),
                *(len(rows) + len(rejects), len(rows), len(rejects)),
                *(message, self.now, self.now),
            ],
        )
        if state == "applied":
            self._apply(raw)
        else:
            self.find(delivery, "delivery", RULE_OF[state], "", None, None, message or "")
        for number, text in enumerate(rejects, start=1):
            row = len(rows) + number
            self.find(delivery, "reject", "record.ragged", text, row, text, "栏数与表头不一致")
        self.settle(delivery, state)
        return delivery

    def find(
        self, delivery: str, kind: str, rule: str, identity: str, row: int | None,
        value: str | None, message: str, column: str = "",
    ) -> None:  # fmt: skip
        line = None if row is None else row + 1
        self.con.execute(
            "insert into quality.main.findings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self.ref,
                self.agency,
                delivery,
                self.count,
                kind,
                rule,
                identity,
                row,
                line,
                column,
                value,
                message,
            ],
        )

    def _apply(self, raw: pl.DataFrame) -> None:
        self.insert(f"raw.{self.table}", raw)
        staged = self._hold(raw)
        for row in staged.filter(pl.col("_key").is_null())["_row"]:
            delivery = raw["_delivery"][0]
            self.find(delivery, "quarantine", "key.missing", f"{row}", row, None, "缺少主键")

    def hold_rows_of(self, delivery: str) -> None:
        """Makes an earlier snapshot's rows the current ones again."""
        rows = self.con.sql(
            f"from raw.{self.table} where _delivery = $delivery",
            params={"delivery": delivery},
        )
        self._hold(pl.DataFrame(rows))

    def _hold(self, raw: pl.DataFrame) -> pl.DataFrame:
        staged = standardise(raw.lazy(), self.catalog, self.ref, START.date()).collect()
        self.con.execute(f"delete from held_by.{self.table}")
        self.insert(f"held_by.{self.table}", staged.drop_nulls("_key"))
        return staged

    def insert(self, table: str, frame: pl.DataFrame) -> None:
        file = self.folder / "insert.parquet"
        frame.write_parquet(file)
        self.con.execute(f"insert into {table} by name from read_parquet('{file}')")

    def settle(self, delivery: str, state: CauseState) -> None:
        """Brings the ledger up to date."""
        with reconcile(
            self.con,
            self.catalog,
            self.ref,
            self.agency,
            delivery,
            state,
            self.now,
            self.events + 1,
        ) as changes:
            events = changes.frame()
        self.insert("quality.main.defect_events", events)
        self.events += events.height

    def accuse(self, rule: str, key: str, column: str, delivery: str, row: int) -> None:
        """A rule between datasets finds one cell wrong."""
        self.events += 1
        event = {
            "event_no": self.events, "at": self.now, "event": "opened", "cause": "applied",
            "kind": "between", "defect": defect_id(self.ref, self.agency, key, column, rule),
            "ticket": ticket_id(self.ref, self.agency, rule), "dataset": self.ref,
            "agency": self.agency, "rule": rule, "key": key, "column": column,
            "delivery": delivery, "row": row, "reason": f"与{column}比对不符",
        }  # fmt: skip
        self.insert("quality.main.defect_events", pl.DataFrame([event], schema=DEFECT_EVENTS))
