"""A new agency with a new dataset, by the onboarding commands alone."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.this_catalog import this_catalog

PARKS = [
    ["公园编号", "公园名称", "统一社会信用代码", "行政区划", "占地面积", "开放日期"],
    ["PARK001", "人民公园", "91370303MA3EXMPL6B", "张店区", "120000.5", "1958-10-01"],
    ["PARK002", "齐园", "91370303MA3EXMPL6B", "张店区", "890000", "2012-05-01"],
    ["PARK003", "般阳公园", "91370303MA3EXMPL6B", "淄川区", "45000", "1986-07-01"],
]
WRONG = ["PARK004", "文昌公园", "91370303MA3EXMPL6A", "淄川区", "3100", "2019-05-01"]
DECIDED = [
    "--name", "城市公园", "--description", "每个公园一行", "--key", "公园编号",
    "--cycle", "yearly", "--sharing", "unconditional", "--opening", "unconditional",
    "--grade", "2", "--category", "主题信息资源/城市建设/公园绿地",
    "--usage", "用于公共服务", "--database", "geospatial",
    "--column", "公园编号=park_no:address_code", "--column", "公园名称=park_name:legal_person_name",
    "--column", "占地面积=area:area_m2", "--column", "开放日期=opened_on:started_on",
    "--basis", "城市绿化条例|administrative_regulation|第四章",
]  # fmt: skip


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue and an empty home; the copy is what commands read and write."""
    root = tmp_path / "catalog"
    shutil.copytree(this_catalog().root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("LAKEHOUSE_CATALOG", str(root))
    monkeypatch.setenv("LAKEHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAKEHOUSE_NOW", "2026-10-08T09:00:00")
    return tmp_path


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _lakehouse(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == exit_code, result.output
    return result.output


def _review(entry: Path) -> None:
    """What a person does who has reviewed the entry."""
    drafted = entry.read_text(encoding="utf-8")
    assert "reviewed: false" in drafted
    entry.write_text(drafted.replace("reviewed: false", "reviewed: true"), encoding="utf-8")


def test_a_new_agency_s_new_dataset_reaches_raw_standard_reports_and_warehouse(elsewhere):
    sample = elsewhere / "parks.csv"
    _write(sample, PARKS)
    _lakehouse(
        "agency", "new", "parks", "--name", "淄博市公园管理中心", "--unit", "管理科",
        "--email", "data@parks.zibo.example", "--bureau", "big_data_bureau",
    )  # fmt: skip
    _lakehouse("dataset", "draft", str(sample), "--dataset", "parks/city_parks", *DECIDED)
    _review(elsewhere / "catalog/datasets/parks/city_parks.yaml")
    _lakehouse("catalog", "register")
    _lakehouse("catalog", "check")
    form = elsewhere / "form.xlsx"
    _lakehouse("template", "parks/city_parks", "--out", str(form))
    _lakehouse("check", str(form), "--dataset", "parks/city_parks")

    home = elsewhere / "home"
    landed = home / "landing/parks/city_parks"
    landed.mkdir(parents=True)
    _write(landed / "parks_2026-10-01.csv", [*PARKS, WRONG])
    _lakehouse("run")

    assert pl.read_delta(str(home / "lake/raw/parks/city_parks")).height == 4
    standard = pl.read_delta(str(home / "lake/standard/parks/city_parks")).sort("park_no")
    assert standard["division"].to_list() == ["370303", "370303", "370302", "370302"]
    (report,) = (home / "outbox/parks").rglob("quality-report.json")
    (section,) = json.loads(report.read_text(encoding="utf-8"))["datasets"]
    assert [(d["column"], d["key"]) for d in section["defects"]] == [("uscc", "PARK004")]
    with duckdb.connect(str(home / "published/warehouse.duckdb"), read_only=True) as con:
        assert con.sql("from geospatial.city_parks").aggregate("count(*)").fetchone() == (4,)


def test_what_a_person_must_decide_is_reported_until_it_is_decided(elsewhere):
    sample = elsewhere / "parks.csv"
    _write(sample, PARKS)
    _lakehouse("dataset", "draft", str(sample), "--dataset", "ecology/city_parks")
    found = _lakehouse("catalog", "check", exit_code=1)
    for asked in ("共享属性", "开放属性", "安全级别", "更新周期", "description: 待定", "grade"):
        assert asked in found


def test_an_agency_is_not_registered_twice_nor_with_faults(elsewhere):
    common = ["--unit", "管理科", "--bureau", "big_data_bureau"]
    assert "registered already" in _lakehouse(
        "agency", "new", "ecology", "--name", "某局", "--email", "a@b.example", *common, exit_code=1
    )
    assert "邮箱地址" in _lakehouse(
        "agency", "new", "parks", "--name", "某局", "--email", "nobody", *common, exit_code=1
    )
    assert not (elsewhere / "catalog/agencies/parks.yaml").exists()


def test_a_draft_never_overwrites_a_dataset(elsewhere):
    sample = elsewhere / "parks.csv"
    sample.write_text("甲,乙\n1,2\n", encoding="utf-8")
    arguments = ["dataset", "draft", str(sample), "--dataset", "statistics/regional_gdp"]
    assert "不覆盖" in _lakehouse(*arguments, exit_code=1)


def test_a_check_against_a_catalogue_with_faults_says_so(elsewhere):
    sample = elsewhere / "parks.csv"
    _write(sample, PARKS)
    _lakehouse("dataset", "draft", str(sample), "--dataset", "ecology/city_parks")
    for command in (
        ("check", str(sample), "--dataset", "ecology/air_quality_hourly"),
        ("deliveries", "list"),
    ):
        assert "缺少共享属性" in _lakehouse(*command, exit_code=1)


@pytest.mark.parametrize(
    "dataset", ["ecology/a/b", "ecology/../ecology/a", "ecology/A-1", "ecology"]
)
def test_a_draft_of_no_dataset_s_name_is_refused_and_writes_nothing(elsewhere, dataset):
    sample = elsewhere / "parks.csv"
    _write(sample, PARKS)
    before = sorted((elsewhere / "catalog").rglob("*"))
    _lakehouse("dataset", "draft", str(sample), "--dataset", dataset, exit_code=2)
    assert sorted((elsewhere / "catalog").rglob("*")) == before
