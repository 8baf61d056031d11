"""What counts as the contents of a home when two are compared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.contents import differences, digest, home_contents, lake_contents


def write(home: Path, name: str, rows: pl.DataFrame, parts: int = 1) -> None:
    for part in rows.iter_slices(-(-rows.height // parts)):
        part.write_delta(str(home / "lake" / name), mode="append")


def test_order_of_rows_and_number_of_commits_are_no_content(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"key": ["a", "b", None], "at": [datetime(2026, 1, day) for day in (1, 2, 3)]}
    )
    write(tmp_path / "one", "base/legal_person/entity", rows)
    write(tmp_path / "two", "base/legal_person/entity", rows.reverse(), parts=2)

    assert differences(home_contents(tmp_path / "one"), home_contents(tmp_path / "two")) == []


def test_a_row_twice_is_another_content() -> None:
    rows = pl.DataFrame({"key": ["a", "b"]})

    assert digest(rows) != digest(pl.concat([rows, rows.head(1)]))


def test_a_value_a_type_and_a_column_name_are_content() -> None:
    rows = pl.DataFrame({"key": ["1"]})
    others = [pl.DataFrame({"key": ["2"]}), pl.DataFrame({"key": [1]}), rows.rename({"key": "id"})]

    assert len({digest(rows), *map(digest, others)}) == 4


def test_of_a_delivery_counts_its_last_state_and_not_how_often_it_was_begun(tmp_path: Path) -> None:
    once = pl.DataFrame(
        {"event_no": [1, 2], "delivery": ["d000001"] * 2, "state": ["received", "applied"],
         "accepted": [None, 120], "intent": [None, ""]},
    )  # fmt: skip
    begun_twice = pl.DataFrame(
        {"event_no": [1, 2, 3], "delivery": ["d000001"] * 3,
         "state": ["received", "received", "applied"],
         "accepted": [None, 120, 120], "intent": [None, "applied", ""]},
    )  # fmt: skip
    write(tmp_path / "one", "quality/delivery_events", once)
    write(tmp_path / "two", "quality/delivery_events", begun_twice)
    write(tmp_path / "held", "quality/delivery_events", once.with_columns(state=pl.lit("held")))

    contents = [lake_contents(tmp_path / name / "lake") for name in ("one", "two", "held")]

    assert contents[0] == contents[1] != contents[2]


def test_the_published_tables_are_compared_without_the_number_of_the_file(tmp_path: Path) -> None:
    def publish(home: str, version: int, key: str) -> dict[str, str]:
        folder = tmp_path / home / "published"
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            con.execute("create schema catalog; create schema credit")
            con.execute(
                "create table catalog.about as select ? as version, 'x' as catalog_version",
                [version],
            )
            con.execute("create table credit.list as select ? as key, null as reason", [key])
        return home_contents(tmp_path / home)

    one, again, other = publish("one", 1, "a"), publish("again", 2, "a"), publish("other", 1, "b")

    assert differences(one, again) == []
    assert [line.split(":")[0] for line in differences(one, other)] == ["published/credit.list"]


def test_a_missing_table_is_named() -> None:
    assert differences({"lake/raw/a/b": "1 rows x"}, {}) == [
        "lake/raw/a/b: expected 1 rows x, found no table"
    ]
