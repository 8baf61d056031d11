"""What the kinds of defects do to rows, on rows made of the catalogue's own examples."""

from __future__ import annotations

import datetime
import math
from typing import Any

import polars as pl
import pytest

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from catalog.models.elements import ElementType
from demo.city.city import City
from demo.city.declared import declaration
from demo.city.defects.damage import Hit
from demo.city.defects.damages import damages
from demo.city.defects.kinds import BROKEN, INSERTED, Target, kind_names, targets_of
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.places import gcj02
from demo.city.defects.plan import Plan
from demo.city.form import form_of
from demo.city.table import tables

READ = {
    ElementType.DATE: datetime.date.fromisoformat,
    ElementType.DATETIME: datetime.datetime.fromisoformat,
    ElementType.INTEGER: int,
    ElementType.DECIMAL: float,
}
MOMENT = datetime.datetime(2026, 6, 1, 9, 30)
FACTS: dict[str, dict[str, Any]] = {
    "human_resources/benefits": {"period": "2026-09"},
    "medical_insurance/fund_income": {"period": "2026-09", "income": 1280.5},
    "state_assets/financial_reports": {"period": "2026-09", "revenue": 1280.5},
    "market_supervision/business_entities": {"registered_capital": 5000000.0},
    "emergency/hidden_dangers": {"deadline": datetime.date(2026, 6, 5)},
    "hotline/tickets": {"due_at": MOMENT, "replied_at": MOMENT},
}


@pytest.fixture(scope="module")
def know(city: City) -> Knowledge:
    return Knowledge(city)


def row_of(catalog: Catalog, dataset: Dataset) -> dict[str, Any]:
    """Standard values of one row: the examples of its columns' elements."""
    facts = {}
    for column in dataset.columns:
        element = catalog.elements[column.element]
        if column.derived is None and element.format != "money":
            facts[column.id] = READ.get(element.type, str)(element.example)
    return facts | FACTS.get(dataset.ref, {})


def text_of(value: Any) -> str | None:
    return None if value is None else str(value)


def hits_of(know: Knowledge, ref: str, bits: int = 123_456_789_123) -> list[tuple[Target, Hit]]:
    """A hit of every target of a dataset on its row of examples."""
    catalog = know.city.catalog
    dataset, form = catalog.datasets[ref], form_of(ref, 100)
    facts = row_of(catalog, dataset)
    written = {name: [text_of(value)] for name, value in facts.items()}
    known = {name: [value] for name, value in facts.items()}
    return [
        (target, Hit(know, dataset, form, written, known, target, 0, bits, Plan()))
        for target in targets_of(catalog, dataset, form, set(facts))
    ]


def struck(know: Knowledge, kind: str, ref: str, bits: int = 77) -> dict[str, str | None] | None:
    """What the first target of a kind does to a dataset's row of examples."""
    target, hit = next(pair for pair in hits_of(know, ref, bits) if pair[0].kind == kind)
    return damages()[target.how](hit)


def test_every_kind_can_hit_a_row_of_some_dataset(know: Knowledge) -> None:
    able = set()
    for ref in know.city.catalog.datasets:
        for target, hit in hits_of(know, ref):
            changes = damages()[target.how](hit)
            if changes is not None and (
                target.how in (*BROKEN, *INSERTED)
                or any(hit.written[name][0] != value for name, value in changes.items())
            ):
                able.add(target.kind)
    # The examples' identity number ends with X, and their firm belongs to itself already.
    assert set(kind_names()) - able == {"scientific_number", "ownership_cycle"}


def test_every_dataset_has_something_that_can_be_wrong(know: Knowledge) -> None:
    for ref in know.city.catalog.datasets:
        assert len({target.kind for target, _ in hits_of(know, ref)}) >= 6, ref


def test_a_damage_changes_only_columns_that_are_written(know: Knowledge) -> None:
    for ref in know.city.catalog.datasets:
        for target, hit in hits_of(know, ref):
            assert set(damages()[target.how](hit) or {}) <= set(hit.written), (ref, target.kind)


@pytest.mark.parametrize(
    ("kind", "ref", "column", "expected"),
    [
        ("masked_number", "human_resources/benefits", "id_no", "110105********002X"),
        ("impossible_birth", "human_resources/benefits", "id_no", "11010519491331002X"),
        ("yuan_as_wan", "human_resources/benefits", "amount", "0.325"),
        ("shares_above_100", "market_supervision/shareholders", "share_percent", "100"),
        ("wan_as_yuan", "housing/construction_permits", "cost", "58604200"),
    ],
)
def test_a_damage_gives_exactly_this(
    know: Knowledge, kind: str, ref: str, column: str, expected: str
) -> None:
    changes = struck(know, kind, ref, bits=0 if kind != "impossible_birth" else 8)
    assert changes is not None
    assert changes[column] == expected


def test_a_capital_out_of_range_names_its_unit_as_every_capital_must(know: Knowledge) -> None:
    target, hit = next(
        pair
        for pair in hits_of(know, "market_supervision/business_entities", bits=0)
        if pair[0].kind == "out_of_range" and pair[0].column == "registered_capital"
    )
    assert damages()[target.how](hit) == {"registered_capital": "10000000000001元人民币"}


def test_the_end_moves_before_the_start(know: Knowledge) -> None:
    changes = struck(know, "end_before_start", "emergency/hidden_dangers")
    assert changes is not None
    ((column, value),) = changes.items()
    facts = row_of(know.city.catalog, know.city.catalog.datasets["emergency/hidden_dangers"])
    assert column in ("deadline", "closed_on") and str(value) < facts["found_on"].isoformat()


def test_a_sum_since_january_stands_in_the_month(know: Knowledge) -> None:
    rows = tables()["medical_insurance/fund_income"].frame(know.city)
    target, hit = next(
        pair
        for pair in hits_of(know, "medical_insurance/fund_income")
        if pair[0].kind == "cumulative_as_monthly"
    )
    row = rows.filter(pl.col("period") == "2026-04").row(0, named=True)
    for name, value in row.items():
        hit.known[name][0], hit.written[name][0] = value, text_of(value)
    changes = damages()[target.how](hit)
    assert changes is not None
    same = (pl.col("insurance_type") == row["insurance_type"]) & (
        pl.col("division") == row["division"]
    )
    months = [f"2026-0{month}" for month in range(1, 5)]
    so_far = rows.filter(same & pl.col("period").is_in(months))["income"].sum()
    assert float(str(changes["income"])) == pytest.approx(so_far, abs=0.001)
    hit.known["period"][0] = "2026-02"
    assert damages()[target.how](hit) is None


def test_a_cycle_of_ownership_stands_in_the_register_itself(know: Knowledge, city: City) -> None:
    rows = tables()["market_supervision/business_entities"].frame(city)
    parents = dict(rows.select("uscc", "parent_uscc").iter_rows())
    assert know.child_of
    assert all(parents[child] == firm for firm, child in know.child_of.items())


def test_the_dead_and_the_deregistered_are_the_citys_own(know: Knowledge) -> None:
    people, units = know.city.people, know.city.units
    paid = struck(know, "dead_person", "medical_insurance/insured_persons")
    assert paid is not None
    place = people.id_no.to_list().index(paid["id_no"])
    assert people.died[place] < know.city.today and people.name[place] == paid["name"]
    licensed = struck(know, "deregistered_licensed", "market_supervision/food_licenses")
    assert licensed is not None
    firm = units.uscc.to_list().index(licensed["uscc"])
    assert units.ended[firm] < know.city.today and units.name[firm] == licensed["holder"]
    entities = tables()["market_supervision/business_entities"].frame(know.city)
    gone = entities.filter(pl.col("uscc") == licensed["uscc"])
    assert gone["deregistered_on"].is_not_null().all()


def test_an_unknown_unit_is_in_no_register_of_the_city(know: Knowledge) -> None:
    assert not set(know.unknown_units) & set(know.city.units.uscc.to_list())


def test_a_mother_who_is_a_child_is_a_girl(know: Knowledge) -> None:
    changes = struck(know, "parent_younger", "health/birth_certificates")
    assert changes is not None
    number = str(changes["mother_id_no"])
    assert int(number[16]) % 2 == 0 and int(number[6:10]) >= 2016


def test_gcj_02_is_some_hundred_metres_off_in_the_city() -> None:
    lon, lat = gcj02(118.05, 36.81)
    metres = math.hypot((lon - 118.05) * 111_320 * math.cos(math.radians(36.81)),
                        (lat - 36.81) * 110_950)  # fmt: skip
    assert 300 < metres < 1000


def test_a_point_outside_its_division_is_well_outside_and_a_zone_has_no_outside(
    know: Knowledge,
) -> None:
    target, hit = next(
        pair for pair in hits_of(know, "education/schools") if pair[0].kind == "outside_division"
    )
    hit.known["division"][0] = "370303"
    boundaries, found = know.city.places.boundaries, 0
    for hit.bits in range(0, 40_000, 400):
        changes = damages()[target.how](hit)
        if changes is not None:
            lon, lat = (float(str(changes[axis])) for axis in ("lon", "lat"))
            around = [(lon + x / 50, lat + y / 50) for x in (-1, 0, 1) for y in (-1, 0, 1)]
            assert not boundaries.contains("370303", *zip(*around, strict=True)).any()
            found += 1
    assert found
    hit.known["division"][0] = "370351"
    assert damages()[target.how](hit) is None


def test_kinds_are_named_in_chinese_and_state_what_finds_them() -> None:
    for kind, entry in declaration("defects")["kinds"].items():
        assert entry["found_by"] and any("\u4e00" <= char <= "\u9fff" for char in entry["name"])
        assert pl.Series([entry["weight"]]).item() > 0, kind
