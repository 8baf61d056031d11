"""What must hold between the datasets of the clean city."""

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
ENROLLMENTS = "human_resources/insurance_enrollments"
CONTRIBUTIONS = "human_resources/contributions"
BENEFITS = "human_resources/benefits"


def _units(frame_of: Frames) -> set[str]:
    return {code for ref in (FIRMS, BODIES, SOCIAL) for code in frame_of(ref)["uscc"]}


@pytest.mark.parametrize("ref", sorted(tables()))
def test_every_dataset_has_rows_and_the_columns_of_the_catalogue(
    ref: str, city: City, frame_of: Frames
) -> None:
    dataset, frame = city.catalog.datasets[ref], frame_of(ref)
    assert frame.height
    made = {name for name in frame.columns if not name.startswith("_")}
    known = {column.id for column in dataset.columns}
    needed = {column.id for column in dataset.columns if not column.may_be_absent}
    assert needed <= made <= known
    for column in dataset.columns:
        if column.required:
            assert frame[column.id].null_count() == 0, column.id


@pytest.mark.parametrize("ref", sorted(tables()))
def test_keys_are_unique(ref: str, city: City, frame_of: Frames) -> None:
    frame = frame_of(ref)
    key = [part for part in city.catalog.datasets[ref].key if isinstance(part, str)]
    assert frame.select(key).n_unique() == frame.height


@pytest.mark.parametrize("ref", sorted(tables()))
def test_codes_are_those_of_the_catalogue(ref: str, city: City, frame_of: Frames) -> None:
    for column in city.catalog.datasets[ref].columns:
        element = city.catalog.elements[column.element]
        if element.code_table is not None and column.id in frame_of(ref).columns:
            codes = {code.code for code in city.catalog.codes(element.code_table)}
            values = frame_of(ref)[column.id].drop_nulls().unique()
            if element.format == "code_list":
                values = values.str.split(";").explode()
            assert set(values) <= codes, column.id


@pytest.mark.parametrize("ref", sorted(tables()))
def test_rows_are_the_same_whatever_the_chunks(ref: str, city: City, frame_of: Frames) -> None:
    assert pl.concat(list(tables()[ref].chunks(city, 617))).equals(frame_of(ref))


@pytest.mark.parametrize("ref", sorted(tables()))
def test_dates_are_not_later_than_the_city_save_ends(
    ref: str, city: City, frame_of: Frames
) -> None:
    for column in city.catalog.datasets[ref].columns:
        element = city.catalog.elements[column.element]
        if column.id in frame_of(ref).columns and not element.future_allowed:
            values = frame_of(ref)[column.id]
            if values.dtype.is_temporal() and values.len() > values.null_count():
                assert values.cast(pl.Date).max() <= city.day, column.id  # type: ignore[operator]


def test_addresses_that_are_named_exist_in_the_same_division(frame_of: Frames) -> None:
    addresses = frame_of("public_security/standard_addresses").select("address_code", "division")
    for ref in (PEOPLE, FIRMS, "public_security/residence_permits", "health/institutions"):
        named = frame_of(ref).select("address_code", "division").drop_nulls()
        assert named.join(addresses, on=["address_code", "division"], how="anti").is_empty()


def test_points_of_firms_are_those_of_their_addresses(frame_of: Frames) -> None:
    addresses = frame_of("public_security/standard_addresses").select("address_code", "lon", "lat")
    firms = frame_of(FIRMS).select("address_code", "lon", "lat")
    assert firms.join(addresses, on=firms.columns, how="anti").is_empty()


def test_a_household_has_one_head_and_its_members_share_number_and_address(
    frame_of: Frames,
) -> None:
    homes = (
        frame_of(PEOPLE)
        .group_by("household_no")
        .agg(
            heads=(pl.col("relation_to_head") == "02").sum(),
            addresses=pl.col("address_code").n_unique(),
        )
    )
    assert (homes["heads"] == 1).all() and (homes["addresses"] == 1).all()


def test_employers_exist_in_one_of_the_three_registers(frame_of: Frames) -> None:
    known = _units(frame_of)
    for ref in (ENROLLMENTS, CONTRIBUTIONS, "housing_fund/accounts"):
        assert set(frame_of(ref)["employer_uscc"].drop_nulls()) <= known


def test_employers_were_founded_before_the_insurance_began(frame_of: Frames) -> None:
    founded = pl.concat(
        [frame_of(ref).select("uscc", "established_on") for ref in (FIRMS, BODIES, SOCIAL)]
    )
    own = frame_of(ENROLLMENTS).filter(pl.col("insurance_type") == "210")
    joined = own.join(founded, left_on="employer_uscc", right_on="uscc")
    assert joined.height == own.height
    assert (joined["started_on"] >= joined["established_on"]).all()


def test_contributions_add_up_and_belong_to_an_enrolment(frame_of: Frames) -> None:
    paid = frame_of(CONTRIBUTIONS)
    parts = paid["employer_amount"] + paid["personal_amount"]
    assert ((paid["total"] - parts).abs() < 0.005).all()
    assert (paid["due_amount"] == paid["total"]).all()
    enrolled = frame_of(ENROLLMENTS).select(
        "id_no", "insurance_type", "employer_uscc", "started_on"
    )
    joined = paid.join(enrolled, on=["id_no", "insurance_type", "employer_uscc"])
    assert joined.height == paid.height
    assert (joined["started_on"].dt.strftime("%Y-%m") <= joined["period"]).all()


def test_nobody_contributes_or_draws_benefits_after_death(frame_of: Frames) -> None:
    died = frame_of("health/death_certificates").select("id_no", "died_on")
    for ref in (CONTRIBUTIONS, BENEFITS):
        late = frame_of(ref).join(died, on="id_no")
        assert late.height
        assert (late["period"] <= late["died_on"].dt.strftime("%Y-%m")).all()


def test_the_dead_are_cancelled_in_the_register_on_the_day_they_died(frame_of: Frames) -> None:
    died = frame_of("health/death_certificates").select("id_no", "died_on")
    register = frame_of(PEOPLE).filter(pl.col("cancel_reason") == "1")
    joined = died.join(register, on="id_no")
    assert joined.height == died.height == register.height
    assert (joined["died_on"] == joined["cancelled_on"]).all()


def test_the_dead_are_no_longer_insured(frame_of: Frames) -> None:
    died = frame_of("health/death_certificates").select("id_no")
    insured = frame_of("medical_insurance/insured_persons").join(died, on="id_no")
    assert insured.height and set(insured["status"]) == {"4"}
    enrolled = frame_of(ENROLLMENTS).join(died, on="id_no")
    assert set(enrolled["status"]) == {"3"} and enrolled["ended_on"].null_count() == 0


def test_births_have_parents_of_the_register_at_least_fifteen_years_older(
    frame_of: Frames,
) -> None:
    births = frame_of("health/birth_certificates")
    register = frame_of(PEOPLE).select("id_no", "birth_date", "sex", "household_no")
    for column, sex in (("mother_id_no", "2"), ("father_id_no", "1")):
        known = births.drop_nulls(column)
        parents = known.join(register, left_on=column, right_on="id_no", suffix="_parent")
        assert parents.height == known.height and set(parents["sex_parent"]) == {sex}
        years = parents["born_at"].dt.year() - parents["birth_date"].dt.year()
        assert years.min() > 15  # type: ignore[operator]
    children = births.join(register, left_on="child_id_no", right_on="id_no")
    assert children.height == births.height
    assert (children["born_at"].dt.date() == children["birth_date"]).all()


def test_births_happen_in_institutions_that_are_registered(frame_of: Frames) -> None:
    names = set(frame_of("health/institutions")["name"])
    assert set(frame_of("health/birth_certificates")["institution"]) <= names


def test_institutions_and_schools_are_units_of_the_registers(frame_of: Frames) -> None:
    known = _units(frame_of)
    for ref in ("health/institutions", "education/schools"):
        assert set(frame_of(ref)["uscc"]) <= known


def test_pupils_go_to_schools_that_exist(frame_of: Frames) -> None:
    schools = set(frame_of("education/schools")["school_code"])
    pupils = frame_of("education/enrollments")
    assert set(pupils["school_code"]) <= schools
    assert set(pupils["id_no"]) <= set(frame_of(PEOPLE)["id_no"])


def test_spouses_are_in_the_register_by_the_names_written(frame_of: Frames) -> None:
    names = frame_of(PEOPLE).select("id_no", "name")
    marriages = frame_of("civil_affairs/marriages")
    for side in ("a", "b"):
        named = marriages.select(id_no=f"id_no_{side}", name=f"name_{side}")
        assert named.join(names, on=["id_no", "name"], how="anti").is_empty()


def test_each_divorce_ends_a_marriage_of_the_two_on_its_day(frame_of: Frames) -> None:
    marriages = frame_of("civil_affairs/marriages")
    divorces = marriages.filter(pl.col("type") == "2")
    ended = marriages.filter(pl.col("type") == "1").select(
        "id_no_a", "id_no_b", pl.col("ended_on").alias("registered_on")
    )
    assert divorces.height
    assert divorces.join(ended, on=ended.columns, how="anti").is_empty()


def test_members_of_an_allowance_live_in_its_household(frame_of: Frames) -> None:
    cases = frame_of("civil_affairs/minimum_living_allowance").select("case_no", "household_no")
    homes = frame_of(PEOPLE).select("id_no", "household_no")
    members = frame_of("civil_affairs/allowance_members")
    joined = members.join(cases, on="case_no").join(homes, on=["id_no", "household_no"])
    assert joined.height == members.height
    applicants = members.filter(pl.col("relation") == "01")
    assert applicants.height == cases.height


def test_shares_of_a_company_add_up_to_a_hundred_percent(frame_of: Frames) -> None:
    held = frame_of("market_supervision/shareholders")
    sums = held.group_by("uscc").agg(pl.col("share_percent").sum())
    assert (sums["share_percent"] == 100).all()
    assert (held["share_percent"] > 0).all()


def test_holders_exist_and_no_firm_owns_one_that_owns_it(frame_of: Frames) -> None:
    held = frame_of("market_supervision/shareholders")
    firms = frame_of(FIRMS).select("uscc").with_row_index("at")
    order = dict(zip(firms["uscc"], firms["at"], strict=True))
    bodies = frame_of(BODIES)["uscc"].to_list()
    owned = held.filter(pl.col("holder_type") == "2", ~pl.col("holder_id").is_in(bodies))
    assert owned.height
    assert all(
        order[holder] < order[firm]
        for holder, firm in owned.select("holder_id", "uscc").iter_rows()
    )
    people = set(frame_of(PEOPLE)["id_no"])
    assert set(held.filter(pl.col("holder_type") == "1")["holder_id"]) <= people


def test_changes_happen_while_the_firm_exists(frame_of: Frames) -> None:
    changes = frame_of("market_supervision/registration_changes")
    firms = frame_of(FIRMS).select("uscc", "established_on", "revoked_on", "deregistered_on")
    joined = changes.join(firms, on="uscc")
    assert joined.height == changes.height
    assert (joined["changed_on"] > joined["established_on"]).all()
    end = joined.select(
        pl.coalesce("revoked_on", "deregistered_on").fill_null(date(9999, 1, 1))
    ).to_series()
    assert (joined["changed_on"] <= end).all()


def test_bodies_answer_to_bodies(frame_of: Frames) -> None:
    bodies = frame_of(BODIES)
    superior = bodies.drop_nulls("superior_uscc")
    assert 0 < superior.height < bodies.height
    assert set(superior["superior_uscc"]) <= set(bodies["uscc"])


@pytest.mark.parametrize(
    "ref",
    [
        "civil_affairs/marriages",
        "health/birth_certificates",
        "health/death_certificates",
        "human_resources/insurance_enrollments",
        "medical_insurance/insured_persons",
        "education/enrollments",
        "market_supervision/shareholders",
        "housing_fund/accounts",
    ],
)
def test_rows_that_follow_from_ages_and_firms_are_about_as_many_as_declared(
    ref: str, larger: City
) -> None:
    rows = tables()[ref].frame(larger).height
    assert rows == pytest.approx(larger.scale.rows(ref), rel=0.2)


@pytest.fixture(scope="module")
def larger(city: City) -> City:
    return City(city.catalog, 40_000, 2)
