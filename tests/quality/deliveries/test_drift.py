"""Deliveries beside their deliverer's earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from quality.deliveries.drift import changed_columns, far_from_history
from quality.profiles import PROFILES
from tests.this_catalog import this_catalog
from warehouse.intake.model import Received
from warehouse.log import Delivery

DATASET = this_catalog().datasets["education/schools"]
RECEIVED = Received("csv", None, None, None, None, 1, 10, 0, 10, (), ())
Make = Callable[..., Delivery]


def profiles(delivery: str, column: str = "fee", **facts: Any) -> pl.DataFrame:
    known = {"delivery": delivery, "column": column, "delivered": True, "rows": 100, "nulls": 0}
    return pl.DataFrame([known | facts], schema=PROFILES)


def found(received: Received, before: pl.DataFrame) -> list[tuple[str, str | None]]:
    return [(each.rule, each.value) for each in changed_columns(DATASET, received, before)]


def test_a_column_that_the_catalogue_does_not_know_is_named() -> None:
    received = replace(RECEIVED, unmapped=("内部流水", "备注2"))
    assert found(received, PROFILES.to_frame()) == [("delivery.unmapped_column", "内部流水、备注2")]


def test_a_column_that_numbers_the_rows_is_not_worth_a_question() -> None:
    assert found(replace(RECEIVED, unmapped=(" 序号 ",)), PROFILES.to_frame()) == []


def test_a_column_that_may_be_absent_is_missing_only_where_it_had_come_before() -> None:
    received = replace(RECEIVED, missing=("lon", "lat"))
    assert found(received, PROFILES.to_frame()) == []
    before = pl.concat([profiles("d1", "lon"), profiles("d1", "lat", delivered=False)])
    assert found(received, before) == [("delivery.missing_column", "经度")]


def test_a_column_is_missing_for_as_long_as_it_stays_away() -> None:
    received = replace(RECEIVED, missing=("lon",))
    before = pl.concat(
        [profiles(f"d{number}", "lon", delivered=number < 3, seq=number) for number in (3, 2, 1)]
    )
    (asked,) = changed_columns(DATASET, received, before)
    assert (asked.rule, asked.value) == ("delivery.missing_column", "经度")
    assert "d2" in asked.message and "d1" not in asked.message


def history(make: Make, counts: list[int]) -> list[Delivery]:
    return [
        make(number, f"2026-09-{number:02d}T09:00", accepted=count)
        for number, count in enumerate(counts, start=1)
    ]


def rules(
    now: Delivery, earlier: list[Delivery], of_now: pl.DataFrame, before: list[pl.DataFrame]
) -> list[str]:
    frames = pl.concat([PROFILES.to_frame(), *before])
    return [each.rule for each in far_from_history(now, earlier, of_now, frames)]


@pytest.mark.parametrize(
    ("rows", "counts", "far"),
    [
        (400, [1000, 1010, 990, 1005, 1000], True),
        (1600, [1000, 1010, 990, 1005, 1000], True),
        (600, [1000, 1010, 990, 1005, 1000], False),  # not far enough
        (400, [1000, 1010, 990, 1005], False),  # too few
        (400, [1000, 200, 1800, 600, 1400], False),  # it always varied
        (400, [1000, 1010, 9, 1005, 1000], True),  # one wrong one before moves nothing
        (1, [30, 31, 30, 29, 30], False),  # too small to ask
    ],
)
def test_a_number_of_rows_is_asked_about_when_it_is_far_from_a_steady_history(
    delivery: Make, rows: int, counts: list[int], far: bool
) -> None:
    now = delivery(9, "2026-09-09T09:00", accepted=rows)
    asked = rules(now, history(delivery, counts), PROFILES.to_frame(), [])
    assert asked == (["delivery.row_count"] if far else [])


def test_deliveries_of_several_files_a_date_have_no_usual_number_of_rows(delivery: Make) -> None:
    parts = [
        replace(each, ordered_at=earlier.ordered_at)
        for earlier in history(delivery, [1000] * 5)
        for each in (earlier, replace(earlier, seq=earlier.seq + 100))
    ]
    now = delivery(9, "2026-09-09T09:00", accepted=10)
    assert rules(now, parts, PROFILES.to_frame(), []) == []


def test_one_date_of_two_files_leaves_the_others_their_usual_number(delivery: Make) -> None:
    earlier = history(delivery, [1000] * 6)
    earlier[2] = replace(earlier[2], ordered_at=earlier[1].ordered_at)
    now = delivery(9, "2026-09-09T09:00", accepted=10)
    assert rules(now, earlier, PROFILES.to_frame(), []) == ["delivery.row_count"]


@pytest.mark.parametrize(
    ("mode", "asked"), [("snapshot", ["delivery.row_count"]), ("increment", [])]
)
def test_a_second_snapshot_of_a_date_is_whole_and_a_second_increment_adds_to_the_first(
    delivery: Make, mode: str, asked: list[str]
) -> None:
    earlier = [replace(each, mode=mode) for each in history(delivery, [1000] * 6)]
    now = replace(earlier[-1], delivery="d000009", seq=9, accepted=10)
    assert rules(now, earlier, PROFILES.to_frame(), []) == asked


def test_a_snapshot_is_not_compared_with_increments(delivery: Make) -> None:
    now = delivery(9, "2026-09-09T09:00", accepted=10_000, mode="snapshot")
    assert rules(now, history(delivery, [100] * 5), PROFILES.to_frame(), []) == []


@pytest.mark.parametrize(("nulls", "asked"), [(60, ["delivery.null_rate"]), (25, [])])
def test_a_column_that_is_suddenly_empty_is_asked_about(
    delivery: Make, nulls: int, asked: list[str]
) -> None:
    earlier = history(delivery, [100] * 5)
    before = [profiles(each.delivery, nulls=10) for each in earlier]
    now = delivery(9, "2026-09-09T09:00")
    assert rules(now, earlier, profiles(now.delivery, nulls=nulls), before) == asked


def test_small_deliveries_say_nothing_about_nulls(delivery: Make) -> None:
    earlier = history(delivery, [40] * 5)
    before = [profiles(each.delivery, rows=40) for each in earlier]
    now = delivery(9, "2026-09-09T09:00", accepted=40)
    assert rules(now, earlier, profiles(now.delivery, rows=40, nulls=40), before) == []


@pytest.mark.parametrize(
    ("middle", "asked"),
    [("1000000", ["delivery.distribution"]), ("0.01", ["delivery.distribution"]), ("120", [])],
)
def test_amounts_of_another_magnitude_are_asked_about(
    delivery: Make, middle: str, asked: list[str]
) -> None:
    earlier = history(delivery, [200] * 5)
    before = [
        profiles(each.delivery, rows=200, p05="10", p50=str(100 + place), p95="900")
        for place, each in enumerate(earlier)
    ]
    now = delivery(9, "2026-09-09T09:00", accepted=200)
    of_now = profiles(now.delivery, rows=200, p05="1", p50=middle, p95="2000000")
    assert rules(now, earlier, of_now, before) == asked


def test_dates_move_on_and_are_not_asked_about(delivery: Make) -> None:
    earlier = history(delivery, [200] * 5)
    before = [
        profiles(each.delivery, rows=200, p05="2026-01-01", p50="2026-01-02", p95="2026-01-03")
        for each in earlier
    ]
    now = delivery(9, "2026-09-09T09:00", accepted=200)
    of_now = profiles(now.delivery, rows=200, p05="2026-09-01", p50="2026-09-02", p95="2026-09-03")
    assert rules(now, earlier, of_now, before) == []
