"""What is made of a dataset that nobody reviewed is published no more than the dataset itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from assets.derived_tables import derived_tables
from assets.published import contents, published_base
from assets.published import derived as published
from catalog.load import Catalog
from tests.assets.base.house import House
from tests.this_catalog import this_catalog

FOOD = "market_supervision/food_licenses"
INSURANCE = "human_resources/insurance_enrollments"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return this_catalog()


def unreviewed(catalog: Catalog, ref: str) -> Catalog:
    dataset = catalog.datasets[ref].model_copy(update={"reviewed": False})
    datasets = MappingProxyType({**catalog.datasets, ref: dataset})
    return replace(catalog, datasets=datasets, _codes={})


def withheld(catalog: Catalog) -> set[str]:
    """Refs of the derived tables that are not published."""
    shown = published.published_derived(catalog, published_base(catalog))
    return {table.ref for table in published.derived_tables()} - {table.ref for table in shown}


def test_every_derived_table_is_published_where_all_datasets_are_reviewed(
    catalog: Catalog,
) -> None:
    assert withheld(catalog) == set()


@pytest.mark.parametrize(
    ("ref", "tables"),
    [
        (FOOD, {"license.certificate_state"}),
        # A contributor to population.person, which two others read; the series reads it itself.
        (
            INSURANCE,
            {"license.certificate_state", "macroeconomy.derived_series", "population.count"},
        ),
    ],
)
def test_a_derived_table_waits_for_the_review_of_what_it_reads(
    catalog: Catalog, ref: str, tables: set[str]
) -> None:
    assert withheld(unreviewed(catalog, ref)) == tables


def test_a_derived_table_waits_with_the_one_that_it_is_computed_from(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state,) = (table for table in derived_tables() if table.ref == "license.certificate_state")
    counted = state.model_copy(update={"id": "counted", "reads": (state.lake_name,)})
    monkeypatch.setattr(published, "derived_tables", lambda: (*derived_tables(), counted))
    assert withheld(catalog) == set()
    assert withheld(unreviewed(catalog, FOOD)) == {state.ref, counted.ref}


def test_the_published_file_has_no_table_computed_from_an_unreviewed_dataset(
    tmp_path: Path, catalog: Catalog
) -> None:
    house = House(tmp_path / "home", unreviewed(catalog, FOOD))
    with house.lakehouse.engine() as engine:
        tables, _, _ = contents(engine.con, house.catalog, date(2026, 10, 1), {})
    house.lakehouse.close()
    names = {f"{table.schema}.{table.name}" for table in tables}
    assert "license.type" in names
    assert not {"license.certificate", "license.certificate_state"} & names
