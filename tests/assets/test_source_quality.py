"""What sources are worth, measured in a home, kept line by line; and what a suspension changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest

from assets.source_quality import measure_sources
from catalog.load import Catalog
from catalog.models.declared import Suspension
from catalog.models.elements import SourceRef
from quality.ledger import DEFECT_EVENTS, defect_id, ticket_id
from quality.sources.table import Line, stored_lines
from tests.assets.base.house import INSURED, POPULATION, House, citizen
from tests.this_catalog import this_catalog

PERSON = "population.person"
NAME = (POPULATION, "name")
RESTS = Suspension(by="王处长", on="2026-11-01", reason="姓名错误集中")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return this_catalog()


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> Iterator[House]:
    made = House(tmp_path, catalog)
    yield made
    made.lakehouse.close()


def with_source(catalog: Catalog, element: str, source: SourceRef) -> Catalog:
    """The catalogue with another source of the element."""
    changed = catalog.elements[element].model_copy(update={"source": source})
    elements = MappingProxyType({**catalog.elements, element: changed})
    return replace(catalog, elements=elements, _codes={})


def measure(house: House) -> int:
    with house.lakehouse.engine() as engine:
        return measure_sources(house.lakehouse, engine)


def line(house: House, column: tuple[str, str] = NAME) -> Line:
    return stored_lines(house.lakehouse.lake)[column]


def accuse(house: House, key: str, rule: str, event: str = "opened") -> None:
    """One event in the ledger, of the population's row with this key and its rule's column."""
    column = rule.partition(".")[0]
    lake = house.lakehouse.lake
    lake.ensure("quality/defect_events", DEFECT_EVENTS)
    number = lake.rows("quality/defect_events") + 1
    agency = POPULATION.partition("/")[0]
    told: dict[str, Any] = {
        "event_no": number, "at": datetime(2026, 10, 2), "event": event, "cause": "applied",
        "kind": "row", "dataset": POPULATION, "agency": agency, "rule": rule, "key": key,
        "column": column, "delivery": "d000001", "row": 1, "value": None, "reason": "",
        "defect": defect_id(POPULATION, agency, key, column, rule),
        "ticket": ticket_id(POPULATION, agency, rule),
    }  # fmt: skip
    lake.append("quality/defect_events", pl.DataFrame([told], schema=DEFECT_EVENTS), f"e{number}")


def register(house: House, *names: str | None) -> str:
    rows = [{"id_no": citizen(number), "name": name} for number, name in enumerate(names)]
    return house.deliver(POPULATION, rows, key="id_no")


def test_rows_values_and_values_without_open_error_are_counted(house: House) -> None:
    days = [date(1980, 1, 1), date(1900, 1, 1), None, None, date(1990, 1, 1)]
    rows = [{"id_no": citizen(number), "birth_date": day} for number, day in enumerate(days)]
    house.deliver(POPULATION, rows, key="id_no")
    accuse(house, citizen(1), "birth_date.sentinel_date")
    accuse(house, citizen(1), "birth_date.future_date")
    accuse(house, citizen(2), "birth_date.unreadable")
    accuse(house, citizen(3), "birth_date.required")
    accuse(house, citizen(4), "birth_date.sentinel_date")
    accuse(house, citizen(4), "birth_date.sentinel_date", event="closed")
    measure(house)
    found = line(house, (POPULATION, "birth_date")).measure
    # A value that could not be read was given; an empty cell was not.
    assert (found.rows, found.filled, found.valid) == (5, 4, 2)
    assert found.delivered_on == date(2026, 10, 2)


def test_sources_that_tell_of_one_person_are_held_against_each_other(house: House) -> None:
    register(house, "张三", "李四", "王五")
    house.deliver(
        INSURED,
        [
            {"person_no": "0", "id_no": citizen(0), "name": "张三"},
            {"person_no": "1", "id_no": citizen(1), "name": "李泗"},
            {"person_no": "2", "id_no": citizen(2), "name": None},
            {"person_no": "3", "id_no": citizen(3), "name": "赵六"},
        ],
        key="id_no",
    )
    house.build(PERSON)
    measure(house)
    for column in (NAME, (INSURED, "name")):
        found = line(house, column).measure
        assert (found.compared, found.differing) == (2, 1)
    assert line(house, (POPULATION, "marital_status")).measure.compared == 0


def test_an_entry_is_admitted_once_its_quality_is_met_and_refused_by_name_before(
    house: House,
) -> None:
    register(house, "张三", None)
    measure(house)
    assert (line(house).state, line(house).failing) == ("refused", ("quality",))
    register(house, "张三", "李四")
    measure(house)
    assert (line(house).state, line(house).failing) == ("admitted", ())


def test_an_admitted_entry_that_falls_below_stays_until_a_person_suspends_it(
    house: House, catalog: Catalog
) -> None:
    register(house, "张三", "李四")
    measure(house)
    register(house, None, "李四")
    measure(house)
    assert (line(house).state, line(house).failing) == ("admitted", ("quality",))
    place = {"dataset": POPULATION, "column": "name"}
    house.reopen(with_source(catalog, "person_name", SourceRef(**place, suspended=RESTS)))
    measure(house)
    assert line(house).state == "suspended"
    assert line(house).suspension == ("王处长", "2026-11-01", "姓名错误集中")
    house.reopen(catalog)
    measure(house)
    assert (line(house).state, line(house).failing) == ("refused", ("quality",))


def test_what_did_not_change_is_measured_and_written_once(house: House) -> None:
    register(house, "张三")
    assert measure(house) > 0
    version = house.lakehouse.lake.version("quality/source_quality")
    house.reopen()
    assert measure(house) == 0
    assert house.lakehouse.lake.version("quality/source_quality") == version
    house.deliver(INSURED, [{"person_no": "0", "id_no": citizen(0), "name": "张三"}], key="id_no")
    measure(house)
    rows = pl.read_parquet(house.lakehouse.lake.files("quality/source_quality")).sort("no")
    assert rows["no"].to_list() == list(range(1, rows.height + 1))
    assert rows.filter(pl.col("dataset") == POPULATION)["column"].is_unique().all()


def test_a_suspended_standard_source_gives_no_value_and_the_next_one_does(
    house: House, catalog: Catalog
) -> None:
    register(house, "张三")
    insured = house.deliver(
        INSURED, [{"person_no": "0", "id_no": citizen(0), "name": "张山"}], key="id_no"
    )
    house.build(PERSON)
    assert house.rows(PERSON)[0]["name"] == "张三"
    assert [row["column"] for row in house.differing(PERSON)] == ["name"]
    place = {"dataset": POPULATION, "column": "name"}
    house.reopen(with_source(catalog, "person_name", SourceRef(**place, suspended=RESTS)))
    house.build(PERSON)
    (row,) = house.rows(PERSON)
    assert row["name"] == "张山"
    (told,) = (each for each in house.sources(PERSON) if each["column"] == "name")
    assert told["delivery"] == insured
    assert not str(told["rule"]).startswith("标准源（")
    assert house.differing(PERSON) == []


def test_a_source_chosen_instead_is_a_new_entry(house: House, catalog: Catalog) -> None:
    register(house, "张三")
    house.deliver(INSURED, [{"person_no": "0", "id_no": citizen(0), "name": "张三"}], key="id_no")
    measure(house)
    assert line(house, (INSURED, "name")).state is None
    other = SourceRef(dataset=INSURED, column="name")
    house.reopen(with_source(catalog, "person_name", other))
    assert measure(house) == 2
    assert line(house, (INSURED, "name")).state == "admitted"
    assert line(house).state is None
