"""Columns under each other's heading."""

from __future__ import annotations

from datetime import date

import polars as pl

from quality.deliveries.headings import wrong_headings
from tests.this_catalog import this_catalog

CATALOG = this_catalog()
HAZARDS = "emergency/major_hazards"
DAY = date(2026, 9, 30)
NAMES = ["氨", "液氯", "甲醇", "汽油", "苯", "氢气"]
NUMBERS = ["7664-41-7", "7782-50-5", "67-56-1", "8006-61-9", "71-43-2", "1333-74-0"]


def found(ref: str = HAZARDS, fails: str = "cas_no.form", **texts: list[str | None]) -> list[str]:
    """Rules that are found where every row fails `fails`."""
    frame = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))
    rows = frame.height
    return [
        each.rule for each in wrong_headings(CATALOG, ref, lambda: frame, {fails: rows}, rows, DAY)
    ]


def fails_of(column: str) -> str:
    from quality.rules.columns import checks_of

    dataset = CATALOG.datasets[HAZARDS]
    checks = [check.rule.id for check in checks_of(CATALOG, dataset, dataset.column(column))]
    return next(rule for rule in reversed(checks) if not rule.endswith(("required", "null_word")))


def test_names_under_numbers_and_numbers_under_names_are_exchanged() -> None:
    rules = found(fails=fails_of("cas_no"), chemical=NUMBERS, cas_no=NAMES)
    assert sorted(rules) == ["cas_no.wrong_heading", "chemical.wrong_heading"]


def test_columns_under_their_own_headings_are_left_alone_even_if_rows_fail() -> None:
    assert found(fails=fails_of("cas_no"), chemical=NAMES, cas_no=NUMBERS) == []


def test_damaged_numbers_are_no_exchange_with_a_free_text_of_right_ones() -> None:
    damaged = [f"{number}0" for number in NUMBERS]
    assert found(fails=fails_of("cas_no"), chemical=NUMBERS, cas_no=damaged) == []


def test_a_column_of_words_that_no_other_column_wants_is_wrong_by_itself() -> None:
    assert found(fails=fails_of("cas_no"), chemical=NAMES, cas_no=["见附件"] * 6) == []


def test_few_values_tell_nothing() -> None:
    assert found(fails=fails_of("cas_no"), chemical=NUMBERS[:4], cas_no=NAMES[:4]) == []


def test_longitude_and_latitude_exchanged_are_told_by_their_ranges() -> None:
    rules = found(
        fails=fails_of("lon"), lon=["36.8", "36.7", "36.9", "36.5", "36.6"],
        lat=["118.1", "118.0", "117.9", "118.2", "118.3"],
    )  # fmt: skip
    assert sorted(rules) == ["lat.wrong_heading", "lon.wrong_heading"]


def test_where_rows_do_not_fail_nothing_is_asked() -> None:
    def never() -> pl.DataFrame:
        raise AssertionError("rows were read")

    assert list(wrong_headings(CATALOG, HAZARDS, never, {}, 6, DAY)) == []
