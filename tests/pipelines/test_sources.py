"""`lakehouse catalog sources`: every entry, and what is proposed where nothing is settled."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.this_catalog import this_catalog

SOURCE = "source: {dataset: public_security/registered_population, column: name}"


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of persons' elements in a copy of the catalogue; the home is empty."""
    root = tmp_path / "catalog"
    shutil.copytree(this_catalog().root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("LAKEHOUSE_CATALOG", str(root))
    monkeypatch.setenv("LAKEHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAKEHOUSE_NOW", "2026-10-08T09:00:00")
    return root / "elements" / "person.yaml"


def ask(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, ["catalog", "sources", *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_entry_is_shown_with_its_agency_state_and_order_of_sources(person: Path) -> None:
    (entry,) = json.loads(ask("--element", "person_name", "--json"))["entries"]
    assert (entry["agency"], entry["state"]) == ("public_security", "provisional")
    order = entry["fallback"]["population.person.name"]
    assert order[:2] == [
        "public_security/registered_population.name", "public_security/residence_permits.name",
    ]  # fmt: skip
    shown = ask("--element", "person_name").replace("\n", "")
    assert "市公安局" in shown
    assert "暂定 1，认可 0" in shown


def test_a_suspension_shows_who_when_and_why_and_leaves_the_order(person: Path) -> None:
    suspended = "suspended: {by: 王处长, on: 2026-10-01, reason: 姓名错误集中}"
    edit(person, SOURCE, SOURCE.replace("}", f", {suspended}}}"))
    (entry,) = json.loads(ask("--element", "person_name", "--json"))["entries"]
    assert entry["state"] == "suspended"
    assert entry["suspension"] == {"by": "王处长", "on": "2026-10-01", "reason": "姓名错误集中"}
    order = entry["fallback"]["population.person.name"]
    assert order[0] == "public_security/residence_permits.name"
    assert "已暂停 1" in ask("--element", "person_name")


def test_an_element_without_source_is_shown_with_a_proposal(person: Path) -> None:
    edit(person, f"  {SOURCE}\n", "")
    told = json.loads(ask("--element", "person_name", "--json"))
    assert told["entries"] == []
    (found,) = told["unsettled"]
    assert found["why"] == "没有标准源"
    assert [each["place"] for each in found["proposal"][:2]] == [1, 2]
    assert "尚未汇聚，质量未测" in found["proposal"][0]["reasons"]


def test_another_fault_of_the_catalogue_and_an_unknown_element_are_told(person: Path) -> None:
    assert "没有数据元 shoe_size" in ask("--element", "shoe_size", exit_code=2)
    edit(person, SOURCE, SOURCE.replace("column: name", "column: surname"))
    assert "没有 surname 列" in ask(exit_code=1)
