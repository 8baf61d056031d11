"""Records of this city that linking could not resolve."""

from __future__ import annotations

import pytest

from quality.between.evaluate import State
from tests.quality.between.tables import Tables

LISTED, FIRMS = "development_reform/dishonest_entities", "market_supervision/business_entities"


@pytest.fixture
def house() -> Tables:
    tables = Tables("unlinked")
    tables.con.execute(
        "create table quality.main.links (dataset varchar, agency varchar, key varchar,"
        " linked varchar, alternatives varchar[], evidence varchar, local boolean)"
    )
    tables.put(FIRMS, "uscc|name\n91370303MA3XX0001K|甲公司")
    return tables


def found(house: Tables, name: str, linked: str | None, local: bool, *alternatives: str) -> None:
    house.put(LISTED, f"list|name|uscc\ntransport|{name}|")
    house.con.execute(
        "insert into quality.main.links values ($1, 'development_reform', $2, $3, $4, '理由', $5)",
        [LISTED, f"transport\x1f{name}", linked, list(alternatives), local],
    )


def test_only_who_says_to_be_of_this_city_and_is_not_linked_is_asked_about(house: Tables) -> None:
    found(house, "淄博甲公司", "91370303MA3XX0001K", True)
    found(house, "北京乙公司", None, False)
    found(house, "淄博丙公司", None, True)
    assert house.found() == {(LISTED, "transport\x1f淄博丙公司", "uscc")}
    assert house.details() == [(None, "理由")]


def test_the_question_names_those_that_came_near(house: Tables) -> None:
    found(house, "淄博丙公司", None, True, "A", "B", "C", "D")
    assert house.details() == [(None, "理由；可能是：A、B、C")]


def test_nobody_is_asked_while_no_register_came() -> None:
    assert Tables("unlinked").asked().state is State.LACKING
