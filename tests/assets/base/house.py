"""A home whose standard tables are written delivery by delivery, and base tables built over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from stdnum.cn.ric import calc_check_digit

from assets.base.build import build
from assets.base.unfold import divergences, values
from assets.lakehouse import Lakehouse
from catalog.load import Catalog
from catalog.models.base_tables import BaseTable
from demo.identifiers import uscc
from quality.linking.table import LINKS, LINKS_TABLE
from warehouse.home import Clock, Home
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State

from ..masks import clean_masks

BUSINESS = "market_supervision/business_entities"
SOCIAL = "civil_affairs/social_organizations"
TAXPAYERS = "taxation/taxpayers"
LISTED = "development_reform/dishonest_entities"
POPULATION = "public_security/registered_population"
PERMITS = "public_security/residence_permits"
INSURED = "medical_insurance/insured_persons"
DEATHS = "health/death_certificates"

FIRST = datetime(2026, 10, 1, 9)


Row = Mapping[str, Any]


class House:
    """Delivers standard rows as a settled delivery leaves them, builds base tables, looks."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder = folder
        self.catalog = catalog
        self.deliveries = 0
        self.reopen()

    def reopen(self, catalog: Catalog | None = None) -> None:
        """The home as a process that starts then finds it, with another catalogue perhaps; a day
        for each delivery."""
        self.catalog = catalog or self.catalog
        at = FIRST + timedelta(days=self.deliveries)
        self.lakehouse = Lakehouse.open(Home(self.folder), Clock(at), self.catalog)

    def deliver(
        self,
        ref: str,
        rows: Sequence[Row],
        gone: Sequence[str] = (),
        key: str = "uscc",
        agency: str | None = None,
    ) -> str:
        """One delivery's file in a standard table: `rows` stand from it on, keys `gone` end.

        `key` names the column that is the row's `_key`; `agency` the deliverer, the owner where
        none is named. Returns the delivery's id.
        """
        self.deliveries += 1
        self.reopen()
        lake, name = self.lakehouse.lake, f"standard/{ref}"
        delivery, agency = f"d{self.deliveries:06d}", agency or ref.split("/", maxsplit=1)[0]
        schema = self.lakehouse.schemas[name]
        technical = {
            "_op": "upsert", "_seq": self.deliveries, "_delivery": delivery, "_agency": agency,
            **clean_masks(schema),
        }  # fmt: skip
        told: list[dict[str, Any]] = [
            {**technical, "_key": row[key], "_row": place, **row}
            for place, row in enumerate(rows, start=1)
        ] + [{**technical, "_key": each, "_op": "delete"} for each in gone]
        lake.ensure(name, schema)
        file = lake.path(name) / f"{delivery}.parquet"
        pl.DataFrame(told, schema=schema).write_parquet(file)
        lake.commit(name, [LakeFile(file, len(told))], delivery)
        at = self.lakehouse.clock.now()
        self.lakehouse.log.record(
            "applied",
            Delivery(
                delivery=delivery, dataset=ref, agency=agency, file="a.csv", source="a.csv",
                mtime_ns=0, size=0, sha256=delivery, state=State.APPLIED, seq=self.deliveries,
                ordered_at=at, first_seen=at, upserted=len(rows),
                # More than one version of a key may stand in the history.
                replaced=1, removed=len(gone),
            ),
        )  # fmt: skip
        return delivery

    def withdraw(self, ref: str, delivery: str) -> None:
        """Takes a delivery's file out of the standard table, as undoing it does."""
        name = f"standard/{ref}"
        self.lakehouse.lake.commit(name, [], f"{delivery}-undone", remove=[f"{delivery}.parquet"])

    def link(self, ref: str, key: str, base_table: str, linked: str) -> None:
        """What linking found for one row, in place of whatever it had found before."""
        self.relink(ref, base_table, {key: linked})

    def relink(self, ref: str, base_table: str, linked: Mapping[str, str]) -> None:
        """What linking found for a dataset's rows (row's key → subject's), in place of whatever it
        had found before."""
        lake = self.lakehouse.lake
        rows = [
            {
                "dataset": ref, "agency": ref.split("/", maxsplit=1)[0], "key": key,
                "base_table": base_table, "linked": subject, "method": "name", "score": 1.0,
                "alternatives": [], "evidence": "",
            }
            for key, subject in linked.items()
        ]  # fmt: skip
        lake.ensure(LINKS_TABLE, LINKS)
        file = lake.path(LINKS_TABLE) / f"links-{lake.version(LINKS_TABLE)}.parquet"
        pl.DataFrame(rows, schema=LINKS).write_parquet(file)
        old = [Path(each).name for each in lake.files(LINKS_TABLE)]
        lake.commit(LINKS_TABLE, [LakeFile(file, len(rows))], file.name, remove=old)

    def table(self, ref: str) -> BaseTable:
        return self.catalog.base[ref]

    def build(self, ref: str, whole: bool = False) -> int:
        with self.lakehouse.engine() as engine:
            return build(self.lakehouse, engine, self.table(ref), whole)

    def rows(self, ref: str, what: str = "*") -> list[dict[str, Any]]:
        """Present rows in the key's order, by column."""
        table = self.table(ref)
        return self.ask(f"SELECT {what} FROM base.{ref} ORDER BY {', '.join(table.keys)}")

    def sources(self, ref: str) -> list[dict[str, Any]]:
        """Provenance, one row a value."""
        query = values(self.catalog, self.table(ref), f"base.{ref}", "quality.main.deliveries")
        return self.ask(query)

    def differing(self, ref: str) -> list[dict[str, Any]]:
        """Divergences from the standard sources."""
        return self.ask(divergences(self.catalog, self.table(ref), f"base.{ref}"))

    def ask(self, query: str) -> list[dict[str, Any]]:
        with self.lakehouse.engine() as engine:
            found = engine.con.execute(query)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def firm(number: int) -> str:
    """A credit code that passes its checks, told apart by a number."""
    return uscc(number, "370303")


def citizen(number: int, sex: int = 1) -> str:
    """An identity number that passes its check, of somebody born on 1980-01-01; odd sex: a man."""
    body = f"37030319800101{number * 2 + sex:03d}"
    return body + calc_check_digit(body + "0")
