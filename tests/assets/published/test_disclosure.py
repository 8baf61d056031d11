"""What left publication (山东省社会信用条例 article 38) stands nowhere in the published file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assets.published import prepare, publish_warehouse
from catalog.load import Catalog, load_catalog
from tests.assets.base.house import House, firm
from tests.assets.published.written import read

PENALTIES = "development_reform/administrative_penalties"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> Iterator[House]:
    house = House(tmp_path / "home", catalog)
    yield house
    house.lakehouse.close()


def penalty(number: int, conduct_ended_on: date | None, **told: object) -> dict[str, object]:
    """A penalty of a firm of that number, to be disclosed until 2027."""
    return {
        "_key": f"{firm(number)}\x1f罚{number}", "uscc": firm(number), "document_no": f"罚{number}",
        "name": f"示范{number}号公司", "content": f"罚款{number}元", "category": "1",
        "conduct_ended_on": conduct_ended_on, "disclosure_ends_on": date(2027, 1, 1), **told,
    }  # fmt: skip


def published(house: House) -> Path:
    with house.lakehouse.engine() as engine:
        prepare(house.lakehouse, engine)
        publish_warehouse(house.lakehouse, engine)
    return house.lakehouse.home.published / "warehouse.duckdb"


def test_what_the_last_version_takes_out_of_publication_stands_in_no_past_version(
    house: House,
) -> None:
    # Each had no end of conduct at first; of the first it is told later, and was too long ago.
    for ended in (None, date(2020, 1, 1)):
        house.deliver(
            PENALTIES,
            [
                penalty(1, ended),
                penalty(2, None if ended is None else date(2024, 1, 1)),
            ],
            key="_key",
        )
        house.build("credit.penalty")
    path = published(house)
    for table in ("penalty", "penalty_history", "penalty_as_of('2026-10-02 12:00:00')"):
        assert read(path, f"SELECT DISTINCT uscc FROM credit.{table}") == [(firm(2),)]


def test_of_what_the_agency_took_back_the_last_version_decides(house: House) -> None:
    for ended in (None, date(2020, 1, 1)):
        house.deliver(PENALTIES, [penalty(1, ended), penalty(2, None)], key="_key")
        house.build("credit.penalty")
    gone = [str(penalty(number, None)["_key"]) for number in (1, 2)]
    house.deliver(PENALTIES, [], gone=gone)
    house.build("credit.penalty")
    path = published(house)
    assert read(path, "SELECT uscc FROM credit.penalty") == []
    assert read(path, "SELECT DISTINCT uscc FROM credit.penalty_history") == [(firm(2),)]
