"""Folders of deliveries: their days, their clock, and those that are laid out otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from demo.taking_in import Day, Lakehouse, NotJudged, days_in
from tests.this_catalog import this_catalog

GDP = "statistics/regional_gdp"


def deliver(folder: Path, *files: str) -> Path:
    """Empty files below a folder, which is returned."""
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def test_folders_of_days_come_in_order_each_in_its_evening(tmp_path: Path) -> None:
    deliver(tmp_path, f"2026-10-01/{GDP}/b.csv", f"2026-09-30/{GDP}/a.csv", "labels.csv")

    assert days_in(tmp_path, this_catalog()) == [
        Day(tmp_path / "2026-09-30", "2026-09-30T20:00:00"),
        Day(tmp_path / "2026-10-01", "2026-10-01T20:00:00"),
    ]


def test_deliverers_alone_are_one_day_and_the_latest_that_they_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAKEHOUSE_NOW", raising=False)
    deliver(
        tmp_path, f"{GDP}/gdp_2025-09-30.csv", f"{GDP}/登记20250929.csv", f"{GDP}/x2999-01-01.csv"
    )
    stated = tmp_path / GDP / "登记20250929.csv.manifest.json"
    stated.write_text(json.dumps({"as_of": "2025-10-02T08:00:00"}))

    assert days_in(tmp_path, this_catalog()) == [Day(tmp_path, "2025-10-02T20:00:00")]

    stated.write_text("no manifest")
    assert days_in(tmp_path, this_catalog()) == [Day(tmp_path, "2025-09-30T20:00:00")]


def test_the_clock_of_one_day_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_NOW", "2026-01-05T09:00:00")
    deliver(tmp_path, f"{GDP}/gdp_2026-01-04.csv")

    assert days_in(tmp_path, this_catalog())[0].now == "2026-01-05T09:00:00"


def test_deliveries_that_state_no_day_come_in_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAKEHOUSE_NOW", raising=False)
    deliver(tmp_path, f"{GDP}/gdp.csv")

    assert days_in(tmp_path, this_catalog())[0].now is None


def test_files_are_those_that_the_lakehouse_will_take_in(tmp_path: Path) -> None:
    files = (f"{GDP}/a.csv", f"{GDP}/a.csv.manifest.json", f"{GDP}/.b.csv", f"{GDP}/c.csv.part")
    deliver(tmp_path, *files, f"{GDP}/deeper/d.csv", "labels.csv")

    assert Day(tmp_path, None).files() == {f"{GDP}/a.csv"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "should hold a folder for each day"),
        (["labels.csv"], "should hold a folder for each day"),
        ([f"city/{GDP}/a.csv"], r"\(as the agencies are called in the catalogue\): city"),
        ([f"2026-09-31/{GDP}/a.csv"], "2026-09-31"),
        ([f"2026-09-30/{GDP}/a.csv", f"{GDP}/a.csv"], "statistics"),
        (["2026-09-30/statistics/a.csv"], "No <deliverer>/<dataset>/<file> in .*2026-09-30"),
    ],
    ids=["empty", "no folder", "too deep", "no such day", "both", "too flat"],
)
def test_a_folder_laid_out_otherwise_is_told(
    tmp_path: Path, files: list[str], message: str
) -> None:
    with pytest.raises(NotJudged, match=message):
        days_in(deliver(tmp_path, *files), this_catalog())


def test_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotJudged, match="is no folder"):
        days_in(tmp_path / "nowhere", this_catalog())


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    lakehouse = Lakehouse(tmp_path / "home")

    with pytest.raises(NotJudged, match=r"lakehouse demo .* ended with 1:\n.*between"):
        lakehouse("demo", "--residents", "3", "--out", str(tmp_path / "city"))
