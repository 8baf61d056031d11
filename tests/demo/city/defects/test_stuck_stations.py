"""Readings that stand still together, from day to day: whole days of stations made by hand."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from demo.city.city import City
from demo.city.days import Calendar
from demo.city.declared import declaration
from demo.city.defects.keys import UNIT
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import Plan
from demo.city.desk import open_desk
from demo.city.form import Form
from demo.city.jobs import Job, Order

REF, DAYS, HOURS = "ecology/air_hourly", 3, 24
FORM = Form("parquet", "utf-8", "{dataset}_{date:%Y-%m-%d}")
RIGHT = 9.0
FIRST = datetime.datetime(2026, 9, 1)


class Stuck(NamedTuple):
    """`labels`: those of stuck readings, with `station` and `date`; `held`: `hold`, the day of the
    delivery, `station`, `date`, `hour` and `so2`: what the lakehouse knows after each."""

    labels: pl.DataFrame
    held: pl.DataFrame


@pytest.fixture(scope="module")
def stuck(city: City, tmp_path_factory: pytest.TempPathFactory) -> Stuck:
    """Three days of deliveries of 200 stations' readings of two days."""
    folder = tmp_path_factory.mktemp("stuck")
    hours = pl.DataFrame(
        [
            {"station_code": f"1{s:03d}A", "observed_at": FIRST + datetime.timedelta(hours=h)}
            for s in range(200)
            for h in range(2 * HOURS)
        ]
    ).with_columns(so2=pl.lit(RIGHT), pm10=pl.lit(50.0))
    order = Order(folder, Calendar(city.day, DAYS, True), Plan(0.3))
    with open_desk(Knowledge(city), Job(REF, range(hours.height), FORM), order) as desk:
        desk.take("ecology", hours)
    desk.write_labels(folder / "labels", folder / "collateral")
    labels = pl.read_parquet(folder / "labels").filter(pl.col("kind") == "stuck_reading")
    parts = pl.col("key").str.split(UNIT).list
    labels = labels.with_columns(station=parts.first(), date=parts.last().str.head(10))
    files = [folder / file.day / file.file for file in sorted(desk.finished, key=lambda f: f.day)]
    return Stuck(labels, held(city, files))


def held(city: City, files: list[Path]) -> pl.DataFrame:
    """The readings after each file, one taken in after the other."""
    dataset, deleted = city.catalog.datasets[REF], declaration("days")["operations"]["deleted"]
    station, moment, so2 = (dataset.column(c).name for c in ("station_code", "observed_at", "so2"))
    known: dict[tuple[str, str], str | None] = {}
    states = []
    for day, file in enumerate(files, start=1):
        for row in pl.read_parquet(file).to_dicts():
            known[row[station], row[moment]] = row[so2]
            if row.get(str(dataset.operation_column)) == deleted:
                del known[row[station], row[moment]]
        states += [
            {"hold": day, "station": s, "date": at[:10], "hour": at[11:], "so2": value}
            for (s, at), value in known.items()
        ]
    return pl.DataFrame(states)


def test_one_value_stands_in_all_hours_of_a_day(stuck: Stuck) -> None:
    of = stuck.labels.group_by("day", "station", "date").agg(pl.len(), pl.col("delivered").unique())
    assert of.filter(pl.col("day") == 1).height > 10
    assert of["len"].unique().to_list() == [HOURS]
    assert of["delivered"].list.len().unique().to_list() == [1]


def test_a_day_of_a_station_is_put_right_whole_and_relapses_whole(stuck: Stuck) -> None:
    first = stuck.labels.filter(pl.col("day") == 1)
    blocks = first.unique(["station", "date"], maintain_order=True)
    values = dict.fromkeys(("stuck", "right"), 0)
    for block in blocks.to_dicts():
        same = (pl.col("station") == block["station"]) & (pl.col("date") == block["date"])
        for day in range(1, DAYS + 1):
            wrong = (
                block["corrected_on"] is None
                or day == 1
                or (day == DAYS and block["relapsed_on"] is not None)
            )
            now = stuck.held.filter(same & (pl.col("hold") == day))["so2"]
            assert now.len() == HOURS
            assert (now == block["delivered"]).sum() == (HOURS if wrong else 0), (block, day)
            values["stuck" if wrong and day > 1 else "right"] += 1
    again = stuck.labels.filter(pl.col("day") == DAYS)
    assert again["relapsed_on"].null_count() == 0 and again.height > 0
    assert min(values.values()) > 0
