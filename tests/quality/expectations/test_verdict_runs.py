"""What a verdict leaves behind and tells of a failure, and the verdicts on real deliveries."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from catalog.load import Catalog
from quality.expectations import verdict
from quality.expectations.scope import JudgementFailed
from quality.standardise import standardise
from tests.quality.expectations.visits import COLUMNS, RIGHT, RULES, Judge
from tests.this_catalog import this_catalog
from warehouse.intake import Target, receive


def test_a_rule_that_cannot_be_evaluated_is_named_alone_and_without_any_value(
    catalog_of: Any, visits: Catalog, judge: Judge, caplog: Any, capfd: Any
) -> None:
    broken = {**RULES[0], "check": "cast(name as integer) > 0"}
    with pytest.raises(JudgementFailed) as failure:
        judge([RIGHT], by=catalog_of(COLUMNS, key=["name"], rules=[broken]))
    assert str(failure.value) == "health/visits: row.days_cost"
    output = capfd.readouterr()
    told = [str(failure.value), caplog.text, output.out, output.err]
    assert not any("张三" in text for text in told)
    assert failure.value.__context__ is None


def test_nothing_is_left_behind(judge: Judge, tmp_path: Path, monkeypatch: Any) -> None:
    scratch, here = tmp_path / "scratch", tmp_path / "here"
    scratch.mkdir()
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(here)
    assert judge([RIGHT]).agrees
    assert [*scratch.iterdir(), *here.iterdir()] == []
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"scratch", "here", "raw.parquet", "staged.parquet"}


def test_connections_are_given_back_before_they_are_collected(judge: Judge, caplog: Any) -> None:
    assert judge([RIGHT]).agrees
    gc.collect()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_great_expectations_is_not_imported_before_a_verdict_is_asked_for() -> None:
    code = "import sys, quality.expectations; print('great_expectations' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert answer.strip() == "False"


DELIVERIES = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")


@pytest.mark.skipif(not DELIVERIES, reason="LAKEHOUSE_REAL_DELIVERIES names no folder")
@pytest.mark.parametrize(
    ("name", "ref", "as_of", "rows"),
    [
        ("enterprise_registration_zibo.csv", "market_supervision/business_entities",
         date(2026, 11, 1), 2583),
        ("dishonest_ecommerce_companies.xlsx", "development_reform/dishonest_entities",
         date(2026, 11, 1), 500),
        ("dishonest_transport_companies.xls", "development_reform/dishonest_entities",
         date(2026, 11, 1), 270),
        ("air_quality_stations_shandong_2018-02-20T07.json", "ecology/air_hourly",
         date(2018, 2, 20), 74),
        ("gdp_by_province_2015_2024.csv", "statistics/regional_gdp", date(2026, 11, 1), 310),
    ],
)  # fmt: skip
def test_the_verdict_on_a_real_delivery_agrees(
    name: str, ref: str, as_of: date, rows: int, tmp_path: Path
) -> None:
    catalog = this_catalog()
    dataset = catalog.datasets[ref]
    work = tmp_path / "work"
    work.mkdir()
    target = Target(
        tmp_path / "raw.parquet", tmp_path / "rejects.parquet", work, "d000001", 1, dataset.agency
    )
    receive(Path(DELIVERIES or "") / name, dataset, target)
    staged = tmp_path / "staged.parquet"
    standardise(pl.scan_parquet(target.raw), catalog, ref, as_of).sink_parquet(staged)
    judged = verdict(target.raw, staged, catalog, ref, as_of)
    assert judged.disagreements == ()
    assert judged.rows == rows
