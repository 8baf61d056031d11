"""The five real deliveries arrive whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.this_catalog import this_catalog

from .conftest import Outcome

REAL = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
pytestmark = pytest.mark.skipif(not REAL, reason="LAKEHOUSE_REAL_DELIVERIES names no folder")

TakeIn = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("name", "ref", "rows", "shape"),
    [
        ("enterprise_registration_zibo.csv", "market_supervision/business_entities", 2583, None),
        ("dishonest_ecommerce_companies.xlsx", "development_reform/dishonest_entities", 500,
         "ecommerce"),
        ("dishonest_transport_companies.xls", "development_reform/dishonest_entities", 270,
         "transport"),
        ("air_quality_stations_shandong_2018-02-20T07.json", "ecology/air_hourly", 74,
         "national_platform"),
        ("gdp_by_province_2015_2024.csv", "statistics/regional_gdp", 310, None),
    ],
)  # fmt: skip
def test_every_row_of_a_real_delivery_arrives(
    take_in: TakeIn, name: str, ref: str, rows: int, shape: str | None
) -> None:
    found = take_in(Path(REAL or "") / name, of=this_catalog().datasets[ref])
    assert (found.received.counted, found.received.accepted, found.raw.height) == (rows,) * 3
    assert found.received.shape == shape
    assert found.raw["_row"].to_list() == list(range(1, rows + 1))


def test_a_company_with_a_quoted_comma_arrives_whole(take_in: TakeIn) -> None:
    source = Path(REAL or "") / "enterprise_registration_zibo.csv"
    lines = source.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if '"' in line and line.count('"') == 2)
    quoted = lines[number].split('"')[1]
    assert "," in quoted
    of = this_catalog().datasets["market_supervision/business_entities"]
    row = take_in(source, of=of).raw.row(number - 1, named=True)
    assert row["_line"] == number + 1
    assert quoted in row.values()


def test_long_registration_numbers_of_a_workbook_keep_all_digits(take_in: TakeIn) -> None:
    of = this_catalog().datasets["development_reform/dishonest_entities"]
    found = take_in(Path(REAL or "") / "dishonest_ecommerce_companies.xlsx", of=of)
    assert "110108010650789" in found.raw["registration_no"].to_list()
    assert not found.raw["registration_no"].str.contains(r"\.\d|E\+").any()
