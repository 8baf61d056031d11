"""What is wrong in the real deliveries, counted a second time from the files alone.

The checks are written down here once more, in plain Python from the standards, and compared with
what the standardise pass finds.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from quality.rules.derive import rules_of
from quality.standards.air_quality import hourly_indices, primary_pollutants
from tests.quality.test_standardise_real_deliveries import delivered
from tests.this_catalog import this_catalog

DELIVERIES = Path(os.environ.get("LAKEHOUSE_REAL_DELIVERIES", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("LAKEHOUSE_REAL_DELIVERIES"),
    reason="LAKEHOUSE_REAL_DELIVERIES names no folder",
)

Row = dict[str, str]
Judge = Callable[[str, list[Row], dict[str, str], date, str], dict[str, set[int]]]

LISTS = "development_reform/dishonest_entities"
FIRMS = "market_supervision/business_entities"
HEADERS_OF_LISTS = {
    "企业名称": "name",
    "工商注册号": "registration_no",
    "组织机构代码": "organization_code",
    "统一信用代码": "uscc",
    "失信领域": "dishonest_field",
    "所在省份": "province",
}


def uscc_is_right(code: str) -> bool:
    """GB 32100: 18 of the alphabet, and the check."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if len(code) != 18 or set(code) - set(alphabet):
        return False
    total = sum(alphabet.index(c) * pow(3, place, 31) for place, c in enumerate(code[:17]))
    return (total + alphabet.index(code[17])) % 31 == 0


def organization_code_is_right(code: str) -> bool:
    """GB 11714: eight of digits and capitals, and the check."""
    if len(code) != 9 or not code.isascii() or not code.isalnum() or code != code.upper():
        return False
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(c, 36) * w for c, w in zip(code[:8], weights, strict=True)) % 11
    return code[8] == {10: "X", 11: "0"}.get(rest, str(rest))


def test_the_plain_checks_hold_on_published_codes() -> None:
    for code in ("91110000600037341L", "9144030071526726XG", "914403001922038216"):
        assert uscc_is_right(code) and organization_code_is_right(code[8:17])
    assert not uscc_is_right("91350211M0000XUF46")
    assert not organization_code_is_right("600037342")


def workbook(file: str) -> list[Row]:
    """Rows of the first sheet under our names, blanks as empty text."""
    frame = fastexcel.read_excel(DELIVERIES / file).load_sheet(0, dtypes="string").to_polars()
    known = {name: HEADERS_OF_LISTS[name] for name in frame.columns if name in HEADERS_OF_LISTS}
    rows = frame.select(list(known)).rename(known).to_dicts()
    return [{name: (value or "").strip() for name, value in row.items()} for row in rows]


@pytest.fixture
def judged(staged: Any) -> Judge:
    """Ordinals of the rows that fail each rule in the standardise pass."""

    def judge(
        ref: str, rows: list[Row], more: dict[str, str], as_of: date, prefix: str
    ) -> dict[str, set[int]]:
        catalog = this_catalog()
        frame = staged(catalog, [{**row, **more} for row in rows], ref=ref, as_of=as_of)
        return {
            rule.id: {
                ordinal
                for ordinal, mask in enumerate(frame[rule.mask_column])
                if mask & rule.mask_value
            }
            for rule in rules_of(catalog, ref)
            if rule.id.startswith(prefix)
        }

    return judge


def test_every_uscc_of_the_registration_is_right_and_accepted(judged: Judge) -> None:
    path = DELIVERIES / "enterprise_registration_zibo.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [{"uscc": row["统一社会信用代码"]} for row in csv.DictReader(lines)]
    assert len(rows) == 2583
    assert all(uscc_is_right(row["uscc"].strip()) for row in rows)
    found = judged(FIRMS, rows, {}, date(2019, 6, 1), "uscc.")
    assert found and not set(chain.from_iterable(found.values()))


COUNTIES = {
    "370302": "淄川", "370303": "张店", "370304": "博山", "370305": "临淄", "370306": "周村",
    "370321": "桓台", "370322": "高青", "370323": "沂源",
}  # fmt: skip


def test_a_district_in_a_code_that_the_address_does_not_name_is_no_error(judged: Judge) -> None:
    """The division inside a code is that of the first registration, a firm may have moved: where
    its address names another county than its code does, nobody is accused of an error."""
    rows = delivered(this_catalog(), FIRMS, "enterprise_registration_zibo.csv")

    def disagrees(row: Row) -> bool:
        own = COUNTIES.get(row["uscc"][2:8])
        named = {name for name in COUNTIES.values() if name in (row["address"] or "")}
        return own is not None and bool(named) and own not in named

    moved = {n for n, row in enumerate(rows) if disagrees(row)}
    assert len(moved) == 9
    found = judged(FIRMS, rows, {}, date(2019, 6, 1), "")
    rules = {rule.id: rule for rule in rules_of(this_catalog(), FIRMS)}
    accused = {
        column
        for rule, ordinals in found.items()
        if ordinals & moved and rules[rule].severity == "error"
        for column in rules[rule].columns
    }
    assert accused <= {"entity_type", "legal_representative", "registered_capital"}


@pytest.mark.parametrize(
    ("file", "shape", "missing", "malformed", "failing", "contradicting"),
    [
        ("dishonest_ecommerce_companies.xlsx", "ecommerce", 24, 0, 85, 86),
        ("dishonest_transport_companies.xls", "transport", 250, 1, 1, 0),
    ],
)
def test_the_codes_of_the_two_lists(
    judged: Judge, file: str, shape: str, missing: int, malformed: int, failing: int,
    contradicting: int,
) -> None:  # fmt: skip
    """The counts of the plain checks, and that the pass finds the same rows.

    A code that contradicts the row's uscc is found once: the 85 of them that fail their own check
    (84 hold the row's whole uscc, one a registration number) by that check, the other by the rule
    that compares the two.
    """
    rows = workbook(file)
    codes = [(n, row["uscc"], row["organization_code"]) for n, row in enumerate(rows)]
    none = {n for n, uscc, _ in codes if not uscc}
    wrong = {n for n, uscc, _ in codes if uscc and not uscc_is_right(uscc)}
    bad = {n for n, _, code in codes if code and not organization_code_is_right(code)}
    against = {n for n, uscc, code in codes if code and uscc_is_right(uscc) and code != uscc[8:17]}
    counts = tuple(map(len, (none, wrong, bad, against)))
    assert counts == (missing, malformed, failing, contradicting)

    found = judged(LISTS, rows, {"_shape": shape}, date(2018, 6, 1), "")
    assert found["uscc.required"] == none
    assert found["uscc.length"] | found["uscc.alphabet"] | found["uscc.check_digit"] == wrong
    of_code = found["organization_code.form"] | found["organization_code.check_digit"]
    assert of_code == bad
    assert found["row.organization_code_in_uscc"] == against - bad
    assert against <= of_code | found["row.organization_code_in_uscc"]


def test_what_the_misplaced_organisation_codes_are() -> None:
    rows = workbook("dishonest_ecommerce_companies.xlsx")
    held = [row for row in rows if row["organization_code"]]
    bad = [row for row in held if not organization_code_is_right(row["organization_code"])]
    assert len(held) == 419
    assert Counter(row["organization_code"] == row["uscc"] for row in bad) == {True: 84, False: 1}
    (other,) = (row["organization_code"] for row in bad if row["organization_code"] != row["uscc"])
    assert len(other) == 15 and other.isdecimal()


HOUR = {"SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3", "PM10": "pm10", "PM2_5": "pm2_5"}
LIMITS = {
    "SO2": (0, 150, 500, 650, 800),
    "NO2": (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    "CO": (0, 5, 10, 35, 60, 90, 120, 150),
    "O3": (0, 160, 200, 300, 400, 800, 1000, 1200),
    "PM10": (0, 50, 150, 250, 350, 420, 500, 600),
    "PM2_5": (0, 35, 75, 115, 150, 250, 350, 500),
}


def index_of(pollutant: str, concentration: str) -> int:
    """HJ 633-2012, in exact fractions."""
    value = Fraction(concentration)
    for (low, high), (lower, higher) in zip(
        pairwise(LIMITS[pollutant]), pairwise((0, 50, 100, 150, 200, 300, 400, 500)), strict=False
    ):
        if value <= high:
            return -(-((value - low) * (higher - lower) / (high - low) + lower) // 1)
    raise ValueError(pollutant)


def stations() -> list[Row]:
    """Stations of the real hour that state an index."""
    path = DELIVERIES / "air_quality_stations_shandong_2018-02-20T07.json"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len(features) == 74
    return [each["properties"] for each in features if each["properties"]["aqi"] != "-;"]


@pytest.mark.parametrize(("suffix", "following"), [("", 71), ("_24h", 1)])
def test_the_index_of_every_real_station_follows_from_the_hour_of_the_particles(
    suffix: str, following: int
) -> None:
    def of_station(station: Row) -> int:
        told = {
            name: station[column + suffix * name.startswith("PM")] for name, column in HOUR.items()
        }
        return max(index_of(name, value) for name, value in told.items() if value != "-;")

    told = stations()
    assert len(told) == 71
    assert sum(of_station(station) == int(station["aqi"]) for station in told) == following


def test_index_and_primary_pollutant_of_every_real_station_are_ours() -> None:
    names = {"细颗粒物(PM2.5)": ["PM2_5"], "颗粒物(PM10)": ["PM10"], "-;": []}
    told = stations()
    frame = pl.DataFrame(told).select(
        pl.col("aqi").cast(pl.Int64),
        pl.col("primarypollutant").replace_strict(names, return_dtype=pl.List(pl.String)),
        *(pl.col(column).cast(pl.Float64, strict=False) for column in (*HOUR.values(), "so2_24h")),
    )
    concentrations = {name: pl.col(column) for name, column in HOUR.items()}
    each = hourly_indices(
        {**concentrations, "SO2_24h": pl.col("so2_24h")}, pl.lit(date(2018, 2, 20))
    )
    found = frame.select(
        (pl.max_horizontal(*each.values()) == pl.col("aqi")).sum().alias("index"),
        (primary_pollutants(each) == pl.col("primarypollutant")).sum().alias("primary"),
    )
    assert found.row(0) == (71, 71)
