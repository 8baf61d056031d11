"""The suite of a base table in the lake: what is planted there fails its check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.base.expected import expected_of
from assets.lakehouse import Lakehouse
from assets.suites import base_checks
from catalog.load import Catalog
from tests.assets.base.house import BUSINESS, House, firm
from tests.this_catalog import this_catalog
from warehouse.lake import LakeFile

USCC = firm(1)
CATALOG = this_catalog()
ENTITY = CATALOG.base["legal_person.entity"]
KEY = dg.AssetKey(ENTITY.lake_name.split("/"))

Planted = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture
def lakehouse(house: House) -> Lakehouse:
    """A home with one registered entity, delivered and built."""
    house.deliver(BUSINESS, [{"uscc": USCC, "name": "甲公司", "entity_type": "1130"}])
    house.build(ENTITY.ref)
    return house.lakehouse


def failing(house: Lakehouse) -> dict[str, dg.AssetCheckResult]:
    """Name → result of the checks that do not pass."""
    results = base_checks(house, ENTITY, KEY)
    return {result.check_name or "": result for result in results if not result.passed}


def plant(house: Lakehouse, planted: Planted) -> None:
    """Puts other rows in the table's place."""
    old = house.lake.files(ENTITY.lake_name)
    frame = planted(pl.read_parquet(old))
    # A build's file carries its number in its name.
    version = house.lake.version(ENTITY.lake_name)
    file = house.lake.path(ENTITY.lake_name) / f"00000001-planted-{version}.parquet"
    frame.write_parquet(file)
    removed = [Path(path).name for path in old]
    house.lake.commit(ENTITY.lake_name, [LakeFile(file, frame.height)], file.name, remove=removed)


def test_what_the_model_makes_passes(lakehouse: Lakehouse) -> None:
    assert failing(lakehouse) == {}


@pytest.mark.parametrize(
    ("planted", "checks"),
    [
        (lambda rows: pl.concat([rows, rows]), {"key", "volume"}),
        (lambda rows: rows.with_columns(pl.col("entity_id").replace(USCC, None)), {"key"}),
        (
            lambda rows: rows.with_columns(pl.col("registered_capital").cast(pl.Float64)),
            {"shape", "values", "provenance"},
        ),
        (
            lambda rows: rows.rename({"status": "state"}),
            {"shape", "values", "provenance"},
        ),
        (lambda rows: rows.with_columns(_src=pl.col("_src").str.head(3)), {"provenance"}),
        (lambda rows: rows.with_columns(_src=pl.lit("-" * len(ENTITY.columns))), {"provenance"}),
        (lambda rows: rows.clear(), {"volume"}),
        (lambda rows: rows.with_columns(uscc=pl.lit(USCC[:-1] + "C")), {"values"}),
        (lambda rows: rows.with_columns(entity_type=pl.lit("no such")), {"values"}),
    ],
    ids=[
        "double key", "key null", "wrong type", "missing column",
        "provenance cut short", "provenance denied", "empty",
        "wrong check digit", "unknown code",
    ],
)  # fmt: skip
def test_what_is_planted_fails_its_check(
    lakehouse: Lakehouse, planted: Planted, checks: set[str]
) -> None:
    plant(lakehouse, planted)
    assert set(failing(lakehouse)) == checks


def test_a_check_tells_rules_and_counts_and_no_value(lakehouse: Lakehouse) -> None:
    wrong = USCC[:-1] + "C"
    plant(lakehouse, lambda rows: rows.with_columns(uscc=pl.lit(wrong)))
    told = failing(lakehouse)["values"].metadata
    assert told["failing"].value == 1
    assert "| uscc.check_digit | 1 |" in str(told["by_rule"].value)
    assert wrong not in str(told)


def test_only_what_nobody_could_use_stops_what_comes_after(lakehouse: Lakehouse) -> None:
    plant(
        lakehouse,
        lambda rows: rows.with_columns(
            _src=pl.lit("-" * len(ENTITY.columns)), name=pl.lit("x" * 999)
        ),
    )
    severities = {check.severity for check in failing(lakehouse).values()}
    assert severities == {dg.AssetCheckSeverity.WARN}
    plant(lakehouse, lambda rows: pl.concat([rows, rows]))
    assert failing(lakehouse)["key"].severity is dg.AssetCheckSeverity.ERROR


@pytest.mark.parametrize("ref", CATALOG.base)
def test_each_value_that_a_source_gives_as_it_is_is_asked_by_its_element(
    ref: str, catalog: Catalog
) -> None:
    table = catalog.base[ref]
    expected = expected_of(catalog, table, 1, date(2026, 11, 1))
    asked = {each.column.id: each.column.element for each in expected.questions}
    plain = {
        column.id
        for column in table.columns
        if not column.type and any(not (s.value or s.of_key) for s in column.sources)
    }
    assert set(asked) == plain
    for column in table.columns:
        places = [table.place_of(source).partition(".") for source in column.sources]
        elements = {catalog.datasets[at].column(name).element for at, _, name in places}
        assert asked.get(column.id, min(elements)) in elements
