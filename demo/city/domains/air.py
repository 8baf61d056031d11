"""生态环境: air stations and their hours.

Belongs here: these two datasets. The index follows from the concentrations (`demo.city.air_index`),
the longer means from the hours before, whatever the cuts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view

from demo.city.air_index import index_of, individual, primary_texts
from demo.city.city import City
from demo.city.declared import declaration
from demo.city.places import CITY
from demo.city.rng import Bools, Floats, Ints
from demo.city.table import table
from demo.city.text import blank_unless, moments, numbers, pick

_COLUMNS: Final = ("so2", "no2", "co", "o3", "pm10", "pm2_5")
_MONITORED: Final = ("SO2", "NO2", "CO", "O3", "PM10", "PM2_5")
"""Codes of monitored_pollutants, in the order of the columns."""
_SO2, _NO2, _CO, _O3, _PM10, _PM2_5 = range(6)
_BEFORE: Final = 31
"""Hours before one that its longest mean needs: 24 means over 8 hours."""
_DAY: Final = 24
_LAST_HOUR: Final = 23
_LEVELS: Final = (50, 100, 150, 200, 300)
"""Highest index of each level but the last (HJ 633-2012, table 2)."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/air"))


def _stations(city: City) -> int:
    return city.scale.rows("ecology/air_stations")


@lru_cache(maxsize=2)
def _address(city: City) -> Ints:
    """Where each station stands: in every division in turn."""
    divisions = len(city.places.divisions)
    return np.concatenate(
        [city.places.within(at % divisions, np.array([at])) for at in range(_stations(city))]
    )


@lru_cache(maxsize=2)
def _monitors(city: City) -> Bools:
    """Which station (row) measures what (column): small ones neither CO nor O3."""
    monitors = np.ones((_stations(city), len(_COLUMNS)), dtype=bool)
    small = np.arange(_stations(city)) % 5 == 4
    monitors[np.ix_(small, [_CO, _O3])] = False
    return monitors


@lru_cache(maxsize=2)
def _places(city: City) -> pl.DataFrame:
    """station_code, name, division, lon, lat of each station."""
    at, address = np.arange(_stations(city)), _address(city)
    lon, lat = city.places.points(address)
    where = city.places.columns(address)
    return pl.DataFrame(
        {
            "station_code": pl.Series(at + 1).cast(pl.String).str.pad_start(3, "0"),
            "name": where["community"],
            "division": where["division"],
            "lon": lon,
            "lat": lat,
        }
    ).with_columns(
        pl.concat_str(pl.lit("3703"), "station_code", pl.lit("A")).alias("station_code"),
        pl.concat_str(where["town"], numbers(at + 1, 2), pl.lit("号站")).alias("name"),
    )


@table("ecology/air_stations", slots=_stations)
def air_stations(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a station, with what it measures."""
    measured = [
        ";".join(name for name, known in zip(_MONITORED, row, strict=True) if known)
        for row in _monitors(city)
    ]
    return _places(city).with_columns(pl.Series("monitored", measured))[start:stop]


def _concentrations(city: City, hours: Ints) -> Ints:
    """Whole µg/m³, tenths of mg/m³ for CO, by hour, station and pollutant.

    A season, a daily shape, weather that changes from day to day, a station's own burden.
    """
    declared, station = _declared(), np.arange(_stations(city))
    draws = city.draws("air/noise")
    month = (hours // 24).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    weather = np.exp(0.5 * _weather(city, hours))
    burden = 0.8 + 0.4 * city.draws("air/station").uniform(station)
    index = hours[:, None] * 1000 + station[None, :]
    values = np.empty((len(hours), len(station), len(_COLUMNS)), dtype=np.int64)
    for place, name in enumerate(_COLUMNS):
        if place == _PM10:
            continue
        facts = declared[name]
        usual = (
            np.array(facts["season"])[month]
            * np.array(declared["daily"][facts["daily"]])[hours % 24]
        )
        sensitivity = weather if place != _O3 else 1 / np.sqrt(weather)
        noise = 0.85 + 0.3 * draws.uniform(index, place)
        drawn = (usual * sensitivity)[:, None] * burden[None, :] * noise
        values[..., place] = np.maximum(np.round(drawn), 1)
    coarse = 1.35 + 0.7 * draws.uniform(index, _PM10) + np.array(declared["dust"])[month][:, None]
    values[..., _PM10] = np.ceil(values[..., _PM2_5] * coarse)
    return values


def _weather(city: City, hours: Ints) -> Floats:
    """Between -1.5 and 1.5: a random height for every other day, straight lines between."""
    draws = city.draws("air/weather")
    pair, within = hours // 48, hours % 48 / 48
    before, after = draws.uniform(pair), draws.uniform(pair + 1)
    wave: Floats = 3 * (before + (after - before) * within) - 1.5
    return wave


def _hours(city: City) -> int:
    """Those of whole days."""
    days = city.scale.rows("ecology/air_hourly") / (_stations(city) * _DAY)
    return max(round(days), 1) * _DAY


@table("ecology/air_hourly", slots=lambda city: _hours(city) * _stations(city))
def air_hourly(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an hour and station, the oldest hour first."""
    count = _stations(city)
    last = city.today * 24 + _LAST_HOUR
    first = last - _hours(city) + 1
    hours = first + np.arange(start // count, max(-(-stop // count), start // count + 1))
    means = _means(_concentrations(city, np.arange(hours[0] - _BEFORE, hours[-1] + 1)))
    slot = np.arange(start, stop)
    at, station = slot // count - start // count, slot % count
    hour = first + slot // count
    now, monitors = means["now"][at, station], _monitors(city)[station]
    exact = now.astype(np.float64)
    exact[:, _CO] /= 10
    index, primary = index_of(individual(exact, hour // 24), monitors)
    stated, places = {}, _places(city)
    for kind, column in _stated_columns():
        values = means[kind][at, station][:, column]
        series = pl.Series(values / 10 if column == _CO else values.astype(np.float64))
        stated[_name(kind, column)] = blank_unless(series, monitors[:, column])
    return pl.DataFrame(
        {
            "station_code": places["station_code"].gather(station),
            "observed_at": moments(hour // 24, hour % 24 * 3600),
            "station_name": places["name"].gather(station),
            "city": pick([CITY], np.zeros(len(slot), dtype=np.int64)),
            "lon": places["lon"].gather(station),
            "lat": places["lat"].gather(station),
            "aqi": index,
            "quality_level": numbers(np.searchsorted(_LEVELS, index) + 1, 1),
            "primary_pollutant": pick(primary_texts(), np.where(primary > 0, primary, -1)),
            **stated,
        }
    )


def _stated_columns() -> list[tuple[str, int]]:
    """Kinds of means and pollutants that the dataset has, in its order."""
    hourly = [("now", column) for column in range(len(_COLUMNS))]
    daily = [("24h", column) for column in range(len(_COLUMNS))]
    return [*hourly, *daily, ("8h", _O3), ("8h_24h", _O3)]


def _name(kind: str, column: int) -> str:
    return _COLUMNS[column] if kind == "now" else f"{_COLUMNS[column]}_{kind}"


def _means(values: Ints) -> dict[str, Ints]:
    """By kind the hours' values after the first `_BEFORE`: the hour's own, the mean of 24 hours
    (of O3 the highest hour), the mean of 8 hours and the highest of 24 such."""
    size = len(values) - _BEFORE
    day = sliding_window_view(values, 24, axis=0)[-size:]
    eight = np.round(sliding_window_view(values, 8, axis=0).mean(axis=-1)).astype(np.int64)
    daily = np.round(day.mean(axis=-1)).astype(np.int64)
    daily[..., _O3] = day[..., _O3, :].max(axis=-1)
    return {
        "now": values[-size:],
        "24h": daily,
        "8h": eight[-size:],
        "8h_24h": sliding_window_view(eight, 24, axis=0)[-size:].max(axis=-1),
    }
