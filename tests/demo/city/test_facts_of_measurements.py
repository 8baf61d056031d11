"""What must hold within measurements and indicators, and between them and the registers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from demo.city.city import City

Frames = Callable[[str], pl.DataFrame]

FIRMS = "market_supervision/business_entities"
NEVER = date(9999, 1, 1)


def test_longer_means_of_the_air_are_those_of_the_hours_before(frame_of: Frames) -> None:
    air = frame_of("ecology/air_hourly")
    station = air.filter(pl.col("station_code") == air["station_code"][0]).sort("observed_at")
    pm10, o3 = station["pm10"].to_numpy(), station["o3"].to_numpy()
    assert station["pm10_24h"][23] == np.round(pm10[:24].mean())
    assert station["o3_8h"][23] == np.round(o3[16:24].mean())
    assert station["o3_24h"][23] == o3[:24].max()


def test_the_air_of_every_day_is_told_from_midnight_to_midnight(frame_of: Frames) -> None:
    air = frame_of("ecology/air_hourly")
    days = air.group_by("station_code", pl.col("observed_at").dt.date()).len()
    assert days["len"].unique().to_list() == [24]


def test_what_a_station_does_not_measure_is_blank_in_every_hour(frame_of: Frames) -> None:
    stations = frame_of("ecology/air_stations").select("station_code", "monitored")
    air = frame_of("ecology/air_hourly").join(stations, on="station_code")
    without = ~air["monitored"].str.contains("CO")
    assert without.any()
    assert (air["co"].is_null() == without).all()
    assert air["pm10"].null_count() == 0


def test_indicators_of_people_and_firms_agree_with_the_registers(
    city: City, frame_of: Frames
) -> None:
    values = frame_of("statistics/indicator_values")

    def latest(code: str) -> tuple[str, float]:
        own = values.filter(pl.col("indicator_code") == code, pl.col("division") == "370300")
        period = own["period"].max()
        return str(period), own.filter(pl.col("period") == period)["value"][0]

    period, firms = latest("S01")
    end = date(int(period[:4]), int(period[5:]) + 1, 1)
    known = frame_of(FIRMS)
    ended = pl.coalesce("revoked_on", "deregistered_on", pl.lit(NEVER))
    alive = known.filter(pl.col("established_on") < end, ended >= end)
    assert firms == alive.height
    _, residents = latest("P01")
    assert round(residents * 10_000) == int(city.people.present.sum())


def test_a_city_s_value_is_the_sum_of_its_districts(frame_of: Frames) -> None:
    values = frame_of("statistics/indicator_values").filter(
        pl.col("unit").is_in(["亿元", "户", "万人"])
    )
    whole = pl.col("value").filter(pl.col("division") == "370300").first()
    parts = pl.col("value").filter(pl.col("division") != "370300").sum()
    sums = values.group_by("indicator_code", "period", "basis", "version").agg(
        difference=(whole - parts).abs()
    )
    assert sums.height > 100
    assert (sums["difference"] < 1e-6).all()
