"""Profiles as Dagster shows them and as analysts read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.lakehouse import PROFILES_TABLE, Lakehouse
from assets.profiles import latest_profile
from assets.published.quality import quality_tables
from quality.profiles import PROFILES
from tests.this_catalog import this_catalog
from warehouse.home import Clock, Home
from warehouse.log import Delivery, State

GDP = "statistics/regional_gdp"
BODIES = "institutional_commission/public_bodies"
FIRMS = "market_supervision/business_entities"
LISTS = "development_reform/dishonest_entities"
PEOPLE = "public_security/registered_population"
PENALTIES = "development_reform/administrative_penalties"
NOON = datetime(2026, 9, 30, 12)


class Profiled:
    """A home whose profiles are written row by row."""

    def __init__(self, home: Path) -> None:
        self.house = Lakehouse.open(Home(home), Clock(NOON), this_catalog())

    def delivery(
        self,
        number: int,
        ref: str,
        state: State,
        shape: str | None = None,
        **columns: dict[str, Any],
    ) -> None:
        agency = ref.partition("/")[0]
        name = f"d{number:06d}"
        known = Delivery(
            name, state, ref, agency, "a.csv", "a.csv", 1, 1, "0" * 64, number, NOON, NOON,
            shape=shape,
        )  # fmt: skip
        usual = {
            "delivery": name, "dataset": ref, "agency": agency, "seq": number, "delivered": True,
            "rows": 10, "nulls": 0, "sampled": 10, "distinct": 2, "shortest": 1, "longest": 4,
            "patterns": [{"pattern": "99|9", "rows": 10}], "top": [],
        }  # fmt: skip
        rows = [usual | {"column": column} | facts for column, facts in columns.items()]
        self.house.lake.ensure(PROFILES_TABLE, PROFILES)
        self.house.lake.append(PROFILES_TABLE, pl.DataFrame(rows, schema=PROFILES), name)
        self.house.log.record(str(state), known)

    def published(self) -> list[dict[str, Any]]:
        with self.house.engine() as engine:
            tables = quality_tables(engine.con, self.house.catalog, NOON.date())
            (table,) = (each for each in tables if each.name == "profiles")
            found = pl.DataFrame(engine.con.sql(table.query, params=dict(table.parameters)))
        assert found.columns == [column.name for column in table.columns]
        return found.to_dicts()

    def metadata(self, ref: str) -> dict[str, Any]:
        with self.house.engine() as engine:
            shown = latest_profile(engine, self.house.catalog, ref)
        return {name: value.value for name, value in shown.items()}


@pytest.fixture
def profiled(tmp_path: Path) -> Iterator[Profiled]:
    """Two deliveries of GDP, one that was withdrawn, and one of persons."""
    made = Profiled(tmp_path / "home")
    made.delivery(1, GDP, State.APPLIED, gdp={"nulls": 1}, year={})
    made.delivery(2, GDP, State.WITHDRAWN, gdp={"nulls": 9}, year={})
    last = {"rows": 20, "nulls": 5, "minimum": "1", "maximum": "9", "p50": "4"}
    frequent = [{"value": "4", "rows": 3}]
    made.delivery(
        3, GDP, State.APPLIED, gdp=last | {"top": frequent}, year={"rows": 20, "delivered": False}
    )
    made.delivery(4, PEOPLE, State.APPLIED, name={"minimum": "甲", "top": frequent, "p50": "乙"})
    names = {"legal_representative": {"top": [{"value": "丙", "rows": 3}]}}
    made.delivery(5, FIRMS, State.APPLIED, **names)
    made.delivery(6, BODIES, State.APPLIED, **names)
    yield made
    made.house.close()


def test_a_published_profile_stands_beside_the_delivery_before_that_counts(
    profiled: Profiled,
) -> None:
    rows = {(row["delivery"], row["column"]): row for row in profiled.published()}
    assert {delivery for delivery, _ in rows} == {f"d00000{n}" for n in (1, 3, 4, 5, 6)}
    gdp = rows["d000003", "gdp"]
    assert (gdp["null_rate"], gdp["previous_delivery"], gdp["previous_nulls"]) == (
        0.25, "d000001", 1,
    )  # fmt: skip
    assert rows["d000001", "gdp"]["previous_delivery"] is None
    assert (gdp["patterns"], gdp["top"], gdp["p50"]) == (["99|9 × 10"], ["4 × 3"], "4")


def test_a_profile_stands_beside_the_delivery_before_of_the_same_shape(tmp_path: Path) -> None:
    made = Profiled(tmp_path / "home")
    for number, shape in enumerate(("ecommerce", "transport", "ecommerce"), start=1):
        made.delivery(number, LISTS, State.APPLIED, shape, name={"nulls": number})
    before = {row["delivery"]: row["previous_delivery"] for row in made.published()}
    assert before == {"d000001": None, "d000002": None, "d000003": "d000001"}
    assert "| 30.0% | 10.0% |" in made.metadata(LISTS)["profile"]
    made.house.close()


def test_of_a_masked_column_no_value_is_published_whatever_was_kept(profiled: Profiled) -> None:
    (name,) = (row for row in profiled.published() if row["delivery"] == "d000004")
    assert (name["minimum"], name["p50"], name["top"]) == (None, None, None)
    assert name["patterns"] == ["99|9 × 10"]


def test_metadata_shows_the_latest_delivery_in_the_order_of_the_catalogue(
    profiled: Profiled,
) -> None:
    shown = profiled.metadata(GDP)
    assert shown["profiled_delivery"] == "d000003：20 行，样本 10 行"
    _, _, year, gdp = shown["profile"].splitlines()
    assert year.startswith("| 年份（本次没有） | 0.0% | 0.0% |")
    assert gdp == (
        "| 地区生产总值 | 25.0% | 10.0% | 2 | `1` – `4` | `1` – `9` | `4` | `99∣9` | `4`（3） |"
    )


def test_metadata_shows_no_value_of_a_masked_column(profiled: Profiled) -> None:
    table = profiled.metadata(PEOPLE)["profile"]
    assert not any(value in table for value in ("甲", "乙", "`4`（3）"))


def test_names_of_persons_are_no_top_values_though_their_grade_lets_a_row_show_them(
    profiled: Profiled,
) -> None:
    published = {row["delivery"]: row["top"] for row in profiled.published()}
    assert (published["d000005"], published["d000006"]) == (None, None)
    for ref in (FIRMS, BODIES):
        assert "丙" not in profiled.metadata(ref)["profile"]


def test_a_dataset_that_was_never_applied_has_no_profile(profiled: Profiled) -> None:
    assert profiled.metadata("education/schools") == {}


def test_of_rows_that_leave_publication_codes_alone_are_top_values(tmp_path: Path) -> None:
    made = Profiled(tmp_path / "home")
    frequent = {"top": [{"value": "4", "rows": 3}]}
    columns = ("uscc", "content", "document_no", "category")
    made.delivery(1, PENALTIES, State.APPLIED, **dict.fromkeys(columns, frequent))
    told = {row["column"] for row in made.published() if row["top"]}
    assert told == {"category"}
    made.house.close()
