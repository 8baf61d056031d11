"""Licences in force whose holder the register struck off."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

FIRMS = "market_supervision/business_entities"
LICENCES = "market_supervision/food_licenses"
CARDS = "administrative_approval/electronic_licenses"


@pytest.fixture
def house() -> Tables:
    """A firm in business, some that ended long ago, one a month before the licences came."""
    tables = Tables("deregistered_licensed")
    tables.put(
        FIRMS,
        """
        uscc    | status | deregistered_on | revoked_on
        OPEN    | 1      |                 |
        ENDED   | 3      | 2020-05-06      | 2019-01-01
        REVOKED | 2      |                 | 2021-07-08
        LATELY  | 3      | 2026-08-31      |
        UNDATED | 3      |                 |
        UNSURE  | 1      | 2020-05-06      | 2020-05-06
        """,
    )
    return tables


def test_a_licence_in_force_of_a_firm_struck_off_long_ago_is_wrong(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | status\nJY1 | ENDED | 10\nJY2 | OPEN | 10")
    house.put(CARDS, "license_identifier | holder_id | status\nA1 | ENDED | 10\nA2 | OPEN | 10")
    assert house.found() == {(LICENCES, "JY1", "uscc"), (CARDS, "A1", "holder_id")}
    assert house.details() == [("ENDED", "持证单位已于 2020-05-06 注销")] * 2


def test_a_licence_in_force_of_a_firm_without_business_licence_is_wrong(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | status\nJY1 | REVOKED | 10")
    assert house.details() == [("REVOKED", "持证单位已于 2021-07-08 被吊销营业执照")]


def test_a_licence_that_ended_too_is_right(house: Tables) -> None:
    house.put(
        LICENCES, "license_no | uscc | status\nJY1 | ENDED | 03\nJY2 | ENDED | 02\nJY3 | ENDED |"
    )
    assert house.found() == set()


def test_news_of_the_last_thirty_days_may_still_be_on_its_way(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | status\nJY1 | LATELY | 10", on="2026-09-30")
    assert house.found() == set()


def test_a_later_delivery_that_still_has_the_licence_shows_it_wrong(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | status\nJY1 | LATELY | 10", on="2026-09-30")
    house.put(LICENCES, "license_no | uscc | status\nJY2 | OPEN | 10", on="2026-10-01")
    assert house.found() == {(LICENCES, "JY1", "uscc")}


def test_a_firm_whose_end_is_not_certain_accuses_nobody(house: Tables) -> None:
    house.put(
        LICENCES,
        "license_no | uscc | status\nJY1 | UNDATED | 10\nJY2 | UNSURE | 10\nJY3 | STRANGER | 10",
    )
    assert house.found() == set()
