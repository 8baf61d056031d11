"""What our own checks stopped stays stopped in every later run, until they pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from assets.lakehouse import Lakehouse
from assets.session import session
from pipelines.run import RunResult, run
from warehouse.home import Clock, Home
from warehouse.lake import LakeFile

REF = "statistics/regional_gdp"
GDP = "年份,省份,GDP总量,第一产业,第二产业,第三产业\n2023,山东省,{},100,400,500\n"
MORNING = datetime(2026, 11, 23, 9)


class House:
    """A home in which runs are made one after the other, each as a process that starts then."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)

    def deliver(self, ref: str, name: str, text: str) -> None:
        path = self.home.landing / ref / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *select: str) -> RunResult:
        with session(0, home=self.home) as house:
            return run(house, select)

    def replace(self, table: str, rows: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        """Puts other rows in place of a lake table's."""
        lake = Lakehouse.open(self.home, Clock(MORNING)).lake
        old = lake.files(table)
        frame = rows(pl.read_parquet(old))
        file = lake.path(table) / f"planted-{lake.version(table)}.parquet"
        frame.write_parquet(file)
        removed = [Path(path).name for path in old]
        lake.commit(table, [LakeFile(file, frame.height)], file.stem, remove=removed)

    def published(self) -> Any:
        """What analysts read: the file's version and the GDP of 2023, in 100 million yuan."""
        path = str(self.home.published / "warehouse.duckdb")
        with duckdb.connect(path, read_only=True) as con:
            return con.execute(
                "select version, (select max(gdp)::int from macroeconomy.regional_gdp) "
                "from catalog.about"
            ).fetchone()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in ("LAKEHOUSE_HOME", "LAKEHOUSE_DAGSTER", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LAKEHOUSE_NOW", MORNING.isoformat())
    yield House(tmp_path / "home")


def wrong_count(rows: pl.DataFrame) -> pl.DataFrame:
    """Verdicts, one of which says that the mask counted a row more than there is."""
    return rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.col("expectation_count") + 1)
        .otherwise(pl.col("mask_count"))
        .alias("mask_count")
    )


def right_count(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(mask_count=pl.col("expectation_count"))


def test_a_wrong_mask_stops_the_publication_in_every_run_until_it_is_mended(house: House) -> None:
    house.deliver(REF, "a.csv", GDP.format(1000))
    assert house.run().failures == []
    good = house.published()
    house.replace("quality/verdicts", wrong_count)
    house.deliver(REF, "b.csv", GDP.format(1100))
    for _ in range(2):
        stopped = house.run()
        assert stopped.failures == ["statistics__regional_gdp"] and stopped.exit_code == 1
        # Links are made of other datasets, which passed.
        made = {name for name in stopped.made if name.startswith(("published", "quality"))}
        assert made <= {"quality/links"}
        assert house.published() == good
    assert house.run("published").failures == ["reports_and_warehouse"]
    assert house.published() == good
    house.replace("quality/verdicts", right_count)
    mended = house.run()
    assert mended.failures == []
    assert "published/warehouse" in mended.made
    assert house.published() == (good[0] + 1, 1100)
    assert house.run().made == []
