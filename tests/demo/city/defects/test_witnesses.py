"""What a defect rests on stands as it should, in a city where one row in ten has a defect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city.city import City
from demo.city.days import Calendar
from demo.city.defects.keys import UNIT
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import plan_of
from demo.city.deliver import write_job
from demo.city.jobs import Order, jobs_of
from demo.city.table import tables

RATE = 0.1
PEOPLE = "public_security/registered_population"
ADDRESSES = "public_security/standard_addresses"
FIRMS = "market_supervision/business_entities"
LICENCES = "market_supervision/food_licenses"
MARRIAGES = "civil_affairs/marriages"
INCOME = "medical_insurance/fund_income"
INSURED = "medical_insurance/insured_persons"
TAXPAYERS = "taxation/taxpayers"
OFTEN = {
    (LICENCES, "deregistered_licensed"): 0.2,
    (FIRMS, "ownership_cycle"): 0.2,
    (FIRMS, "shifted_coordinates"): 0.05,
}
"""Kinds that would hit hardly any row even so: shares on top."""


@pytest.fixture(scope="module")
def large(catalog: Catalog) -> City:
    return City(catalog, 20_000, 12)


@pytest.fixture(scope="module")
def labels(large: City, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The labels of the first day in the datasets that the tests ask about."""
    folder = tmp_path_factory.mktemp("witnesses")
    jobs = list(jobs_of(large))
    rows: dict[str, int] = {}
    for job in jobs:
        rows[job.ref] = rows.get(job.ref, 0) + len(job.slots)
    asked = {PEOPLE, ADDRESSES, FIRMS, LICENCES, MARRIAGES, INCOME, INSURED, TAXPAYERS}
    plan = plan_of(large.catalog, rows, RATE)
    often = replace(plan, lifts=plan.lifts | OFTEN)
    order = Order(folder / "out", Calendar(large.day), often, folder)
    know, parts = Knowledge(large), []
    for job in jobs:
        if job.ref in asked:
            write_job(know, job, order)
            parts.append(pl.read_parquet(job.label_parts(folder)[0]))
    return pl.concat(parts)


def planted(labels: pl.DataFrame, kind: str, ref: str) -> Iterator[dict[str, str]]:
    """The labels of a kind in a dataset; some are there."""
    of = labels.filter((pl.col("kind") == kind) & (pl.col("dataset") == ref))
    assert of.height >= 3, (kind, ref)
    yield from of.to_dicts()


def damaged(labels: pl.DataFrame, ref: str) -> set[str]:
    """The right keys of the rows that have a defect."""
    keys = set(labels.filter(pl.col("dataset") == ref)["key_original"].to_list())
    assert len(keys) > 50
    return keys


def test_the_dead_are_told_by_a_register_that_is_right_about_them(labels: pl.DataFrame) -> None:
    wrong = damaged(labels, PEOPLE)
    for label in planted(labels, "dead_person", INSURED):
        assert label["delivered"] not in wrong


def test_a_licence_outlives_a_firm_whose_end_is_registered(labels: pl.DataFrame) -> None:
    wrong = damaged(labels, FIRMS)
    for label in planted(labels, "deregistered_licensed", LICENCES):
        assert label["delivered"] not in wrong


def test_a_name_differs_from_one_that_is_registered(labels: pl.DataFrame) -> None:
    wrong = damaged(labels, FIRMS)
    for label in planted(labels, "holder_differs", TAXPAYERS):
        assert label["key"].split(UNIT)[0] not in wrong


def test_a_cycle_of_ownership_is_closed_by_a_row_that_is_right(labels: pl.DataFrame) -> None:
    wrong = damaged(labels, FIRMS)
    for label in planted(labels, "ownership_cycle", FIRMS):
        assert label["delivered"] == label["key"] or label["delivered"] not in wrong


def test_a_marriage_overlaps_with_one_whose_registration_is_right(
    labels: pl.DataFrame, large: City
) -> None:
    wrong, weddings = damaged(labels, MARRIAGES), tables()[MARRIAGES].frame(large)
    day = dict(weddings.select("certificate_no", "registered_on").iter_rows())
    earlier = weddings.filter(
        pl.col("ended_on").is_null(), pl.col("type") == "1",
        ~pl.col("certificate_no").is_in(list(wrong)),
    )  # fmt: skip
    for label in planted(labels, "overlapping_marriage", MARRIAGES):
        own = earlier.filter(pl.col("id_no_a") == label["delivered"])
        assert (own["registered_on"] < day[label["key"]]).any()


def test_a_shifted_point_stands_beside_the_right_one_of_its_address(
    labels: pl.DataFrame, large: City
) -> None:
    wrong, firms = damaged(labels, ADDRESSES), tables()[FIRMS].frame(large)
    address = dict(firms.select("uscc", "address_code").iter_rows())
    for label in planted(labels, "shifted_coordinates", FIRMS):
        assert address[label["key"]] not in wrong


def test_a_cumulated_income_stands_among_months_that_are_right(labels: pl.DataFrame) -> None:
    wrong = {tuple(key.split(UNIT)) for key in damaged(labels, INCOME)}
    for label in planted(labels, "cumulative_as_monthly", INCOME):
        insurance, period, division = label["key"].split(UNIT)
        others = {month for kind, month, place in wrong if (kind, place) == (insurance, division)}
        assert not {month for month in others if month[5:] == period[5:]} - {period}
        assert not {month for month in others if f"{period[:4]}-01" <= month < period}
