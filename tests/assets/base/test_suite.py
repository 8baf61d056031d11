"""The suite of a base table in the lake: what is planted there fails its check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from assets.base.legal_person.entity import ENTITY

from assets.base.build import TABLES, build_entity
from assets.base.expected import expected_of
from assets.lakehouse import Lakehouse
from assets.suites import base_checks
from catalog.load import Catalog
from warehouse.home import Clock, Home
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State

REGISTERED = "market_supervision/business_entities"
USCC = "91370303MA3EXMPL6B"
KEY = dg.AssetKey(ENTITY.lake_name.split("/"))

Planted = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture
def lakehouse(tmp_path: Path, catalog: Catalog) -> Lakehouse:
    """A home with one registered entity, delivered and built."""
    house = Lakehouse.open(Home(tmp_path), Clock(datetime(2026, 11, 23, 9)), catalog)
    name = f"standard/{REGISTERED}"
    schema = house.schemas[name]
    row = {
        "uscc": USCC, "name": "甲公司", "entity_type": "1130", "_key": USCC, "_op": "upsert",
        "_row": 1, "_seq": 1, "_delivery": "d000001", "_agency": "market_supervision",
        "_failed": 0, "_normalised": 0,
    }  # fmt: skip
    house.lake.ensure(name, schema)
    file = house.lake.path(name) / "one.parquet"
    frame = pl.DataFrame([row], schema={column: schema[column] for column in row})
    frame.match_to_schema(schema, missing_columns="insert").write_parquet(file)
    house.lake.commit(name, [LakeFile(file, 1)], "one")
    at = datetime(2026, 11, 20)
    house.log.record(
        "applied",
        Delivery(
            delivery="d000001", dataset=REGISTERED, agency="market_supervision", file="a.csv",
            source="a.csv", mtime_ns=0, size=0, sha256="0", state=State.APPLIED, seq=1,
            ordered_at=at, first_seen=at, upserted=1,
        ),
    )  # fmt: skip
    with house.engine() as engine:
        build_entity(house, engine)
    return house


def failing(house: Lakehouse) -> dict[str, dg.AssetCheckResult]:
    """Name → result of the checks that do not pass."""
    results = base_checks(house, ENTITY, KEY)
    return {result.check_name or "": result for result in results if not result.passed}


def plant(house: Lakehouse, planted: Planted) -> None:
    """Puts other rows in the table's place."""
    old = house.lake.files(ENTITY.lake_name)
    frame = planted(pl.read_parquet(old))
    file = (
        house.lake.path(ENTITY.lake_name)
        / f"planted-{house.lake.version(ENTITY.lake_name)}.parquet"
    )
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
        (lambda rows: rows.drop("status"), {"shape", "values", "provenance"}),
        (lambda rows: rows.with_columns(_src=pl.col("_src").str.head(3)), {"provenance"}),
        (lambda rows: rows.with_columns(_src=pl.lit("-" * 17)), {"provenance"}),
        (lambda rows: rows.clear(), {"volume"}),
        (
            lambda rows: pl.concat(
                [rows.with_columns(entity_id=pl.lit(str(n))) for n in range(2)]
            ),
            {"volume"},
        ),
        (lambda rows: rows.with_columns(uscc=pl.lit(USCC[:-1] + "C")), {"values"}),
        (lambda rows: rows.with_columns(entity_type=pl.lit("no such")), {"values"}),
    ],
    ids=[
        "double key", "key null", "wrong type", "missing column",
        "provenance cut short", "provenance denied", "empty", "more than its sources have",
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
    plant(lakehouse, lambda rows: rows.with_columns(_src=pl.lit("-" * 17), name=pl.lit("x" * 999)))
    severities = {check.severity for check in failing(lakehouse).values()}
    assert severities == {dg.AssetCheckSeverity.WARN}
    plant(lakehouse, lambda rows: pl.concat([rows, rows]))
    assert failing(lakehouse)["key"].severity is dg.AssetCheckSeverity.ERROR


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.lake_name)
def test_each_declared_value_is_asked_by_its_own_element(table: object, catalog: Catalog) -> None:
    assert isinstance(table, type(ENTITY))
    held = dict.fromkeys(table.datasets, 1)
    expected = expected_of(catalog, table, held, datetime(2026, 11, 1).date())
    elements = {each.column.id: each.column.element for each in expected.questions}
    assert set(elements) == {column.name for column in table.columns if column.kind == "value"}
    for column in table.columns:
        named = {
            catalog.datasets[ref].column(name).element
            for ref, _, name in (source.partition(".") for source in column.sources)
            if name == column.name
        }
        if column.kind == "value" and named:
            assert elements[column.name] in named
