"""The state of certificates on other days, as the published file answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.base.deriving import derive
from assets.derived_tables import derived_tables
from assets.published import prepare, publish_warehouse
from tests.assets.base.house import BUSINESS, DEATHS, POPULATION, House, citizen, firm
from tests.assets.published.written import read
from tests.this_catalog import this_catalog

LICENSES = "administrative_approval/electronic_licenses"
STATE = "license.certificate_state"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Licences of a firm, one withdrawn in May 2024, and one of a man who died in that month."""
    house = House(tmp_path_factory.mktemp("home"), this_catalog())
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲公司"}])
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "张三"}], key="id_no")
    house.deliver(DEATHS, [{"id_no": citizen(1), "died_on": date(2024, 5, 20)}], key="id_no")
    of_firm = {"holder_type": "2", "holder_id": firm(1)}
    term = {"valid_from": date(2020, 1, 1), "valid_to": date(2025, 12, 31), "status": "10"}
    revoked = {"status": "05", "status_changed_on": date(2024, 5, 20)}
    told = [
        {"type_code": "甲", "number": "1", **of_firm, **term},
        {"type_code": "乙", "number": "2", **of_firm, **term, **revoked},
        {"type_code": "丙", "number": "3", "holder_type": "1", "holder_id": citizen(1), **term},
    ]
    house.deliver(
        LICENSES, [{"license_identifier": row["number"], **row} for row in told],
        key="license_identifier",
    )  # fmt: skip
    for ref in ("legal_person.entity", "population.person", "license.certificate"):
        house.build(ref)
    (table,) = (each for each in derived_tables() if each.ref == STATE)
    with house.lakehouse.engine() as engine:
        derive(house.lakehouse, engine, table)
        prepare(house.lakehouse, engine)
        publish_warehouse(house.lakehouse, engine)
    house.lakehouse.close()
    return house.lakehouse.home.published / "warehouse.duckdb"


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2019-12-31", ["未生效", "未生效", "未生效"]),
        ("2024-04-30", ["有效", "有效", "有效"]),
        # Of a death readers see the month alone.
        ("2024-05-19", ["持证人已死亡", "有效", "有效"]),
        ("2024-05-20", ["持证人已死亡", "已吊销", "有效"]),
        ("2026-01-01", ["持证人已死亡", "已吊销", "过期"]),
    ],
)
def test_the_state_of_a_certificate_is_asked_for_by_the_day(
    published: Path, day: str, states: list[str]
) -> None:
    query = f"SELECT state, as_of FROM {STATE}_on('{day}') ORDER BY type_code"
    assert read(published, query) == [(state, date.fromisoformat(day)) for state in states]
