"""What a catalogue that can be used still lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assets import registry
from assets.lakehouse import Lakehouse
from assets.registry import registry_findings, standing_findings
from catalog.load import load_catalog
from tests.this_catalog import this_catalog
from warehouse.home import Clock, Home


def _without(path: Path, ref: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ref not in line]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def test_what_is_not_registered_is_one_finding_a_file_however_many_rules_and_columns(
    tmp_path: Path,
) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(this_catalog().root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert registry_findings(load_catalog(root)) == []
    for name in ("rule_bits.csv", "register.csv"):
        _without(root / name, "statistics/regional_gdp")
    found = registry_findings(load_catalog(root))
    assert [(each.file, each.field) for each in found] == [
        ("rule_bits.csv", "statistics/regional_gdp"),
        ("register.csv", "dataset statistics/regional_gdp"),
    ]
    assert "year.required" in found[0].found


def test_what_stands_is_looked_for_again_only_where_a_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(this_catalog().root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    looked = []

    def looking(catalog: object) -> list[object]:
        looked.append(catalog)
        return []

    monkeypatch.setattr(registry, "registry_findings", looking)
    house = Lakehouse.open(Home(tmp_path / "home"), Clock(), load_catalog(root))
    assert standing_findings(house) == standing_findings(house) == []
    assert len(looked) == 1
    register = root / "register.csv"
    told = register.read_text(encoding="utf-8")
    register.write_text(told + "nonsense\n", encoding="utf-8")
    found = standing_findings(house)
    assert found
    assert found == standing_findings(house)
    assert len(looked) == 2
    register.write_text(told, encoding="utf-8")
    assert standing_findings(house) == []
