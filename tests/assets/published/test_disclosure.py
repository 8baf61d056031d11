"""What left publication (山东省社会信用条例 article 38) stands nowhere in the published file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from assets.base.deriving import derive
from assets.derived_tables import derived_tables
from assets.lakehouse import Lakehouse
from assets.links import link
from assets.published import prepare, publish_warehouse
from catalog.load import Catalog
from tests.assets.base.house import BUSINESS, LISTED, House, firm
from tests.assets.published.written import Written, read
from tests.this_catalog import this_catalog
from warehouse.home import Clock, Home

PENALTIES = "development_reform/administrative_penalties"
ABNORMAL = "market_supervision/abnormal_operations"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return this_catalog()


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


def published(house: House, on: date | None = None) -> Path:
    """The file as published on a day; without one, that of the last delivery."""
    if on is not None:
        clock = Clock(datetime(on.year, on.month, on.day, 9))
        house.lakehouse = Lakehouse.open(Home(house.folder), clock, house.catalog)
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


def test_a_subjects_penalties_are_counted_on_the_day_of_publication(house: House) -> None:
    ends = {"disclosure_ends_on": date(2026, 10, 10)}
    house.deliver(
        PENALTIES,
        [penalty(1, None, **ends), penalty(2, None), penalty(2, None, _key="3", document_no="3")],
        key="_key",
    )
    (subject,) = (table for table in derived_tables() if table.ref == "credit.subject")
    house.build("credit.penalty")
    with house.lakehouse.engine() as engine:
        derive(house.lakehouse, engine, subject)
    told = "SELECT subject_id, penalties, as_of FROM credit.subject ORDER BY penalties"
    day = date(2026, 10, 10)
    assert read(published(house, day), told) == [(firm(1), 1, day), (firm(2), 2, day)]
    day = date(2026, 10, 11)
    assert read(published(house, day), told) == [(firm(2), 2, day)]
    types = "SELECT DISTINCT typeof(penalties), typeof(as_of) FROM credit.subject"
    assert read(published(house, day), types) == [("BIGINT", "DATE")]


def test_what_is_computed_from_rows_that_leave_publication_goes_by_the_day(
    catalog: Catalog,
) -> None:
    leaving = {table.lake_name for table in catalog.base.values() if table.published_while}
    leaving |= {
        f"standard/{ref}"
        for ref, dataset in catalog.datasets.items()
        if dataset.publication.published_while
    }
    assert leaving
    for table in derived_tables():
        if leaving.intersection(table.reads):
            assert table.by_day, table.ref
            leaving.add(table.lake_name)


def test_a_link_is_told_no_longer_than_its_record_is_disclosed(house: House) -> None:
    name = "淄博恒通餐饮有限公司"
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": name}])
    unsound = {"uscc": None, "organization_code": firm(1)[8:17], "name": name}
    ended, lasting = date(2020, 1, 1), date(2024, 1, 1)
    house.deliver(
        PENALTIES,
        [
            penalty(1, ended, **unsound, _key=f"{firm(1)[8:17]}\x1f甲", document_no="甲"),
            penalty(2, lasting, **unsound, _key=f"{firm(1)[8:17]}\x1f乙", document_no="乙"),
        ],
        key="_key",
    )
    listed = {"list": "transport", "name": name}
    house.deliver(LISTED, [{"_key": f"transport\x1f{name}\x1f", **listed}], key="_key")
    with house.lakehouse.engine() as engine:
        link(house.lakehouse, engine)
    assert len(house.ask("FROM quality.main.links")) == 3
    told = "SELECT dataset, linked, key LIKE '%乙' FROM quality.links ORDER BY dataset"
    assert read(published(house), told) == [(PENALTIES, firm(1), True), (LISTED, firm(1), False)]


def test_a_defect_of_a_row_that_left_publication_is_counted_and_tells_nothing_of_it(
    tmp_path: Path, catalog: Catalog
) -> None:
    written = Written(tmp_path, catalog)
    between = {"kind": "between", "rule": "between.deregistered_licensed", "reason": "登记中没有"}
    firms = {1: ("已止公司", date(2020, 1, 1)), 2: ("公示公司", date(2024, 1, 1)), 3: ("", None)}
    for number, (name, ended) in firms.items():
        row = penalty(number, ended)
        key = str(row.pop("_key"))
        if name:
            written.row(PENALTIES, key, **row)
            written.row(ABNORMAL, f"列{number}", list_no=f"列{number}", removed_on=ended)
        for ref, its in ((PENALTIES, key), (ABNORMAL, f"列{number}")):
            written.defect(ref, its, "uscc", firm(number), row=number)
            written.defect(ref, its, "uscc", firm(number), row=number, **between)
        more = {"kind": "shared_key", "rule": "row.two", "row": number}
        written.defect(ABNORMAL, f"列{number}", "list_no", f"列{number}", **more)
    rejected = {"kind": "reject", "rule": "record.ragged", "row": 3}
    written.defect(ABNORMAL, "", "", f"{firm(3)},已止公司", **rejected)
    overdue = {"kind": "absence", "rule": "delivery.overdue", "row": 4, "reason": "应于三月报送"}
    written.defect(ABNORMAL, "", "", None, **overdue)
    path = written.publish()
    told = "SELECT DISTINCT key, value FROM quality.defects WHERE row {} ORDER BY ALL"
    assert read(path, told.format("IN (1, 3)")) == [("***", "***")]
    assert read(path, told.format("= 2")) == [
        (f"{firm(2)} / 罚2", firm(2)), ("列2", firm(2)), ("列2", "列2"),
    ]  # fmt: skip
    details = "SELECT row, detail FROM quality.defects WHERE detail IS NOT NULL"
    assert set(read(path, details)) == {
        (1, "***"), (2, "登记中没有"), (3, "***"), (4, "应于三月报送"),
    }  # fmt: skip
    assert read(path, "SELECT count(*) FROM quality.defects") == [(17,)]
    assert read(path, "SELECT sum(open_count) FROM quality.tickets") == [(17,)]
