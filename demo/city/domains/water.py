"""水利: levels and flows of reservoirs and rivers.

Belongs here: this dataset. The gauging stations are declared.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.rng import Floats, Ints
from demo.city.table import table
from demo.city.text import blank_unless, moments, pick

_HOUR: Final = 3600
_LAST_HOUR: Final = 8
"""Hour of the city's day at which the levels of the last day are read."""


def _stations() -> list[dict[str, Any]]:
    return list(declaration("domains/water")["stations"])


def _slots(city: City) -> int:
    """Whole hours of all stations."""
    count = len(_stations())
    return max(city.scale.rows("water/reservoirs_and_rivers") // count, 1) * count


@table("water/reservoirs_and_rivers", slots=_slots)
def reservoirs_and_rivers(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an hour and station, the oldest hour first.

    Levels follow the season, high after the rains of July and August, and change slowly; a
    reservoir's flow is what it lets out, none at times.
    """
    stations, slot = _stations(), np.arange(start, stop)
    station, ago = slot % len(stations), (_slots(city) - 1 - slot) // len(stations)
    hour = city.today * 24 + _LAST_HOUR - ago
    fields = ("level", "rise", "flow", "warning")
    level, rise, flow, warning = np.array(
        [[entry[name] for name in fields] for entry in stations], dtype=float
    )[station].T
    height = _season(hour) + 0.35 * _wave(city, station, hour)
    draws = city.draws("water/reading")
    river = np.array([entry["kind"] == "river" for entry in stations])[station]
    lets_out = river | (height > 0.55)
    carried = flow * np.exp(1.6 * (height - 0.4)) * (0.95 + 0.1 * draws.uniform(slot))
    return pl.DataFrame(
        {
            "station_code": pick([entry["code"] for entry in stations], station),
            "observed_at": moments(hour // 24, hour % 24 * _HOUR),
            "watershed": pick([entry["watershed"] for entry in stations], station),
            "water_level": np.round(level + rise * np.clip(height, 0, 1.3), 2),
            "flow": blank_unless(pl.Series(np.round(carried, 3)), lets_out),
            "warning_level": np.round(warning, 2),
        }
    )


def _season(hour: Ints) -> Floats:
    """From 0 in May to 1 at the end of August."""
    day_of_year = (hour / 24) % 365.2425
    season: Floats = 0.5 + 0.5 * np.cos(2 * np.pi * (day_of_year - 240) / 365.2425)
    return season


def _wave(city: City, station: Ints, hour: Ints) -> Floats:
    """Weather: random heights of each station's weeks, with straight lines between them."""
    draws = city.draws("water/weather")
    week, within = hour // 168, hour % 168 / 168
    before = draws.uniform(week * 1000 + station)
    after = draws.uniform((week + 1) * 1000 + station)
    wave: Floats = before + (after - before) * within
    return wave
