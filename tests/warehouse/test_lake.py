"""The lake: commits of finished files, marked so that a killed writer knows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from warehouse.lake import SMALL_FILES, Lake, LakeFile, SchemaMismatch

SCHEMA = pl.Schema({"name": pl.String, "beds": pl.Int64})


def put(lake: Lake, folder: Path, name: str, rows: list[tuple[str, int]]) -> LakeFile:
    """A finished file in the table's folder, not yet registered."""
    staged = folder / name
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(staged)
    return LakeFile(lake.adopt("raw/health/beds", staged, name), len(rows))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.ensure("raw/health/beds", SCHEMA)
    return made


def test_a_file_counts_only_once_it_is_committed(lake: Lake, tmp_path: Path) -> None:
    file = put(lake, tmp_path, "d1.parquet", [("甲", 1)])
    assert lake.rows("raw/health/beds") == 0
    lake.commit("raw/health/beds", [file], "d1")
    assert lake.rows("raw/health/beds") == 1
    assert lake.has("raw/health/beds", "d1")
    assert not lake.has("raw/health/beds", "d2")


def test_files_are_swapped_in_one_version(lake: Lake, tmp_path: Path) -> None:
    lake.commit("raw/health/beds", [put(lake, tmp_path, "d1.parquet", [("甲", 1)])], "d1")
    before = lake.version("raw/health/beds")
    lake.commit(
        "raw/health/beds",
        [put(lake, tmp_path, "d1.2.parquet", [("甲", 2)])],
        "d1.2",
        ["d1.parquet"],
    )
    assert before is not None and lake.version("raw/health/beds") == before + 1
    assert pl.read_delta(str(lake.path("raw/health/beds"))).rows() == [("甲", 2)]


def test_a_small_append_happens_once_for_its_mark(lake: Lake) -> None:
    rows = pl.DataFrame([("甲", 1)], schema=SCHEMA, orient="row")
    lake.append("raw/health/beds", rows, "e1")
    version = lake.version("raw/health/beds")
    lake.append("raw/health/beds", rows, "e1")
    assert lake.version("raw/health/beds") == version


def test_a_column_that_the_catalogue_gains_is_null_in_older_rows(
    lake: Lake, tmp_path: Path
) -> None:
    lake.commit("raw/health/beds", [put(lake, tmp_path, "d1.parquet", [("甲", 1)])], "d1")
    lake.ensure("raw/health/beds", pl.Schema({**SCHEMA, "grade": pl.String}))
    assert pl.read_delta(str(lake.path("raw/health/beds"))).rows() == [("甲", 1, None)]


def test_a_changed_type_is_refused_by_name(lake: Lake) -> None:
    with pytest.raises(SchemaMismatch, match="beds is Int64, declared String"):
        lake.ensure("raw/health/beds", pl.Schema({"name": pl.String, "beds": pl.String}))


def test_files_committed_by_somebody_else_are_listed(lake: Lake, tmp_path: Path) -> None:
    name = "raw/health/beds"
    first = put(lake, tmp_path, "d1.parquet", [("甲", 1)])
    lake.commit(name, [first], "d1")
    assert lake.files(name) == [str(first.path)]
    other = Lake(lake.root)
    second = put(other, tmp_path, "d2.parquet", [("乙", 2)])
    other.commit(name, [second], "d2", remove=["d1.parquet"])
    assert lake.files(name) == [str(second.path)]


def test_the_version_is_the_one_that_delta_tells(lake: Lake, tmp_path: Path) -> None:
    assert lake.version("raw/health/doctors") is None
    for day in range(1, 13):
        lake.commit("raw/health/beds", [put(lake, tmp_path, f"d{day}.parquet", [])], f"d{day}")
        assert lake.version("raw/health/beds") == lake.table("raw/health/beds").version()


def test_small_appends_are_gathered_and_none_is_lost(lake: Lake) -> None:
    name = "raw/health/beds"
    for number in range(3 * SMALL_FILES):
        lake.append(name, pl.DataFrame([("甲", number)], schema=SCHEMA, orient="row"), f"e{number}")
        assert len(lake.files(name)) <= SMALL_FILES
    beds = pl.read_delta(str(lake.path(name)))["beds"]
    assert sorted(beds) == list(range(3 * SMALL_FILES))
    assert lake.rows(name) == 3 * SMALL_FILES
    assert all(lake.has(name, f"e{number}") for number in range(3 * SMALL_FILES))


def test_gathering_fills_a_column_that_older_rows_lack(lake: Lake) -> None:
    name = "raw/health/beds"
    for number in range(SMALL_FILES):
        lake.append(name, pl.DataFrame([("甲", number)], schema=SCHEMA, orient="row"), f"e{number}")
    wider = pl.Schema({**SCHEMA, "ward": pl.String})
    lake.ensure(name, wider)
    lake.append(name, pl.DataFrame([("乙", 99, "三")], schema=wider, orient="row"), "wider")
    rows = pl.read_delta(str(lake.path(name)))
    assert rows["ward"].null_count() == SMALL_FILES
    assert len(lake.files(name)) == 1


def test_another_lake_object_sees_what_this_one_committed(lake: Lake) -> None:
    other = Lake(lake.root)
    assert other.rows("raw/health/beds") == 0
    lake.append("raw/health/beds", pl.DataFrame([("甲", 1)], schema=SCHEMA, orient="row"), "e1")
    assert other.rows("raw/health/beds") == 1
    assert other.has("raw/health/beds", "e1")
