"""What must hold between licences, bills, cases and those they belong to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from demo.city.city import City
from demo.city.table import tables

Frames = Callable[[str], pl.DataFrame]

PEOPLE = "public_security/registered_population"
FIRMS = "market_supervision/business_entities"
BODIES = "institutional_commission/public_bodies"
SOCIAL = "civil_affairs/social_organizations"
REGISTERS = (FIRMS, BODIES, SOCIAL)
NEVER = date(9999, 1, 1)

NAMED = [
    ("market_supervision/food_licenses", "uscc", "holder"),
    ("taxation/taxpayers", "uscc", "name"),
    ("state_assets/enterprises", "uscc", "name"),
    ("development_reform/administrative_licenses", "uscc", "name"),
    ("development_reform/administrative_licenses", "agency_uscc", "agency_name"),
    ("development_reform/administrative_penalties", "agency_uscc", "agency_name"),
    ("development_reform/dishonest_entities", "uscc", "name"),
]
"""Columns that tell a unit's code and its name."""

WITHIN_LIFE = [
    ("market_supervision/food_licenses", "uscc", "valid_from"),
    ("market_supervision/food_samplings", "uscc", "sampled_on"),
    ("market_supervision/abnormal_operations", "uscc", "listed_on"),
    ("housing/construction_permits", "builder_uscc", "issued_on"),
    ("ecology/discharge_permits", "uscc", "valid_from"),
    ("emergency/hidden_dangers", "uscc", "found_on"),
    ("development_reform/administrative_licenses", "uscc", "decided_on"),
    ("development_reform/administrative_penalties", "uscc", "decided_on"),
]
"""Columns that tell a firm's code and a day on which something happened to it."""


@pytest.fixture(scope="module")
def units(frame_of: Frames) -> pl.DataFrame:
    """uscc, unit_name, established_on and ended_on of every unit of the three registers."""
    frames = []
    for ref in REGISTERS:
        known = frame_of(ref)
        ends = [name for name in ("revoked_on", "deregistered_on") if name in known.columns]
        ended = pl.coalesce(*ends, pl.lit(NEVER)) if ends else pl.lit(NEVER)
        frames.append(
            known.select("uscc", "established_on", ended_on=ended, unit_name=pl.col("name"))
        )
    return pl.concat(frames)


def _codes_of_units(city: City, ref: str, frame: pl.DataFrame) -> list[str]:
    return [
        column.id
        for column in city.catalog.datasets[ref].columns
        if column.element == "uscc" and column.id in frame.columns
    ]


@pytest.mark.parametrize("ref", sorted(tables()))
def test_every_unit_named_by_its_code_is_in_one_of_the_registers(
    ref: str, city: City, frame_of: Frames, units: pl.DataFrame
) -> None:
    known = set(units["uscc"])
    for column in _codes_of_units(city, ref, frame_of(ref)):
        assert set(frame_of(ref)[column].drop_nulls()) <= known, column


@pytest.mark.parametrize("ref", sorted(tables()))
def test_every_address_code_is_one_of_the_standard_addresses(ref: str, frame_of: Frames) -> None:
    frame = frame_of(ref)
    if "address_code" in frame.columns:
        known = frame_of("public_security/standard_addresses")["address_code"]
        assert set(frame["address_code"].drop_nulls()) <= set(known)


@pytest.mark.parametrize(("ref", "code", "name"), NAMED)
def test_units_have_the_names_of_the_registers(
    ref: str, code: str, name: str, frame_of: Frames, units: pl.DataFrame
) -> None:
    rows = frame_of(ref).drop_nulls(code).select(uscc=code, unit_name=name)
    assert rows.height
    assert rows.join(units, on=["uscc", "unit_name"], how="anti").is_empty()


@pytest.mark.parametrize(("ref", "code", "day"), WITHIN_LIFE)
def test_things_happen_to_firms_while_they_exist(
    ref: str, code: str, day: str, frame_of: Frames, units: pl.DataFrame
) -> None:
    rows = frame_of(ref).drop_nulls(code).join(units, left_on=code, right_on="uscc")
    assert rows.height
    assert (rows[day] > rows["established_on"]).all()
    assert (rows[day] < rows["ended_on"]).all()


def test_settlements_are_of_the_insured_at_institutions_that_exist(frame_of: Frames) -> None:
    settled = frame_of("medical_insurance/settlements")
    key = ["person_no", "id_no", "insurance_type"]
    insured = frame_of("medical_insurance/insured_persons").select(key)
    assert settled.join(insured, on=key, how="anti").is_empty()
    codes = frame_of("health/institutions")["insurance_institution_code"]
    assert set(settled["institution_code"]) <= set(codes)


def test_nobody_settles_before_birth_or_after_death(frame_of: Frames) -> None:
    settled = frame_of("medical_insurance/settlements").join(frame_of(PEOPLE), on="id_no")
    day = settled["settled_at"].dt.date()
    assert (day > settled["birth_date"]).all()
    assert (day < settled["cancelled_on"].fill_null(NEVER)).all()


def test_fees_add_up_and_are_paid_in_whole(frame_of: Frames) -> None:
    settled = frame_of("medical_insurance/settlements").select(
        (pl.col("drug", "examination", "treatment", "material", "total", "fund", "personal") * 100)
        .round()
        .cast(pl.Int64)
    )
    parts = settled["drug"] + settled["examination"] + settled["treatment"] + settled["material"]
    assert (parts == settled["total"]).all()
    assert (settled["fund"] + settled["personal"] == settled["total"]).all()
    assert settled.min().row(0) >= (0,) * 7


@pytest.mark.parametrize("supplier", ["water_supply", "power_grid", "gas_supply", "heat_supply"])
def test_bills_are_of_residents_and_units_where_they_live(
    supplier: str, frame_of: Frames, units: pl.DataFrame
) -> None:
    bills = frame_of(f"{supplier}/bills")
    permits = frame_of("public_security/residence_permits")
    people = pl.concat([frame_of(PEOPLE).select("id_no", "address_code"),
                        permits.select("id_no", "address_code")])  # fmt: skip
    own = bills.select("holder_id", "address_code").unique()
    homes = own.join(people, left_on=own.columns, right_on=people.columns, how="semi")
    firms = own.filter(pl.col("holder_id").is_in(units["uscc"].to_list()))
    assert homes.height and firms.height
    assert homes.height + firms.height == own.height
    holders = bills.group_by("account_no").agg(pl.col("holder_id").n_unique())
    assert (holders["holder_id"] == 1).all()


def test_heat_is_billed_in_winter_and_gas_burnt_in_winter_most(frame_of: Frames) -> None:
    months = set(frame_of("heat_supply/bills")["period"].str.slice(5))
    assert months == {"11", "12", "01", "02", "03"}
    gas = (
        frame_of("gas_supply/bills")
        .group_by(pl.col("period").str.slice(5))
        .agg(pl.col("usage").sum())
    )
    used = dict(gas.iter_rows())
    assert used["01"] > 1.5 * used["07"]


def test_points_of_hazards_are_those_of_their_firms(frame_of: Frames) -> None:
    hazards = frame_of("emergency/major_hazards").select("uscc", "lon", "lat")
    firms = frame_of(FIRMS).select("uscc", "lon", "lat")
    assert hazards.join(firms, on=firms.columns, how="anti").is_empty()


def test_cases_are_of_items_of_their_agency_and_applicants_of_the_registers(
    frame_of: Frames, units: pl.DataFrame
) -> None:
    cases = frame_of("administrative_approval/service_cases")
    items = frame_of("administrative_approval/service_items")
    key = ["item_code", "agency_uscc", "promised_days"]
    assert cases.join(items, on=key, how="anti").is_empty()
    people = frame_of(PEOPLE).select(applicant_id="id_no", applicant="name")
    firms = units.select(applicant_id="uscc", applicant="unit_name")
    known = pl.concat([people, firms])
    assert cases.join(known, on=["applicant_id", "applicant"], how="anti").is_empty()
    assert set(cases["applicant_type"]) == {"1", "2"}


def test_cases_are_accepted_and_finished_on_working_days(frame_of: Frames) -> None:
    from chinese_calendar import is_workday

    cases = frame_of("administrative_approval/service_cases")
    days = pl.concat([cases["accepted_at"], cases["finished_at"]]).drop_nulls().dt.date().unique()
    assert len(days) > 200
    assert all(is_workday(day) for day in days)


def test_most_cases_finish_within_the_promised_working_days_and_some_do_not(
    frame_of: Frames,
) -> None:
    from chinese_calendar import get_workdays

    cases = frame_of("administrative_approval/service_cases").drop_nulls("finished_at").head(800)
    late = [
        len(get_workdays(accepted.date(), finished.date())) - 1 - paused > promised
        for accepted, finished, paused, promised in cases.select(
            "accepted_at", "finished_at", "paused_days", "promised_days"
        ).iter_rows()
    ]
    assert 0.01 < sum(late) / len(late) < 0.08


def test_electronic_licences_are_the_licences_that_other_datasets_know(frame_of: Frames) -> None:
    licenses = frame_of("administrative_approval/electronic_licenses")
    known = {
        "11370300MB0EXMP29E001": frame_of(PEOPLE).select(
            number="id_no", holder_id="id_no", holder="name"
        ),
        "11100000MB0143028R001": frame_of(FIRMS).select(
            number="uscc", holder_id="uscc", holder="name"
        ),
        "11370300MB0EXMP29E012": frame_of("market_supervision/food_licenses").select(
            number="license_no", holder_id="uscc", holder="holder"
        ),
        "11100000MB03271699001": frame_of("natural_resources/real_estate").select(
            number="certificate_no", holder_id="owner_id", holder="owner"
        ),
    }
    for type_code, rows in known.items():
        own = licenses.filter(pl.col("type_code") == type_code)
        assert own.height == rows.height
        assert own.join(rows, on=rows.columns, how="anti").is_empty()


def test_penalties_against_firms_and_people_name_who_is_in_the_registers(
    frame_of: Frames, units: pl.DataFrame
) -> None:
    penalties = frame_of("development_reform/administrative_penalties")
    firms = penalties.drop_nulls("uscc").select("uscc", unit_name="name")
    assert firms.join(units, on=["uscc", "unit_name"], how="anti").is_empty()
    people = penalties.drop_nulls("id_no").select("id_no", "name")
    assert people.height and people.height + firms.height == penalties.height
    register = frame_of(PEOPLE).select("id_no", "name")
    assert people.join(register, on=["id_no", "name"], how="anti").is_empty()


def test_state_enterprises_are_a_tree_below_the_agency_as_the_shares_say(frame_of: Frames) -> None:
    owned = frame_of("state_assets/enterprises")
    level = dict(owned.select("uscc", "level").iter_rows())
    roots = set(owned["parent_uscc"]) - set(level)
    assert len(roots) == 1
    for firm, parent in owned.select("uscc", "parent_uscc").iter_rows():
        assert level[firm] == level.get(parent, 0) + 1
    held = frame_of("market_supervision/shareholders").select(
        "uscc", "share_percent", parent_uscc="holder_id"
    )
    assert owned.join(held, on=held.columns, how="anti").is_empty()
    sums = owned.group_by("uscc").agg(pl.col("share_percent").sum())
    assert (sums["share_percent"] <= 100).all()
