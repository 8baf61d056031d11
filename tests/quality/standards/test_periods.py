from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.standards.periods import first_day

SLOW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("text", ["2026", "2026Q1", "2026-09"])
def test_the_standard_forms_are_left_as_they_are(read: Any, text: str) -> None:
    (found,) = read("period", [text])
    assert (found.value, found.changes, found.failure) == (text, (), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026年", "2026"),
        ("2026年度", "2026"),
        ("2026年第一季度", "2026Q1"),
        ("2026年四季度", "2026Q4"),
        ("2026年3季度", "2026Q3"),
        ("2026-Q2", "2026Q2"),
        ("2026年9月", "2026-09"),
        ("2026 年 09 月份", "2026-09"),
        ("202609", "2026-09"),
        ("2026/9", "2026-09"),
        ("2026/09", "2026-09"),
        ("2026-9", "2026-09"),
        ("2026.09", "2026-09"),
        ("２０２６．０９", "2026-09"),
    ],
)
def test_other_forms_become_the_standard_one_and_are_noted(
    read: Any, text: str, value: str
) -> None:
    (found,) = read("period", [text])
    assert (found.value, found.failure) == (value, None)
    assert "period_form" in found.changes


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("2026.1", "form"),  # 2026.10 in a spreadsheet
        ("20261", "form"),
        ("2026-09-01", "form"),
        ("九月", "form"),
        ("26-09", "form"),
        ("2026-13", "range"),
        ("2026-00", "range"),
        ("202613", "range"),
        ("2026Q5", "range"),
        ("2026年第0季度", "range"),
        ("1948", "range"),
        ("2099", "range"),
        ("-", "null_word"),
        ("", None),
    ],
)
def test_what_is_no_period_says_why(read: Any, text: str, failure: str | None) -> None:
    assert read("period", [text])[0].failure == failure


PERIODS = st.one_of(
    st.builds("{}".format, st.integers(1949, 2098)),
    st.builds("{}Q{}".format, st.integers(1949, 2098), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.integers(1949, 2098), st.integers(1, 12)),
)


@SLOW
@given(st.lists(PERIODS, max_size=50))
def test_every_period_keeps_its_form(read: Any, periods: list[str]) -> None:
    found = read("period", periods)
    assert [r.value for r in found] == periods
    assert {(r.changes, r.failure) for r in found} <= {((), None)}


@SLOW
@given(st.integers(1949, 2098), st.integers(1, 12))
def test_every_way_to_write_a_month_means_the_same(read: Any, year: int, month: int) -> None:
    forms = [
        f"{year}-{month:02}", f"{year}{month:02}", f"{year}/{month}", f"{year}/{month:02}",
        f"{year}年{month}月", f"{year}年{month:02}月", f"{year}.{month:02}", f"{year}-{month}",
    ]  # fmt: skip
    assert {r.value for r in read("period", forms)} == {forms[0]}


def test_a_period_begins_on_its_first_day() -> None:
    periods = pl.Series(["2026", "2026Q3", "2026-09", "2026-13", "九月", None])
    found = periods.to_frame("p").select(first_day(pl.col("p"))).to_series()
    assert found.to_list() == [date(2026, 1, 1), date(2026, 7, 1), date(2026, 9, 1), *[None] * 3]
