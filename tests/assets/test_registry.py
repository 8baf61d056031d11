"""What a catalogue that can be used still lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

from assets.registry import registry_findings
from catalog.load import load_catalog


def _without(path: Path, ref: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ref not in line]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def test_what_is_not_registered_is_one_finding_a_file_however_many_rules_and_columns(
    tmp_path: Path,
) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(load_catalog().root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert registry_findings(load_catalog(root)) == []
    for name in ("rule_bits.csv", "register.csv"):
        _without(root / name, "statistics/regional_gdp")
    found = registry_findings(load_catalog(root))
    assert [(each.file, each.field) for each in found] == [
        ("rule_bits.csv", "statistics/regional_gdp"),
        ("register.csv", "dataset statistics/regional_gdp"),
    ]
    assert "year.required" in found[0].found
