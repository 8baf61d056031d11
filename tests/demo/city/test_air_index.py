"""The air quality index of HJ 633 on worked numbers."""

from __future__ import annotations

import numpy as np

from demo.city.air_index import index_of, individual, primary_texts
from demo.city.text import days

ALL = np.ones(6, dtype=bool)
BEFORE, AFTER = days("2026-02-28"), days("2026-03-01")


def _index(day: int, **values: float) -> tuple[int, str]:
    names = ("so2", "no2", "co", "o3", "pm10", "pm2_5")
    concentration = np.array([[values.get(name, 0.0) for name in names]])
    index, bits = index_of(individual(concentration, np.array([day])), ALL[None, :])
    return int(index[0]), primary_texts()[int(bits[0])]


def test_the_limits_of_particles_changed_on_the_first_of_march_2026() -> None:
    assert _index(BEFORE, pm2_5=60) == (82, "PM2_5")
    assert _index(AFTER, pm2_5=60) == (100, "PM2_5")
    assert _index(BEFORE, pm10=120) == (85, "PM10")
    assert _index(AFTER, pm10=120) == (100, "PM10")


def test_an_index_is_rounded_up_and_a_limit_stays_its_own() -> None:
    assert _index(AFTER, pm2_5=36) == (52, "PM2_5")
    assert _index(AFTER, o3=200) == (100, "O3_1H")
    assert _index(AFTER, co=10) == (100, "CO")


def test_up_to_fifty_nothing_is_primary() -> None:
    assert _index(AFTER, pm10=50) == (50, "")


def test_pollutants_of_the_same_index_share_the_first_place() -> None:
    assert _index(AFTER, pm10=120, pm2_5=60) == (100, "PM10+PM2_5")


def test_what_is_not_measured_counts_for_nothing() -> None:
    concentration = np.array([[0, 0, 0, 400.0, 60, 20]])
    measured = ALL.copy()
    measured[3] = False
    index, _ = index_of(individual(concentration, np.array([AFTER])), measured[None, :])
    assert index[0] == 58
