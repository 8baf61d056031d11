"""Points well outside the division of their row, on the boundaries of the catalogue."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

ADDRESSES = "public_security/standard_addresses"
LICENCES = "market_supervision/food_licenses"
ZHANGDIAN, LINZI, YIYUAN, GAOXIN, JINGKAI = "370303", "370305", "370323", "370307", "370351"
IN_ZHANGDIAN, IN_YIYUAN = "118.05 | 36.80", "118.17 | 36.18"
IN_ZHOUCUN = "117.87 | 36.80"


@pytest.fixture
def house() -> Tables:
    return Tables("outside_division")


def outside(house: Tables, division: str, point: str) -> bool:
    house.put(ADDRESSES, f"address_code | division | lon | lat\nA1 | {division} | {point}")
    found = house.found()
    assert found <= {(ADDRESSES, "A1", "lon")}
    return bool(found)


def test_a_point_in_a_far_county_is_found(house: Tables) -> None:
    assert outside(house, ZHANGDIAN, IN_YIYUAN)
    assert house.details() == [("118.17", "距张店区的界线超过2公里")]


def test_a_point_in_its_county_is_right_whatever_the_digits_of_the_division(house: Tables) -> None:
    assert not outside(house, ZHANGDIAN, IN_ZHANGDIAN)
    house.put(ADDRESSES, f"address_code | division | lon | lat\nA2 | 370323100 | {IN_YIYUAN}")
    assert house.found() == set()


def test_a_point_of_a_zone_may_lie_in_any_of_its_hosts(house: Tables) -> None:
    points = [(GAOXIN, IN_ZHANGDIAN), (JINGKAI, IN_ZHANGDIAN), (JINGKAI, IN_ZHOUCUN)]
    rows = "\n".join(f"A{at} | {code} | {point}" for at, (code, point) in enumerate(points))
    house.put(ADDRESSES, f"address_code | division | lon | lat\n{rows}")
    assert house.found() == set()


def test_a_point_of_a_zone_far_from_all_its_hosts_is_found(house: Tables) -> None:
    assert outside(house, JINGKAI, IN_YIYUAN)


def test_a_zones_own_agency_is_never_accused(house: Tables) -> None:
    house.put(LICENCES, f"license_no | division | lon | lat\nJY1 | {LINZI} | {IN_YIYUAN}")
    assert house.found() == {(LICENCES, "JY1", "lon")}
    house.con.execute(
        "update standard.market_supervision.food_licenses set _agency = 'gaoxin_market_supervision'"
    )
    assert house.found() == set()


def test_a_point_within_two_kilometres_of_the_boundary_is_right(house: Tables) -> None:
    # Zichuan's easternmost corner is 118.247345, 36.413843: a kilometre east of it, and ten.
    assert not outside(house, "370302", "118.2585 | 36.4138")
    house.put(ADDRESSES, "address_code | division | lon | lat\nA2 | 370302 | 118.36 | 36.4138")
    assert house.found() == {(ADDRESSES, "A2", "lon")}


def test_nothing_is_said_without_a_point_a_known_division_or_far_from_the_city(
    house: Tables,
) -> None:
    house.put(
        ADDRESSES,
        f"""
        address_code | division | lon     | lat
        A1           | 370303   |         | 36.80
        A2           | 370303   | 118.05  |
        A3           |          | {IN_YIYUAN}
        A4           | 370300   | {IN_YIYUAN}
        A5           | 370102   | {IN_YIYUAN}
        A6           | 370303   | 36.80   | 118.05
        A7           | 370303   | 0       | 0
        A8           | 370303   | 121.47  | 31.23
        """,
    )
    assert house.found() == set()
