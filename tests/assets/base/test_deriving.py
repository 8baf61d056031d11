"""Derived tables: what is computed from base tables, and that they are replaced only when they
differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assets.base.deriving import derive
from assets.derived_tables import derived_tables
from tests.assets.base.house import BUSINESS, DEATHS, PERMITS, POPULATION, House, citizen, firm

LICENSES = "administrative_approval/electronic_licenses"
PENALTIES = "development_reform/administrative_penalties"
CITIZEN_AND_FIRM = "370303198001010688"
"""A citizen's number of which the check of a firm's code is right too, as of one in thirty-one."""


def derived(house: House, ref: str) -> list[dict[str, Any]]:
    """The derived table's rows, its base tables built first."""
    (table,) = (each for each in derived_tables() if each.ref == ref)
    for read in table.reads:
        base = read.removeprefix("base/").replace("/", ".")
        if base in house.catalog.base:
            house.build(base)
    with house.lakehouse.engine() as engine:
        derive(house.lakehouse, engine, table)
    order = ", ".join(f'"{key}"' for key in table.key)
    database, name = ref.split(".")
    return house.ask(f'SELECT * FROM base.{database}."{name}" ORDER BY {order}')


def test_people_are_counted_where_they_live_while_they_do(house: House) -> None:
    def registered(number: int, **more: object) -> dict[str, object]:
        return {"id_no": citizen(number), "sex": "1", "birth_date": date(1980, 1, 1),
                "division": "370303008", **more}  # fmt: skip

    house.deliver(
        POPULATION,
        [
            registered(1),
            registered(2, cancelled_on=date(2026, 1, 1), cancel_reason="3"),
            registered(3),
            registered(4),
        ],
        key="id_no",
    )
    house.deliver(DEATHS, [{"id_no": citizen(3), "died_on": date(2026, 1, 1)}], key="id_no")
    here = {"document_type": "111", "division": "370302", "registered_on": date(2025, 1, 1)}
    house.deliver(
        PERMITS,
        [
            {"permit_no": "1", "id_no": citizen(5), "valid_to": date(2027, 1, 1), **here},
            {"permit_no": "2", "id_no": citizen(6), "valid_to": date(2026, 1, 1), **here},
        ],
        key="permit_no",
    )
    rows = derived(house, "population.count")
    told = {
        (row["division"], row["age_band"]): (row["living"], row["registered"], row["resident"])
        for row in rows
    }
    assert told == {("370303", "45-49"): (3, 2, 2), ("370302", "45-49"): (2, 0, 1)}


def test_who_is_of_no_sex_or_not_born_yet_is_counted_as_unknown(house: House) -> None:
    unborn = {"id_no": citizen(1), "sex": "7", "birth_date": date(2099, 1, 1)}
    house.deliver(POPULATION, [{**unborn, "division": "370303"}], key="id_no")
    (row,) = derived(house, "population.count")
    assert (row["sex"], row["age_band"], row["living"]) == ("0", "不明", 1)


@pytest.mark.parametrize(
    ("licence", "firm_more", "state"),
    [
        ({}, {}, "有效"),
        ({"valid_to": date(2026, 9, 30)}, {}, "过期"),
        ({"valid_from": date(2027, 1, 1)}, {}, "未生效"),
        ({"status": "05"}, {}, "已吊销"),
        ({"status": "03"}, {}, "已注销"),
        ({"status": "02"}, {}, "过期"),
        ({}, {"deregistered_on": date(2026, 9, 1)}, "持证人已注销"),
        # The code alone tells which register knows the holder.
        ({"holder_type": None}, {"deregistered_on": date(2026, 9, 1)}, "持证人已注销"),
        ({"status": "99"}, {}, "有效"),
        ({"status": "09"}, {}, "失效"),
        ({"issued_on": date(2027, 1, 1)}, {}, "未生效"),
    ],
    ids=[
        "valid",
        "expired",
        "not yet",
        "revoked",
        "cancelled",
        "said expired",
        "holder deregistered",
        "holder of no stated kind",
        "no known status",
        "void otherwise",
        "not issued yet",
    ],
)
def test_a_certificate_s_state_follows_its_dates_its_status_and_its_holder(
    house: House, licence: dict[str, object], firm_more: dict[str, object], state: str
) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), **firm_more}])
    row = {"license_identifier": "L", "type_code": "T", "number": "1", "holder_type": "2",
           "holder_id": firm(1), "status": "10", **licence}  # fmt: skip
    house.deliver(LICENSES, [row], key="license_identifier")
    (told,) = derived(house, "license.certificate_state")
    assert (told["state"], told["holder_in"]) == (state, "legal_person.entity")


def test_the_summary_of_a_subject_counts_what_is_still_disclosed(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲公司"}])
    house.deliver(
        PENALTIES,
        [
            {"uscc": firm(1), "document_no": "1", "conduct_ended_on": date(2020, 1, 1)},
            {"uscc": firm(1), "document_no": "2", "conduct_ended_on": date(2025, 1, 1)},
        ],
        key="document_no",
    )
    (row,) = derived(house, "credit.subject")
    assert (row["name"], row["registered"], row["penalties"]) == ("甲公司", True, 1)


def test_a_penalty_without_a_sound_code_counts_for_whom_it_was_linked_to(house: House) -> None:
    misplaced = {"uscc": CITIZEN_AND_FIRM, "name": "张三"}
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲公司"}, misplaced])
    ends = {"conduct_ended_on": date(2025, 1, 1)}
    house.deliver(
        PENALTIES,
        [
            {"uscc": None, "name": "甲公司", "document_no": "1", "category": "1", **ends},
            {"uscc": firm(1)[:17], "name": "甲公司", "document_no": "2", "category": "1", **ends},
            {"id_no": citizen(1), "document_no": "3", "category": "2", **ends},
            # Of whoever says not what he is no number may come in.
            {"id_no": citizen(2), "document_no": "4", "category": None, **ends},
            {"uscc": citizen(3), "name": "张三", "document_no": "5", "category": "1", **ends},
            {"uscc": CITIZEN_AND_FIRM, "document_no": "6", "category": "1", **ends},
        ],
        key="document_no",
    )
    house.relink(PENALTIES, "legal_person.entity", {"1": firm(1), "2": firm(1)})
    (row,) = derived(house, "credit.subject")
    assert (row["subject_id"], row["registered"], row["penalties"]) == (firm(1), True, 2)


def test_new_firms_are_counted_by_month_and_the_insured_by_where_and_what_for(
    house: House,
) -> None:
    def founded(number: int, on: date | None, industry: str = "C3071") -> dict[str, object]:
        return {"uscc": firm(number), "established_on": on, "industry": industry,
                "division": "370303008"}  # fmt: skip

    def insured(number: str, who: int, **more: object) -> dict[str, object]:
        return {"enrollment_no": number, "id_no": citizen(who), "insurance_type": "110",
                "insured_division": "370303", "status": "1", **more}  # fmt: skip

    house.deliver(
        BUSINESS,
        [
            founded(1, date(2025, 3, 1)),
            founded(2, date(2025, 3, 31)),
            founded(3, date(2025, 3, 2), "F5211"),
            founded(4, None),
            # Whoever is founded after the latest delivery is not yet.
            founded(5, date(2027, 1, 1)),
        ],
    )
    house.deliver(
        "human_resources/insurance_enrollments",
        [
            insured("1", 1),
            # One person insured twice is one.
            insured("2", 1),
            insured("3", 2, ended_on=date(9999, 12, 31)),
            insured("4", 3, ended_on=date(1900, 1, 1)),
            insured("5", 4, ended_on=date(2026, 1, 1)),
            insured("6", 5, status="4"),
            insured("7", 6, insured_division=None),
        ],
        key="enrollment_no",
    )
    shown = ("indicator_code", "period", "division", "breakdown", "value", "unit")
    rows = [
        tuple(row[name] for name in shown) for row in derived(house, "macroeconomy.derived_series")
    ]
    assert rows == [
        ("D01", "2025-03", "370303", "30", 2, "户"),
        ("D01", "2025-03", "370303", "52", 1, "户"),
        ("D02", "2026-10", "370303", "110", 3, "人"),
        ("D02", "2026-10", "不明", "110", 1, "人"),
    ]


def test_the_division_tree_has_the_city_its_counties_towns_and_villages(house: House) -> None:
    rows = {row["code"]: row for row in derived(house, "geospatial.division")}
    town = rows["370302001"]
    assert (town["level"], rows[town["parent_code"]]["name"]) == ("镇街", "淄川区")
    assert rows[rows[town["parent_code"]]["parent_code"]]["name"] == "淄博市"
    assert rows["370307"]["local"] and not rows["370303"]["local"]
    assert rows["110101"]["parent_code"] == "110000"
    assert {row["parent_code"] for row in rows.values()} - {None} <= rows.keys()


def test_rows_that_stay_the_same_are_not_written_again(house: House) -> None:
    derived(house, "license.type")
    version = house.lakehouse.lake.version("base/license/type")
    derived(house, "license.type")
    assert house.lakehouse.lake.version("base/license/type") == version
