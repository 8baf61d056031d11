"""The persons' file, the contenders over it, and the pass with and without rules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from benchmarks import persons
from benchmarks.contenders import ours, stdnum_loop
from benchmarks.measure import ROOT
from benchmarks.quality import FindingsDiffer, agree
from benchmarks.rule_cost import cost
from tests.this_catalog import this_catalog

ROWS = 5000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("persons")
    persons.write(made, ROWS, seed=3)
    return made


def test_the_same_seed_makes_the_same_persons_and_another_seed_others(
    folder: Path, tmp_path: Path
) -> None:
    again, other = (persons.write(tmp_path / str(seed), ROWS, seed) for seed in (3, 4))

    assert (folder / "persons.csv").read_bytes() == again.read_bytes() != other.read_bytes()


def test_as_many_persons_come_in_several_pieces_as_in_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persons, "PIECE", 700)

    pieces = persons.write(tmp_path, ROWS, seed=3)

    assert pieces.read_bytes() == (folder / "persons.csv").read_bytes()


def test_every_rule_is_broken_by_some_and_most_rows_by_none(folder: Path) -> None:
    found = ours.check(folder, persons.known())

    assert set(found) == set(persons.RULES)
    counts = Counter({rule: rows for rule, (rows, _) in found.items()})
    assert min(counts.values()) > 0
    assert 0.03 * ROWS < counts.total() < 0.05 * ROWS


def test_faults_are_found_where_they_were_put(folder: Path) -> None:
    written = pl.read_csv(folder / "persons.csv", infer_schema=False)
    wordy = written.select(
        (pl.col(column) == persons.NULL_WORD).fill_null(False) for column in persons.COLUMNS
    )
    found = ours.check(folder, persons.known())

    for column in persons.COLUMNS:
        rows = (wordy[column].arg_true() + 1).to_list()
        assert found[f"{column}.null_word"] == (len(rows), sum(rows))


def test_the_loop_with_python_stdnum_finds_the_same(folder: Path) -> None:
    known = persons.known()

    agree(ours.check(folder, known), stdnum_loop.check(folder, known), "the loop")


def test_great_expectations_on_pandas_finds_the_same(folder: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.contenders.gx_pandas", str(folder)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout

    theirs = json.loads(told.splitlines()[-1])["found"]

    mine = {rule: list(found) for rule, found in ours.check(folder, persons.known()).items()}
    agree(mine, theirs, "Great Expectations")


def test_other_rows_are_no_agreement() -> None:
    with pytest.raises(FindingsDiffer, match=r"the loop finds other rows by a\.code, b\.range"):
        agree(
            {"a.code": (2, 5), "c.form": (1, 1)},
            {"a.code": (2, 6), "b.range": (1, 1), "c.form": (1, 1)},
            "the loop",
        )


def test_the_cost_of_the_rules_is_of_the_same_rows(folder: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw.parquet"
    pl.read_csv(folder / "persons.csv", infer_schema=False, row_index_name="_row").with_columns(
        pl.col("_row").cast(pl.Int64), _op=pl.lit("upsert"), _shape=pl.lit(None, pl.String),
        _delivery=pl.lit("d000001"), _seq=pl.lit(1, pl.Int64), _agency=pl.lit("medical_insurance"),
    ).write_parquet(raw)  # fmt: skip

    measured = cost(this_catalog(), persons.DATASET, raw, 1)

    assert measured["rows"] == ROWS
    assert measured["with"] > 0 and measured["without"] > 0
    assert "_failed" not in pl.read_parquet_schema(tmp_path / "staged.parquet")
