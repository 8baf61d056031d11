"""Building: what changed is computed again, and the end is that of a whole build."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.base import build as building
from assets.base.build import rows_noted
from catalog.load import Catalog
from tests.assets.base.house import (
    BUSINESS,
    FIRST,
    LISTED,
    POPULATION,
    TAXPAYERS,
    House,
    citizen,
    firm,
)
from tests.assets.base.test_survivorship import with_source

ENTITY = "legal_person.entity"
PERSON = "population.person"


def _names(house: House) -> list[tuple[str, str | None]]:
    return [(row["entity_id"], row["name"]) for row in house.rows(ENTITY)]


def _build_numbers(house: House) -> dict[str, int]:
    return {row["entity_id"]: row["_build"] for row in house.rows(ENTITY)}


def _end_as_killed(house: House, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds the table; the process ends when its rows are committed and the build not noted."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(building, "_note", killed)
        house.build(ref)
    house.reopen()


def test_a_delivery_that_changes_one_firm_writes_one_row(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(n), "name": f"{n}号"} for n in range(5)])
    assert house.build(ENTITY) == 5
    house.deliver(BUSINESS, [{"uscc": firm(3), "name": "新名"}])
    assert house.build(ENTITY) == 1
    numbers = _build_numbers(house)
    assert [key for key, no in numbers.items() if no == 2] == [firm(3)]
    assert dict(_names(house))[firm(3)] == "新名"


def test_sources_that_did_not_change_leave_everything_as_it_is(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.build(ENTITY)
    version = house.lakehouse.lake.version("base/legal_person/entity")
    assert house.build(ENTITY) == 0
    assert house.build(ENTITY, whole=True) == 0
    assert house.lakehouse.lake.version("base/legal_person/entity") == version


def test_a_subject_that_nobody_tells_of_any_more_ends_and_may_begin_again(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}, {"uscc": firm(2), "name": "乙"}])
    house.build(ENTITY)
    house.deliver(BUSINESS, [], gone=[firm(1)])
    assert house.build(ENTITY) == 1
    assert _names(house) == [(firm(2), "乙")]
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.build(ENTITY)
    assert len(_names(house)) == 2


def test_a_row_that_leaves_one_subject_for_another_changes_both(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    row = {"name": "乙", "list": "ecommerce"}
    house.deliver(LISTED, [{**row, "uscc": firm(1), "_key": "k"}])
    house.build(ENTITY)
    house.deliver(LISTED, [{**row, "uscc": firm(2), "_key": "k"}])
    house.build(ENTITY)
    rows = house.rows(ENTITY)
    assert [len(row["_contributors"]) for row in rows] == [1, 1]


def test_what_was_known_can_be_asked_for_after_it_changed_and_after_it_was_withdrawn(
    house: House,
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.build(ENTITY)
    second = house.deliver(BUSINESS, [{"uscc": firm(1), "name": "乙"}])
    house.build(ENTITY)
    house.withdraw(BUSINESS, second)
    house.build(ENTITY)
    assert _names(house) == [(firm(1), "甲")]
    with house.lakehouse.engine() as engine:
        then = engine.con.execute(
            "SELECT _build, name FROM base.legal_person.entity_history ORDER BY _build"
        ).fetchall()
    assert then == [(1, "甲"), (2, "乙"), (3, "甲")]
    builds = pl.read_delta(str(house.lakehouse.lake.path("quality/base_builds"))).sort("no")
    assert builds["at"].to_list() == [FIRST + timedelta(days=n) for n in (1, 2, 2)]


def test_a_changed_definition_computes_everything_and_writes_what_differs(
    house: House, catalog: Catalog
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(n), "name": "甲"} for n in (1, 2)])
    house.deliver(TAXPAYERS, [{"uscc": firm(1), "name": "乙", "grade_year": 2025}])
    house.build(ENTITY)
    house.reopen(with_source(catalog, "legal_person_name", TAXPAYERS, "name"))
    assert house.build(ENTITY) == 1
    assert _names(house) == [(firm(1), "乙"), (firm(2), "甲")]


def test_a_build_killed_after_it_wrote_is_noted_and_nothing_is_written_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.build(ENTITY)
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "乙"}])
    _end_as_killed(house, ENTITY, monkeypatch)
    assert house.build(ENTITY) == 0
    assert _names(house) == [(firm(1), "乙")]
    files = [Path(each) for each in house.lakehouse.lake.files("base/legal_person/entity")]
    assert rows_noted(house.lakehouse, house.table(ENTITY)) == 2 == len(files)


def test_no_table_takes_the_number_of_a_build_of_another_that_was_killed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "甲"}], key="id_no")
    _end_as_killed(house, PERSON, monkeypatch)
    house.build(ENTITY)
    house.reopen()
    assert house.build(PERSON) == 0
    noted = house.ask("SELECT no, base_table FROM quality.main.base_builds ORDER BY no")
    numbers = [(row["no"], row["base_table"]) for row in noted]
    assert numbers == [(1, PERSON), (2, ENTITY), (3, PERSON)]
    assert rows_noted(house.lakehouse, house.table(PERSON)) == 1


def test_a_killed_build_whose_number_another_table_took_is_noted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "甲"}], key="id_no")
    _end_as_killed(house, PERSON, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(building, "_next_build", lambda *_: 1)
        house.build(ENTITY)
    house.reopen()
    assert house.build(PERSON) == 0
    for ref in (PERSON, ENTITY):
        assert rows_noted(house.lakehouse, house.table(ref)) == 1


def test_a_linked_row_that_is_withdrawn_leaves_its_subject_when_its_link_is_gone(
    house: House,
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲"}])
    row = {"_key": "k", "name": "甲", "list": "ecommerce"}
    listed = house.deliver(LISTED, [row], key="_key")
    house.relink(LISTED, ENTITY, {"k": firm(1)})
    house.build(ENTITY)
    house.withdraw(LISTED, listed)
    house.relink(LISTED, ENTITY, {})
    assert house.build(ENTITY) == 1
    (row,) = house.rows(ENTITY)
    assert [source["delivery"] for source in row["_contributors"]] == ["d000001"]


_SUBJECTS = st.integers(0, 4)
_CHANGES = st.one_of(
    st.tuples(
        st.sampled_from([BUSINESS, TAXPAYERS, LISTED]),
        st.dictionaries(
            st.integers(0, 4),
            st.tuples(st.none() | _SUBJECTS, st.sampled_from(["甲", "乙", None])),
            max_size=3,
        ),
        st.lists(st.integers(0, 4), max_size=2),
    ),
    st.integers(0, 5),
)
"""A delivery (dataset, row number → firm and name, rows that end), or one of those before to be
withdrawn. A row without a firm is a listed one, told of by its link alone."""
_LINKS = st.none() | st.dictionaries(st.integers(0, 4).map(str), _SUBJECTS, max_size=3)
"""What linking finds then: listed row → firm; none: it is not asked."""
_EVENTS = st.lists(st.tuples(_CHANGES, _LINKS, st.booleans()), min_size=1, max_size=6)
"""Changes, each with the links after it and whether the table is built before the next."""
_LISTED_ONCE: Any = (LISTED, {0: (None, "甲")}, [])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=_EVENTS)
@example(events=[(_LISTED_ONCE, {"0": 1}, True), (0, {}, True)])
@example(events=[(_LISTED_ONCE, {"0": 1}, True), (_LISTED_ONCE, None, False), (0, {"0": 2}, True)])
def test_contents_equal_a_whole_build_after_any_sequence_of_deliveries_and_links(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, events: list[Any]
) -> None:
    house = House(tmp_path_factory.mktemp("house"), catalog)
    delivered: list[tuple[str, str]] = []
    for change, links, builds in events:
        if not isinstance(change, int):
            delivered.append((change[0], _deliver(house, *change)))
        elif change < len(delivered):
            house.withdraw(*delivered.pop(change))
        if links is not None:
            house.relink(LISTED, ENTITY, {row: firm(subject) for row, subject in links.items()})
        if builds:
            house.build(ENTITY)
    house.build(ENTITY)
    grown = [{k: v for k, v in row.items() if k != "_build"} for row in house.rows(ENTITY)]
    assert house.build(ENTITY, whole=True) == 0
    house.lakehouse.lake.begin_anew(
        "base/legal_person/entity", house.lakehouse.schemas["base/legal_person/entity"]
    )
    house.reopen()
    house.build(ENTITY, whole=True)
    assert [{k: v for k, v in row.items() if k != "_build"} for row in house.rows(ENTITY)] == grown
    house.lakehouse.close()


def _deliver(
    house: House, ref: str, rows: dict[int, tuple[int | None, str | None]], gone: list[int]
) -> str:
    """A delivery as _CHANGES tells it; its id."""
    ended = [row for row in gone if row not in rows]
    told = [
        {"uscc": None if subject is None else firm(subject), "name": name, "_key": str(row)}
        for row, (subject, name) in rows.items()
    ]
    if ref == LISTED:
        listed = [{**row, "list": "ecommerce"} for row in told]
        return house.deliver(ref, listed, gone=[str(row) for row in ended])
    # Of a register a firm is one row.
    kept = list({row["uscc"]: row for row in told if row["uscc"]}.values())
    if ref == TAXPAYERS:
        return house.deliver(ref, kept, gone=[str(row) for row in ended])
    registered = [{**row, "_key": row["uscc"]} for row in kept]
    return house.deliver(ref, registered, gone=[firm(row) for row in ended])
