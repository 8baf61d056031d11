"""A lakehouse written row by row, and its published file read by a plain client."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.base.build import build
from assets.lakehouse import Lakehouse
from assets.published import prepare, publish_warehouse
from catalog.load import Catalog
from quality.ledger import DEFECT_EVENTS, defect_id, ticket_id
from quality.ledger.between import BETWEEN_STANDING, STANDING_TABLE
from warehouse.home import Clock, Home

from ..masks import clean_masks

NOON = datetime(2026, 3, 2, 12)
REGISTERED = "market_supervision/business_entities"


class Written:
    """A lakehouse whose standard tables and ledger are written row by row."""

    def __init__(self, home: Path, catalog: Catalog) -> None:
        self.house = Lakehouse.open(Home(home), Clock(NOON), catalog)
        self._events: list[dict[str, Any]] = []

    def row(self, ref: str, key: str, **values: Any) -> None:
        schema = self.house.schemas[f"standard/{ref}"]
        row = {
            "_key": key, "_op": "upsert", "_row": 1, "_seq": 1, "_delivery": "d000001",
            "_agency": ref.split("/", maxsplit=1)[0], **clean_masks(schema),
        } | values  # fmt: skip
        frame = pl.DataFrame([row], schema={name: schema[name] for name in row})
        self.house.lake.ensure(f"standard/{ref}", schema)
        self.house.lake.append(
            f"standard/{ref}",
            frame.match_to_schema(schema, missing_columns="insert"),
            transaction=f"{ref} {key}",
        )

    def defect(self, ref: str, key: str, column: str, value: str | None, **more: Any) -> None:
        agency = ref.split("/", maxsplit=1)[0]
        rule = more.get("rule", f"{column}.length")
        self._events.append(
            {
                "event_no": len(self._events) + 1, "at": NOON, "event": "opened",
                "cause": "applied", "kind": "row", "dataset": ref, "agency": agency,
                "rule": rule, "key": key, "column": column, "delivery": "d000001", "row": 1,
                "value": value, "reason": "",
                "defect": defect_id(ref, agency, key, column, rule),
                "ticket": ticket_id(ref, agency, rule),
            }
            | more
        )  # fmt: skip

    def said(self, defect_no: int, detail: str) -> None:
        """What the rule of this defect, counted from 1, said of it when last asked."""
        event = self._events[defect_no - 1]
        name = STANDING_TABLE
        told = {column: event[column] for column in BETWEEN_STANDING if column in event}
        row = {**told, "version": 1, "log_no": 1, "detail": detail}
        self.house.lake.ensure(name, BETWEEN_STANDING)
        self.house.lake.append(name, pl.DataFrame([row], schema=BETWEEN_STANDING), str(defect_no))

    def publish(self) -> Path:
        name = "quality/defect_events"
        self.house.lake.ensure(name, DEFECT_EVENTS)
        events = pl.DataFrame(self._events, schema=DEFECT_EVENTS)
        self.house.lake.append(name, events, transaction="events")
        with self.house.engine() as engine:
            for table in self.house.catalog.base.values():
                build(self.house, engine, table)
            # Compressed text would hide a secret from a search of the file's bytes.
            engine.con.execute("PRAGMA force_compression = 'uncompressed'")
            prepare(self.house, engine)
            publish_warehouse(self.house, engine)
        return self.house.home.published / "warehouse.duckdb"


def read(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as reader:
        return reader.execute(query).fetchall()
