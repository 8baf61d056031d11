"""What the rules find in the real deliveries: each finding here was looked at and is right."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from catalog.load import Catalog
from tests.this_catalog import this_catalog

DELIVERIES = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
real = pytest.mark.skipif(not DELIVERIES, reason="LAKEHOUSE_REAL_DELIVERIES names no folder")


def delivered(catalog: Catalog, ref: str, file: str) -> list[dict[str, Any]]:
    """The records of a real delivery under the catalogue's column names."""
    path = Path(DELIVERIES or "") / file
    if path.suffix == ".csv":
        frame = pl.read_csv(path, infer_schema=False)
    elif path.suffix == ".json":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        frame = pl.DataFrame([feature["properties"] for feature in features])
    else:
        frame = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
    headers = {
        header: column.id
        for column in catalog.datasets[ref].columns
        for header in (column.id, column.name, *column.aliases)
    }
    known = [header for header in frame.columns if header in headers]
    return frame.select(known).rename({header: headers[header] for header in known}).to_dicts()


@pytest.fixture
def judged(staged: Any, failed: Any) -> Callable[..., tuple[pl.DataFrame, dict[str, int]]]:
    """Staged rows of a real delivery and how many fail each rule."""

    def judge(ref: str, file: str, as_of: date, **more: str) -> tuple[pl.DataFrame, dict[str, int]]:
        catalog = this_catalog()
        rows = [{**row, **more} for row in delivered(catalog, ref, file)]
        frame = staged(catalog, rows, ref=ref, as_of=as_of)
        return frame, Counter(chain.from_iterable(failed(catalog, frame, ref)))

    return judge


@real
def test_real_companies_are_accused_of_their_null_words_and_one_bare_amount_alone(
    judged: Any,
) -> None:
    frame, counts = judged(
        "market_supervision/business_entities", "enterprise_registration_zibo.csv", date(2019, 6, 1)
    )
    assert frame.height == frame["_key"].n_unique() == 2583
    assert counts == {
        "entity_type.null_word": 2177,
        "legal_representative.null_word": 107,
        "registered_capital.null_word": 527,
        "registered_capital.unreadable": 1,
    }
    assert dict(frame["currency"].drop_nulls().value_counts().rows()) == {"CNY": 2039, "USD": 16}


@real
def test_organisation_codes_of_the_real_lists_fail_where_they_hold_another_identifier(
    judged: Any,
) -> None:
    ref = "development_reform/dishonest_entities"
    frame, counts = judged(
        ref, "dishonest_ecommerce_companies.xlsx", date(2018, 6, 1), _shape="ecommerce"
    )
    assert (frame.height, frame["_key"].null_count()) == (500, 0)
    assert counts == {
        "uscc.required": 24,
        # 84 hold a code of 18 characters, one a registration number.
        "organization_code.form": 85,
        "registration_no.form": 1,
        "row.organization_code_in_uscc": 1,
    }
    frame, counts = judged(
        ref, "dishonest_transport_companies.xls", date(2018, 6, 1), _shape="transport"
    )
    assert (frame.height, frame["_key"].null_count()) == (270, 0)
    assert counts == {
        "uscc.required": 250,
        "uscc.length": 1,
        "organization_code.form": 1,
        "registration_no.form": 3,
        "registration_no.check_digit": 2,
    }


@real
def test_the_silent_stations_of_the_real_hour_are_null_and_reported(judged: Any) -> None:
    frame, counts = judged(
        "ecology/air_hourly", "air_quality_stations_shandong_2018-02-20T07.json", date(2018, 2, 20)
    )
    assert frame["aqi"].null_count() == 3
    assert {rule_id.split(".")[1] for rule_id in counts} == {"null_word"}
    assert (counts["aqi.null_word"], counts["pm10.null_word"]) == (3, 5)
    assert counts["primary_pollutant.null_word"] == 8


@real
def test_the_real_gdp_table_has_nothing_wrong(judged: Any) -> None:
    frame, counts = judged(
        "statistics/regional_gdp", "gdp_by_province_2015_2024.csv", date(2025, 6, 1)
    )
    assert (frame.height, counts) == (310, {})
