"""Points that a map of the internet moved."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

ADDRESSES = "public_security/standard_addresses"
FIRMS = "market_supervision/business_entities"
STATIONS = "ecology/air_stations"
HOURS = "ecology/air_hourly"
RIGHT = "118.054800 | 36.813500"
# The published formula of GCJ-02, evaluated for RIGHT.
MOVED = "118.060880 | 36.814024"


@pytest.fixture
def house() -> Tables:
    return Tables("shifted")


def test_the_published_formula_moved_the_point(house: Tables) -> None:
    lon, lat = (float(part) for part in RIGHT.split("|"))
    moved = house.con.execute(
        "select round(gcj02_lon($1, $2), 6), round(gcj02_lat($1, $2), 6)", [lon, lat]
    ).fetchone()
    assert moved == tuple(float(part) for part in MOVED.split("|"))


def test_a_firm_that_lies_where_the_map_shows_its_address_is_shifted(house: Tables) -> None:
    house.put(ADDRESSES, f"address_code | lon | lat\nA1 | {RIGHT}")
    house.put(FIRMS, f"uscc | address_code | lon | lat\nF1 | A1 | {MOVED}\nF2 | A1 | {RIGHT}")
    assert house.found() == {(FIRMS, "F1", "lon")}
    ((value, detail),) = house.details()
    assert value == "118.06088"
    assert detail.endswith("米，符合 GCJ-02 坐标系")


def test_an_address_is_shifted_when_what_lies_there_is_not(house: Tables) -> None:
    house.put(ADDRESSES, f"address_code | lon | lat\nA1 | {MOVED}")
    house.put(FIRMS, f"uscc | address_code | lon | lat\nF1 | A1 | {RIGHT}")
    assert house.found() == {(ADDRESSES, "A1", "lon")}


def test_dwellings_of_one_house_number_know_where_it_is(house: Tables) -> None:
    where = "370303 | 马尚街道 | 某社区 | 华光路 | 1号"
    house.put(
        ADDRESSES,
        f"""
        address_code | division | town | community | road | number | building | lon | lat
        A1 | {where} | 1号楼 | {RIGHT}
        A2 | {where} | 2号楼 | {MOVED}
        A3 | {where.replace("1号", "2号")} | 1号楼 | {MOVED}
        A4 | {where} |  | {MOVED}
        """,
    )
    assert house.found() == {(ADDRESSES, "A2", "lon")}


def test_a_station_is_where_its_register_says(house: Tables) -> None:
    house.put(STATIONS, f"station_code | lon | lat\nS1 | {RIGHT}")
    house.put(
        HOURS,
        f"""
        station_code | observed_at         | lon | lat
        S1           | 2026-09-01 00:00:00 | {RIGHT}
        S1           | 2026-09-01 01:00:00 | {MOVED}
        S2           | 2026-09-01 01:00:00 | {MOVED}
        """,
    )
    ((dataset, key, column),) = house.found()
    assert (dataset, column) == (HOURS, "lon")
    assert key.startswith("S1\x1f2026-09-01 01:00:00")


def test_points_that_differ_otherwise_are_no_shift(house: Tables) -> None:
    house.put(ADDRESSES, f"address_code | lon | lat\nA1 | {RIGHT}")
    house.put(
        FIRMS,
        """
        uscc | address_code | lon        | lat
        F1   | A1           | 118.060880 | 36.816000
        F2   | A1           | 118.054900 | 36.813600
        F3   | A1           | 118.048000 | 36.811000
        F4   | A1           | 36.813500  | 118.054800
        F5   | A1           | 0          | 0
        F6   | A1           |            |
        """,
    )
    assert house.found() == set()


def test_a_point_without_another_source_of_its_place_is_not_judged(house: Tables) -> None:
    house.put(ADDRESSES, f"address_code | lon | lat\nA1 | {MOVED}\nA2 | {RIGHT}")
    house.put(FIRMS, f"uscc | address_code | lon | lat\nF1 |  | {RIGHT}\nF2 | A9 | {MOVED}")
    assert house.found() == set()
