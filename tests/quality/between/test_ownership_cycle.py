"""Units that belong, over their parents, to themselves."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

FIRMS = "market_supervision/business_entities"
HOLDERS = "market_supervision/shareholders"
STATE = "state_assets/enterprises"


@pytest.fixture
def house() -> Tables:
    return Tables("ownership_cycle")


def test_a_firm_that_belongs_to_itself_is_found(house: Tables) -> None:
    house.put(FIRMS, "uscc | parent_uscc\nA | A\nB | \nC | B")
    assert house.found() == {(FIRMS, "A", "parent_uscc")}


def test_of_a_cycle_the_link_to_a_younger_parent_is_wrong(house: Tables) -> None:
    house.put(
        FIRMS,
        """
        uscc   | parent_uscc | established_on
        PARENT | BRANCH      | 2001-01-01
        BRANCH | PARENT      | 2015-01-01
        """,
    )
    assert house.found() == {(FIRMS, "PARENT", "parent_uscc")}


def test_of_a_cycle_of_one_day_the_link_to_a_branch_is_wrong(house: Tables) -> None:
    house.put(
        FIRMS,
        """
        uscc   | parent_uscc | entity_type | established_on
        PARENT | BRANCH      | 1130        | 2001-01-01
        BRANCH | PARENT      | 2130        | 2001-01-01
        OTHER  |             | 1130        | 2001-01-01
        """,
    )
    assert house.found() == {(FIRMS, "PARENT", "parent_uscc")}


def test_a_cycle_that_shows_no_wrong_link_accuses_all_of_its_own(house: Tables) -> None:
    house.put(
        STATE,
        """
        uscc | parent_uscc | share_percent
        A    | B           | 100
        B    | C           | 100
        C    | A           | 100
        D    | A           | 100
        """,
    )
    assert house.found() == {
        (STATE, "A\x1fB", "parent_uscc"),
        (STATE, "B\x1fC", "parent_uscc"),
        (STATE, "C\x1fA", "parent_uscc"),
    }
    assert {detail for _, detail in house.details()} == {"经 3 级隶属或控股又回到本单位"}


def test_only_holders_of_more_than_half_are_parents(house: Tables) -> None:
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent
        A    | B         | 60
        B    | A         | 51
        C    | D         | 50
        D    | C         | 50
        """,
    )
    assert house.found() == {(HOLDERS, "A\x1fB", "holder_id"), (HOLDERS, "B\x1fA", "holder_id")}


def test_what_its_row_shows_already_is_not_found_twice(house: Tables) -> None:
    house.put(HOLDERS, "uscc | holder_id | share_percent\nA | A | 100")
    house.put(STATE, "uscc | parent_uscc | share_percent\nB | B | 100")
    assert house.found() == set()


def test_chains_and_branches_of_one_parent_are_right(house: Tables) -> None:
    house.put(FIRMS, "uscc | parent_uscc\nA | \nB | A\nC | B\nD | B\nE | STRANGER\nF |")
    assert house.found() == set()


def test_links_of_two_datasets_make_no_cycle(house: Tables) -> None:
    house.put(FIRMS, "uscc | parent_uscc\nA | B\nB |")
    house.put(STATE, "uscc | parent_uscc | share_percent\nB | A | 100")
    assert house.found() == set()
