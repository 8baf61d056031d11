"""The suite of a dataset's stored table: it agrees with the log, or says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.suites import standard_check
from warehouse.lake import LakeFile

REF = "statistics/regional_gdp"
TABLE = f"standard/{REF}"


def told(statistics: Any) -> dict[str, object]:
    """What the check tells, without its zeros; `passed` where it passes."""
    result = standard_check(statistics.house, REF)
    found = {name: value.value for name, value in result.metadata.items() if value.value}
    return {**found, "passed": True} if result.passed else found


def plant(statistics: Any, planted: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Puts other rows in place of the stored ones."""
    lake = statistics.house.lake
    old = lake.files(TABLE)
    frame = planted(pl.read_parquet(old))
    file = lake.path(TABLE) / "planted.parquet"
    frame.write_parquet(file)
    removed = [Path(path).name for path in old]
    lake.commit(TABLE, [LakeFile(file, frame.height)], "planted", remove=removed)


def test_a_table_that_was_never_delivered_passes(statistics: Any) -> None:
    assert told(statistics) == {"passed": True}


def test_new_changed_and_ended_keys_add_up_to_the_rows_of_the_history(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", line(2020, "山东省", 100), line(2020, "江苏省", 90))
    assert told(statistics) == {"rows": 2, "passed": True}
    statistics.deliver("b.csv", line(2020, "山东省", 110), line(2021, "山东省", 120))
    log = statistics.house.log.deliveries
    # One changed, one new, one gone.
    assert (log[-1].upserted, log[-1].removed) == (2, 1)
    assert told(statistics) == {"rows": 5, "passed": True}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (lambda rows: pl.concat([rows, rows.head(1)]), {"volume_rows": 1, "key_unique": 1}),
        (lambda rows: rows.head(1), {"volume_rows": 1}),
        (
            lambda rows: rows.with_columns(
                _key=pl.when(pl.col("_row") == 1).then(None).otherwise(pl.col("_key"))
            ),
            {"key_not_null": 1},
        ),
        (lambda rows: rows.with_columns(_key=pl.lit("one")), {"key_unique": 1}),
        (lambda rows: rows.with_columns(pl.col("year").cast(pl.String)), {"shape_columns": 1}),
        (lambda rows: rows.with_columns(spare=1), {"shape_columns": 1}),
    ],
    ids=["a row twice", "a row lost", "key null", "one key", "wrong type", "unknown column"],
)
def test_what_is_planted_is_counted(
    statistics: Any, line: Any, planted: Callable[[pl.DataFrame], pl.DataFrame], found: Any
) -> None:
    statistics.deliver("a.csv", line(2020, "山东省", 100), line(2020, "江苏省", 90))
    plant(statistics, planted)
    result = told(statistics)
    result.pop("rows")
    assert result == found


def test_a_key_may_stand_again_in_a_later_delivery_and_not_in_the_same(
    statistics: Any, line: Any
) -> None:
    for total in (100, 110):
        statistics.deliver(f"{total}.csv", line(2020, "山东省", total))
    assert told(statistics) == {"rows": 2, "passed": True}
    plant(statistics, lambda rows: rows.with_columns(_seq=pl.lit(1, pl.Int64)))
    assert told(statistics) == {"rows": 2, "key_unique": 1}


def test_a_withdrawn_delivery_leaves_history_and_log_in_step(statistics: Any, line: Any) -> None:
    from assets.intake.undo import withdraw

    for total in (100, 110):
        statistics.deliver(f"{total}.csv", line(2020, "山东省", total))
    with statistics.house.engine() as engine:
        withdraw(statistics.house, engine, "d000001", "tester", "test")
    assert told(statistics) == {"rows": 1, "passed": True}
