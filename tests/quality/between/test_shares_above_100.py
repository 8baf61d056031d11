"""Shares of one unit that add up to more than the whole."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

HOLDERS = "market_supervision/shareholders"
STATE = "state_assets/enterprises"


@pytest.fixture
def house() -> Tables:
    return Tables("shares_above_100")


def test_the_largest_of_too_many_shares_is_asked_about(house: Tables) -> None:
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent
        F1   | P1        | 100
        F1   | P2        | 30
        F1   | P3        | 20
        F2   | P1        | 100
        """,
    )
    assert house.found() == {(HOLDERS, "F1\x1fP1", "share_percent")}
    assert house.details() == [("100", "共 3 名，合计 150%")]


def test_two_equally_large_shares_are_both_asked_about(house: Tables) -> None:
    house.put(STATE, "uscc | parent_uscc | share_percent\nF1 | A | 60\nF1 | B | 60")
    assert house.found() == {
        (STATE, "F1\x1fA", "share_percent"),
        (STATE, "F1\x1fB", "share_percent"),
    }


def test_shares_that_were_rounded_up_are_right(house: Tables) -> None:
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent
        F1   | P1        | 33.34
        F1   | P2        | 33.34
        F1   | P3        | 33.34
        F2   | P1        | 99.99
        F2   | P2        | 0.01
        """,
    )
    assert house.found() == set()


def test_a_share_that_is_none_is_left_to_its_own_rule(house: Tables) -> None:
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent
        F1   | P1        | 209
        F1   | P2        | 50
        F1   | P3        |
             | P4        | 100
             | P5        | 100
        """,
    )
    assert house.found() == set()


def test_the_two_registers_are_not_added_together(house: Tables) -> None:
    house.put(HOLDERS, "uscc | holder_id | share_percent\nF1 | A | 100")
    house.put(STATE, "uscc | parent_uscc | share_percent\nF1 | A | 100")
    assert house.found() == set()
