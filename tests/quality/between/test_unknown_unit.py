"""Employers, builders and units in charge that no register knows."""

from __future__ import annotations

import pytest

from quality.between.evaluate import State
from tests.quality.between.tables import Tables

FIRM, BODY, CLUB = "91370303MA3XX0001K", "11370303XX00000010", "51370303XX0000001U"
NO_FIRM, NO_BODY, NO_CLUB = "91370303MA3XX0002N", "11370303XX00000023", "51370303XX0000002Y"
ELSEWHERE, LAW_FIRM, OTHER_COUNTY = "91370102MA3XX0002X", "31370303XX0000001X", "91370323MA3XX0001J"
ACCOUNTS = "housing_fund/accounts"
FIRMS = "market_supervision/business_entities"


@pytest.fixture
def house() -> Tables:
    """Registers of firms (one that moved here from another city among them), bodies and clubs."""
    tables = Tables("unknown_unit")
    tables.put(
        FIRMS, f"uscc|division\n{FIRM}|370303\n91370303MA3XX0003R|370303\n91370102MA3XX0001T|370303"
    )
    tables.put("institutional_commission/public_bodies", f"uscc\n{BODY}")
    tables.put("civil_affairs/social_organizations", f"uscc\n{CLUB}")
    return tables


def unknown(house: Tables, *codes: str, on: str = "2026-09-30") -> set[str]:
    """Those of the codes that are found unknown as employers of account holders."""
    rows = [f"{number}|{code}" for number, code in enumerate(codes)]
    house.put(ACCOUNTS, "\n".join(("account_no|employer_uscc", *rows)), on=on)
    return {codes[int(key)] for _, key, _ in house.found()}


def test_each_register_speaks_for_its_own_units(house: Tables) -> None:
    codes = (FIRM, BODY, CLUB, NO_FIRM, NO_BODY, NO_CLUB)
    assert unknown(house, *codes) == {NO_FIRM, NO_BODY, NO_CLUB}
    assert house.details()[0] == (NO_BODY, "截至 2026-09-30 的登记信息中没有此代码")


def test_employers_builders_and_units_in_charge_are_asked(house: Tables) -> None:
    named = {
        "human_resources/insurance_enrollments": ("enrollment_no", "employer_uscc"),
        "human_resources/contributions": ("detail_no", "employer_uscc"),
        "housing_fund/accounts": ("account_no", "employer_uscc"),
        "housing/construction_permits": ("permit_no", "builder_uscc"),
        "hotline/tickets": ("ticket_no", "responsible_uscc"),
        "urban_management/city_incidents": ("incident_no", "responsible_uscc"),
    }
    for ref, (key, column) in named.items():
        house.put(ref, f"{key} | {column}\nk1 | {NO_FIRM}\nk2 | {FIRM}\nk3 |")
    assert house.found() == {(ref, "k1", column) for ref, (_, column) in named.items()}


def test_who_is_registered_elsewhere_or_by_another_authority_is_nobodys_stranger(
    house: Tables,
) -> None:
    assert unknown(house, ELSEWHERE, LAW_FIRM) == set()


def test_of_a_place_whose_register_never_came_nobody_is_unknown(house: Tables) -> None:
    assert unknown(house, OTHER_COUNTY) == set()


@pytest.mark.parametrize(
    "table",
    [
        "taxation/taxpayers: uscc | grade_year",
        "education/schools: school_code | uscc",
        "health/institutions: registration_no | uscc",
        "state_assets/enterprises: uscc | parent_uscc",
    ],
)
def test_a_unit_that_another_agency_knows_is_missing_in_the_register(
    house: Tables, table: str
) -> None:
    ref, _, columns = table.partition(":")
    cells = [NO_FIRM if "uscc" in column else "1" for column in columns.split("|")]
    house.put(ref, f"{columns}\n{' | '.join(cells)}")
    assert unknown(house, NO_FIRM) == set()


def test_a_row_that_came_after_the_register_may_name_a_new_unit(house: Tables) -> None:
    assert unknown(house, NO_FIRM, NO_BODY, on="2026-10-01") == set()


def test_unsound_codes_are_left_to_their_own_rules(house: Tables) -> None:
    assert unknown(house, "91370303MA3XX0002P", "91370303MA3XX", "淄博某某公司") == set()


def test_without_one_of_the_registers_nobody_is_asked() -> None:
    house = Tables("unknown_unit")
    house.put(FIRMS, f"uscc|division\n{FIRM}|370303")
    assert house.asked().state is State.LACKING
