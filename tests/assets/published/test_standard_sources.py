"""`catalog.standard_sources`: one row an element, as measured and as a person has decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import duckdb
import pytest

from assets.published.standard_sources import standard_sources_table
from catalog.load import Catalog
from catalog.models.declared import Suspension
from catalog.models.elements import SourceRef
from quality.sources.table import Line, Measure
from tests.this_catalog import this_catalog

POPULATION = "public_security/registered_population"
TODAY = date(2026, 10, 2)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return this_catalog()


def row(catalog: Catalog, valid: int, state: str | None = None) -> dict[str, Any]:
    """The published row of person_name, of whose hundred values so many are valid."""
    found = Measure(POPULATION, "name", "person_name", 100, 100, valid, 80, 4, TODAY)
    line = Line(found, state, (), (None, None, None), "")
    table = standard_sources_table(catalog, {(POPULATION, "name"): line}, TODAY)
    assert all(column.comment for column in table.columns)
    with duckdb.connect() as con:
        rows = con.execute(table.query, table.parameters)
        names = [each[0] for each in rows.description or ()]
        told = [dict(zip(names, each, strict=True)) for each in rows.fetchall()]
    (entry,) = (each for each in told if each["element"] == "person_name")
    return entry


def test_a_row_tells_state_quality_and_order_of_sources(catalog: Catalog) -> None:
    entry = row(catalog, 100)
    assert (entry["state"], entry["failing"], entry["proposes_suspension"]) == (
        "admitted", [], False,
    )  # fmt: skip
    assert (entry["rows"], entry["valid_share"], entry["compared"]) == (100, 1.0, 80)
    assert entry["used_in"][0].startswith("population.")
    assert len(entry["used_in"]) == len(entry["fallback"])
    (order,) = (
        order
        for place, order in zip(entry["used_in"], entry["fallback"], strict=True)
        if place == "population.person.name"
    )
    assert order.startswith(f"{POPULATION}.name → ")


def test_what_fell_below_is_proposed_and_what_a_person_suspended_says_so(
    catalog: Catalog,
) -> None:
    entry = row(catalog, 60, state="admitted")
    assert (entry["state"], entry["proposes_suspension"]) == ("admitted", True)
    assert entry["reasons"] == ["正确率 60%，低于 95%"]
    rests = Suspension(by="王处长", on="2026-10-01", reason="姓名错误集中")
    source = SourceRef(dataset=POPULATION, column="name", suspended=rests)
    changed = catalog.elements["person_name"].model_copy(update={"source": source})
    elements = MappingProxyType({**catalog.elements, "person_name": changed})
    entry = row(replace(catalog, elements=elements, _codes={}), 60, state="admitted")
    assert (entry["state"], entry["suspended_by"]) == ("suspended", "王处长")
    assert (entry["suspended_on"], entry["proposes_suspension"]) == (date(2026, 10, 1), False)
