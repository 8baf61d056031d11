"""Runs that are killed, run twice at once, or given bad input."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.kill import unfinished_runs

GDP = (
    "年份,省份,GDP总量,第一产业,第二产业,第三产业\n"
    "2023,山东省,1000,100,400,500\n2024,山东省,-,100,400,500\n2024,江苏省,7\n"
)
PLACE = "statistics/regional_gdp/gdp.csv"
TABLES = (
    "raw/statistics/regional_gdp", "standard/statistics/regional_gdp", "quality/findings",
    "quality/rejects", "quality/verdicts", "quality/normalisations", "quality/profiles",
    "quality/defect_events",
)  # fmt: skip


def contents(home: Path) -> dict[str, pl.DataFrame]:
    """Rows of the lake tables that a delivery writes."""
    return {
        name: (frame := pl.read_delta(str(home / "lake" / name))).sort(frame.columns)
        for name in TABLES
        if (home / "lake" / name).exists()
    }


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, command_line: Callable[[Path], Any]
) -> tuple[dict[str, pl.DataFrame], float]:
    """What a run that nobody disturbs leaves, and how many seconds it takes."""
    line = command_line(tmp_path_factory.mktemp("whole") / "home")
    line.put(PLACE, GDP)
    began = time.monotonic()
    process = line.start("run")
    process.communicate(timeout=300)
    assert process.returncode == 0
    return contents(line.home), time.monotonic() - began


@pytest.mark.parametrize("share", [0.35, 0.6, 0.8, 0.9])
def test_a_run_killed_and_started_again_ends_where_one_run_does(
    lakehouse: Any, whole: tuple[dict[str, pl.DataFrame], float], share: float
) -> None:
    one, seconds = whole
    lakehouse.put(PLACE, GDP)
    process = lakehouse.start("run")
    time.sleep(seconds * share)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=300)
    code, told = lakehouse("run")
    assert code == 0, told
    other = contents(lakehouse.home)
    assert one.keys() == other.keys() == set(TABLES)
    assert all(one[name].equals(other[name]) for name in TABLES)
    assert not (lakehouse.home / "landing" / PLACE).exists()
    assert unfinished_runs(lakehouse.home) == []


def test_of_two_runs_at_once_the_second_is_told_who_holds_the_home(lakehouse: Any) -> None:
    lakehouse.put(PLACE, GDP)
    first = lakehouse.start("run")
    while not (lakehouse.home / ".lock.holder").exists():
        time.sleep(0.05)
    code, told = lakehouse("run", "--wait", "0")
    assert code == 1 and "in use by" in told and str(first.pid) in told
    first.communicate(timeout=300)
    assert first.returncode == 0


def test_bad_deliveries_are_named_and_the_good_one_is_applied(lakehouse: Any) -> None:
    lakehouse.put(PLACE, GDP)
    lakehouse.put("statistics/regional_gdp/empty.csv", "")
    lakehouse.put("statistics/regional_gdp/header_only.csv", GDP.partition("\n")[0] + "\n")
    lakehouse.put("statistics/no_such_dataset/x.csv", "a,b\n1,2\n")
    outside = lakehouse.put("../outside.csv", GDP)
    (lakehouse.home / "landing/statistics/regional_gdp/link.csv").symlink_to(outside)
    code, told = lakehouse("run")
    assert code == 3
    for name in ("empty.csv", "header_only.csv", "no_such_dataset", "link.csv"):
        assert name in told
    standard = pl.read_delta(str(lakehouse.home / "lake/standard/statistics/regional_gdp"))
    assert standard.height == 2
    assert outside.exists()


def test_a_draft_is_checked_and_nothing_is_stored(lakehouse: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.csv"
    draft.write_text(GDP, encoding="utf-8")
    code, told = lakehouse("check", str(draft), "--dataset", "statistics/regional_gdp")
    assert code == 1 and "2024" in told
    assert not lakehouse.home.exists()
