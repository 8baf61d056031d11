"""A small home whose agency of statistics delivers GDP tables written out in the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.intake.queue import take_in
from assets.intake.receipts import Taken
from assets.lakehouse import Lakehouse
from tests.this_catalog import this_catalog
from warehouse.engine import Engine
from warehouse.home import Clock, Home

REF = "statistics/regional_gdp"
HEADER = "年份,省份,GDP总量,第一产业,第二产业,第三产业,第一产业占比,第二产业占比,第三产业占比"
MORNING = datetime(2026, 11, 23, 9)
_PROVENANCE = ("_delivery", "_seq", "_row", "_normalised")


def right_row(year: int, province: str, total: int) -> str:
    """A right row: 10 %, 40 % and 50 % of the total."""
    parts = total / 10, total * 4 / 10, total / 2
    return f"{year},{province},{total},{parts[0]:g},{parts[1]:g},{parts[2]:g},0.1,0.4,0.5"


class Statistics:
    """Delivers, takes in, looks."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.reopen()

    def reopen(self, at: datetime = MORNING) -> None:
        """The home as a process that starts then finds it."""
        self.house = Lakehouse.open(self.home, Clock(at), this_catalog())

    def put(
        self,
        name: str,
        *lines: str,
        manifest: Mapping[str, object] | None = None,
        agency: str = "statistics",
        header: str = HEADER,
    ) -> Path:
        """Puts a file, and its manifest, into landing."""
        path = self.house.home.landing / agency / REF.split("/")[1] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        if manifest is not None:
            path.with_name(f"{name}.manifest.json").write_text(json.dumps(manifest))
        return path

    def take(self) -> Taken:
        """Takes in what lies in landing."""
        with self.house.engine() as engine:
            return take_in(self.house, engine)

    def deliver(self, name: str, *lines: str, **more: Mapping[str, object]) -> str:
        """One file put and taken in; its state."""
        self.put(name, *lines, **more)  # type: ignore[arg-type]
        (decided,) = self.take().decided
        return str(decided.state)

    def engine(self) -> Engine:
        """An engine on the lake as it is now."""
        return Engine(
            self.house.lake, self.house.log, self.house.schemas, self.house.home.staging / "spill"
        )

    def current(self) -> dict[tuple[int, str], float]:
        """(year, province code) → GDP of the current rows."""
        engine = self.engine()
        rows = engine.con.execute(
            "SELECT year, province, gdp::DOUBLE FROM standard.statistics.regional_gdp"
        ).fetchall()
        engine.close()
        return {(year, province): gdp for year, province, gdp in rows}

    def contents(self, provenance: bool = False) -> pl.DataFrame:
        """All current rows, sorted, without what names deliveries."""
        engine = self.engine()
        frame = pl.DataFrame(engine.con.sql("FROM standard.statistics.regional_gdp ORDER BY _key"))
        engine.close()
        return frame if provenance else frame.drop(_PROVENANCE, strict=False)

    def open_defects(self) -> set[tuple[str, str]]:
        """(rule, key) of the ledger's open defects."""
        engine = self.engine()
        rows = engine.con.execute(
            "SELECT rule, key FROM (SELECT defect, any_value(rule) AS rule, any_value(key) AS key, "
            "arg_max(event, event_no) AS event FROM quality.main.defect_events GROUP BY defect) "
            "WHERE event IN ('opened', 'reopened')"
        ).fetchall()
        engine.close()
        return {(rule, key.replace("\x1f", "|")) for rule, key in rows}

    def events(self) -> list[str]:
        """Kinds of the ledger's events, in order."""
        engine = self.engine()
        rows = engine.con.execute(
            "SELECT event FROM quality.main.defect_events ORDER BY event_no"
        ).fetchall()
        engine.close()
        return [event for (event,) in rows]


@pytest.fixture
def statistics(tmp_path: Path) -> Statistics:
    """The agency of statistics and its empty home."""
    return Statistics(tmp_path)


@pytest.fixture
def another(tmp_path: Path) -> Statistics:
    """A second, separate home."""
    return Statistics(tmp_path / "another")


@pytest.fixture
def line() -> Any:
    """Writes a right row: year, province, total."""
    return right_row
