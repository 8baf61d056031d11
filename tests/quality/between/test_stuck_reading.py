"""Concentrations that stand still."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.quality.between.tables import Tables

HOURS = "ecology/air_hourly"


@pytest.fixture
def house() -> Tables:
    return Tables("stuck_reading")


def hours(house: Tables, values: Sequence[int | None], column: str = "so2", step: int = 1) -> int:
    """How many of the hours are found, the values following each other every so many hours."""
    rows = [
        f"S1 | 2026-09-{1 + at * step // 24:02d} {at * step % 24:02d}:00:00 | "
        f"{'' if value is None else value}"
        for at, value in enumerate(values)
    ]
    house.put(HOURS, "\n".join((f"station_code | observed_at | {column}", *rows)))
    found = house.found()
    assert {name for _, _, name in found} <= {column}
    return len(found)


def test_twelve_hours_of_one_value_are_found_and_no_hour_beside_them(house: Tables) -> None:
    assert hours(house, [11, 13, *[22] * 12, 21, 22]) == 12
    assert set(house.details()) == {("22", "自 2026-09-01 02:00 起连续 12 个读数相同")}


def test_eleven_hours_of_one_value_are_weather(house: Tables) -> None:
    assert hours(house, [11, *[22] * 11, 23, 22]) == 0


def test_a_missing_value_does_not_break_a_standstill(house: Tables) -> None:
    assert hours(house, [*[22] * 6, None, *[22] * 6]) == 12


def test_single_hours_of_many_days_are_no_standstill(house: Tables) -> None:
    assert hours(house, [22] * 12, step=6) == 0


def test_values_at_the_limit_of_detection_stand_still_by_nature(house: Tables) -> None:
    assert hours(house, [3] * 24) == 0


def test_carbon_monoxide_is_left_out_other_pollutants_are_not(house: Tables) -> None:
    assert hours(house, [22] * 12, column="pm10") == 12
    house.put(
        HOURS,
        "station_code | observed_at | co\n"
        + "\n".join(f"S2 | 2026-09-01 {hour:02d}:00:00 | 0.8" for hour in range(24)),
    )
    assert len(house.found()) == 12
