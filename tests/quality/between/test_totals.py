"""City figures that are not the sum of their divisions'."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

VALUES = "statistics/indicator_values"
NAMES = "indicator_code | period | division | basis | version | unit | value | _failed"


@pytest.fixture
def house() -> Tables:
    return Tables("totals")


def months(total: float, parts: tuple[float, float] = (40, 60), code: str = "B01") -> list[str]:
    """Twelve months of an indicator: the last with this total and parts, the others add up."""
    rows = []
    for month in range(1, 13):
        whole, (one, other) = (100.0, (40.0, 60.0)) if month < 12 else (total, parts)
        for division, value in (("370300", whole), ("370302", one), ("370303", other)):
            rows.append(
                f"{code} | 2025-{month:02d} | {division} | end | final | 万人 | {value} | 0"
            )
    return rows


def test_a_total_of_an_indicator_that_adds_up_is_found_when_it_does_not(house: Tables) -> None:
    house.put(VALUES, "\n".join((NAMES, *months(190))))
    ((dataset, key, column),) = house.found()
    assert (dataset, column) == (VALUES, "value")
    assert key.split("\x1f")[:3] == ["B01", "2025-12", "370300"]
    assert house.details() == [("190", "2 个区县合计 100")]


def test_rounding_is_no_difference(house: Tables) -> None:
    house.put(VALUES, "\n".join((NAMES, *months(100.4))))
    assert house.found() == set()


def test_an_indicator_that_does_not_add_up_accuses_nobody(house: Tables) -> None:
    rows = [row.replace("| 100.0 |", "| 52.5 |") for row in months(52.5)]
    house.put(VALUES, "\n".join((NAMES, *rows)))
    assert house.found() == set()


def test_a_missing_or_faulty_part_says_nothing_of_the_total(house: Tables) -> None:
    rows = months(100)
    house.put(VALUES, "\n".join((NAMES, *rows[:-1])))
    assert house.found() == set()
    faulty = [*months(100, code="B02")[:-1], months(100, (40, -1), "B02")[-1][:-1] + "1"]
    house.put(VALUES, "\n".join((NAMES, *faulty)))
    assert house.found() == set()


def test_a_short_series_tells_nothing(house: Tables) -> None:
    house.put(VALUES, "\n".join((NAMES, *months(190)[-9:])))
    assert house.found() == set()
