"""The base databases in the published file: what stands, what stood, who differs, what is out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.published import prepare, publish_warehouse
from tests.assets.base.house import BUSINESS, INSURED, POPULATION, House, citizen, firm
from tests.assets.published.written import read
from tests.this_catalog import this_catalog

LICENSES = "development_reform/administrative_licenses"
PENALTIES = "development_reform/administrative_penalties"
OLD, NEW, STATED = firm(1), firm(2), firm(3)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm that changed its name on the second day, a person of two names, three penalties."""
    house = House(tmp_path_factory.mktemp("home"), this_catalog())
    began = {"established_on": date(2010, 1, 1), "revoked_on": date(2020, 5, 1)}
    house.deliver(BUSINESS, [{"uscc": OLD, "name": "旧名公司", **began}])
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "欧阳秘"}], key="id_no")
    house.deliver(INSURED, [{"id_no": citizen(1), "name": "欧阳密"}], key="id_no")
    told = {"decided_on": date(2020, 1, 1), "category": "1"}
    house.deliver(
        PENALTIES,
        [
            {"uscc": OLD, "document_no": "甲", "conduct_ended_on": date(2020, 1, 1), **told},
            {"uscc": NEW, "document_no": "乙", "conduct_ended_on": date(2024, 1, 1), **told},
            {
                "uscc": STATED, "document_no": "丙", "conduct_ended_on": date(2024, 1, 1),
                "disclosure_ends_on": date(2026, 9, 30), **told,
            },
        ],
        key="document_no",
    )  # fmt: skip
    term = {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)}
    house.deliver(LICENSES, [{"uscc": OLD, "document_no": "甲", **term, **told}], key="document_no")
    tables = ("legal_person.entity", "legal_person.status_history", "population.person")
    for ref in (*tables, "credit.penalty", "credit.license_decision"):
        house.build(ref)
    house.deliver(BUSINESS, [{"uscc": OLD, "name": "新名公司", **began}])
    house.build("legal_person.entity")
    with house.lakehouse.engine() as engine:
        prepare(house.lakehouse, engine)
        publish_warehouse(house.lakehouse, engine)
    house.lakehouse.close()
    return house.lakehouse.home.published / "warehouse.duckdb"


def test_a_past_state_is_what_was_known_then(published: Path) -> None:
    name = "SELECT name FROM legal_person.entity"
    assert read(published, name) == [("新名公司",)]
    then = name + "_as_of('2026-10-06 12:00:00')"
    assert read(published, then) == [("旧名公司",)]
    assert read(published, name + "_as_of('2026-09-01')") == []
    # An instant is one in every time zone: 12:00 in Beijing is 04:00 in London.
    assert read(published, name + "_as_of('2026-10-06 04:00:00+00'::TIMESTAMPTZ)") == [
        ("旧名公司",)
    ]
    assert read(published, name + "_as_of(now())") == [("新名公司",)]


def test_a_licence_holds_on_its_last_day_and_not_on_the_next(published: Path) -> None:
    held = "SELECT count(*) FROM credit.license_decision_on('{}')"
    days = ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01")
    assert [read(published, held.format(day))[0][0] for day in days] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("day", "status"), [("2015-01-01", "存续"), ("2020-04-30", "存续"), ("2020-05-01", "吊销")]
)
def test_a_state_of_the_world_is_asked_for_by_its_day(
    published: Path, day: str, status: str
) -> None:
    query = f"SELECT status FROM legal_person.status_history_on('{day}')"
    assert read(published, query) == [(status,)]


def test_where_dates_are_masked_the_month_decides(published: Path) -> None:
    born = "SELECT count(*) FROM population.person_on('{}')"
    assert read(published, born.format("1979-12-31")) == [(0,)]
    assert read(published, born.format("1980-01-01")) == [(1,)]


def test_where_the_dates_are_hidden_no_day_is_asked_for(published: Path) -> None:
    macros = "SELECT function_name FROM duckdb_functions() WHERE function_name LIKE 'marriage%'"
    assert read(published, macros) == [("marriage_as_of",)]


def test_a_divergence_names_who_differs_and_shows_no_name(published: Path) -> None:
    found = read(
        published,
        'SELECT base_table, "column", agency, value, standard_agency FROM quality.divergences',
    )
    assert found == [("population.person", "name", "medical_insurance", "欧**", "public_security")]


def test_a_penalty_is_shown_until_its_disclosure_ends_or_five_years_after_the_conduct(
    published: Path,
) -> None:
    """山东省社会信用条例 article 38: the earlier of the two, and then in no publication."""
    for table in ("credit.penalty", "credit.administrative_penalties"):
        assert read(published, f"SELECT uscc FROM {table}") == [(NEW,)]
    assert read(published, "SELECT disclosed_until FROM credit.penalty") == [(date(2029, 1, 1),)]


def test_every_value_is_unfolded_to_its_row_and_none_that_is_masked_is_shown(
    published: Path,
) -> None:
    found = read(
        published,
        'SELECT "column", value, dataset, row FROM population.person_source ORDER BY 1',
    )
    assert ("name", "欧**", POPULATION, 1) in found
    assert "欧阳" not in str(found)


def test_macros_tables_and_columns_are_explained_in_chinese(published: Path) -> None:
    comments = read(
        published,
        "SELECT DISTINCT comment FROM duckdb_functions() WHERE function_name LIKE '%_as_of'"
        " OR function_name LIKE '%_on' AND schema_name IN ('population', 'legal_person')",
    )
    assert comments and all(text and not text.isascii() for (text,) in comments)
