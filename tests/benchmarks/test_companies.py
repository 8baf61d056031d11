"""The company file that is taken in for measuring."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from stdnum.cn import uscc as published_check

from benchmarks import companies


@pytest.fixture(autouse=True)
def from_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEHOUSE_REAL_DELIVERIES", raising=False)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_codes_are_valid_and_unique_however_often_the_source_repeats(tmp_path: Path) -> None:
    companies.write(tmp_path / "companies.csv", 1000, seed=7)

    codes = [row[companies.USCC] for row in read(tmp_path / "companies.csv")]

    assert len(set(codes)) == 1000
    assert all(map(published_check.is_valid, codes))


def test_the_same_seed_makes_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        companies.write(path, 300, seed)

    one, again, other = (path.read_bytes() for path in paths)

    assert one == again != other


def test_every_row_has_as_many_fields_as_the_header(tmp_path: Path) -> None:
    companies.write(tmp_path / "companies.csv", 500, seed=0)

    with (tmp_path / "companies.csv").open(encoding="utf-8", newline="") as lines:
        widths = {len(row) for row in csv.reader(lines)}

    assert widths == {10}
