"""Links kept in the lake, and what a row linked or no longer linked changes in base tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assets import freshness
from assets.links import Linked, link, linked
from catalog.load import Catalog
from quality.linking.table import LINKS_TABLE
from tests.assets.base.house import BUSINESS, LISTED, House, firm
from tests.this_catalog import this_catalog

ENTITY, DISHONESTY = "legal_person.entity", "credit.dishonesty"
NAME = "淄博恒通物流有限公司"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return this_catalog()


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> House:
    return House(tmp_path / "home", catalog)


def relink(house: House) -> bool:
    with house.lakehouse.engine() as engine:
        return link(house.lakehouse, engine)


def registered(house: House, *numbers: int, name: str = NAME) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(number), "name": name} for number in numbers])


def listed(house: House, **told: Any) -> None:
    row = {"_key": "transport\x1fname", "list": "transport", "name": NAME, **told}
    house.deliver(LISTED, [row], key="_key")


def entities(house: House) -> dict[str, str]:
    """Subject → contributors' codes."""
    house.build(ENTITY)
    return {
        row["entity_id"]: "".join(each["code"] for each in row["_contributors"])
        for row in house.rows(ENTITY)
    }


def test_a_row_linked_tells_of_its_subject_until_it_is_unlinked(house: House) -> None:
    registered(house, 1)
    alone = entities(house)
    listed(house)
    assert entities(house) == alone
    assert relink(house)
    assert entities(house)[firm(1)] == alone[firm(1)] + "e"
    registered(house, 2)
    assert relink(house)
    assert entities(house) == {firm(1): alone[firm(1)], firm(2): alone[firm(1)]}


def test_a_row_linked_no_longer_stands_for_a_subject_of_its_own(house: House) -> None:
    code = firm(1)[8:17]
    listed(house, organization_code=code)
    relink(house)
    assert list(entities(house)) == [f"ORG:{code}"]
    registered(house, 1)
    relink(house)
    assert list(entities(house)) == [firm(1)]


def test_every_table_that_uses_a_link_follows_it(house: House) -> None:
    listed(house)
    relink(house)
    house.build(DISHONESTY)
    assert house.rows(DISHONESTY, "entity_id") == [{"entity_id": None}]
    registered(house, 1)
    relink(house)
    house.build(DISHONESTY)
    assert house.rows(DISHONESTY, "entity_id") == [{"entity_id": firm(1)}]


def test_links_that_are_the_same_are_not_written_again(house: House) -> None:
    registered(house, 1)
    listed(house)
    assert relink(house)
    version = house.lakehouse.lake.version(LINKS_TABLE)
    assert not relink(house)
    assert house.lakehouse.lake.version(LINKS_TABLE) == version
    assert linked(house.lakehouse) == [Linked(LISTED, 1, 1)]


def test_a_row_that_gains_its_code_is_asked_no_more(house: House) -> None:
    registered(house, 1)
    listed(house)
    relink(house)
    listed(house, uscc=firm(1))
    assert relink(house)
    assert linked(house.lakehouse) == []
    assert house.lakehouse.lake.files(LINKS_TABLE) == []


def test_a_killed_writing_is_done_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(house, 1)
    listed(house)
    lake = type(house.lakehouse.lake)
    commit = lake.commit

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lake, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        relink(house)
    monkeypatch.setattr(lake, "commit", commit)
    house.reopen()
    assert linked(house.lakehouse) == []
    assert relink(house)
    assert linked(house.lakehouse) == [Linked(LISTED, 1, 1)]


def test_links_are_stale_when_a_register_changed_and_what_uses_them_is_too(house: House) -> None:
    registered(house, 1)
    listed(house)
    for product in freshness.products(house.catalog):
        freshness.made(house.lakehouse, product)
    assert freshness.stale(house.lakehouse) == []
    registered(house, 1, name="另一家")
    stale = freshness.stale(house.lakehouse)
    assert stale[0] == freshness.LINKS
    assert {"base/legal_person/entity", "base/credit/dishonesty"} < set(stale)
    for product in stale:
        freshness.made(house.lakehouse, product)
    house.deliver("ecology/air_stations", [{"station_code": "1"}], key="station_code")
    assert freshness.LINKS not in freshness.stale(house.lakehouse)
