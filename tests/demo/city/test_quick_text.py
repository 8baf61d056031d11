"""Looked-up texts are the texts that Polars writes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from demo.city.quick_text import amount_texts, day_texts, moment_texts

AMOUNTS = st.one_of(
    st.integers(-10, 10**7).map(lambda cents: cents / 100),
    st.floats(-1e6, 1e6, allow_subnormal=False),
)


@example([-0.0])
@example([-0.01, -0.01, -0.0])
@given(st.lists(AMOUNTS))
def test_an_amount_has_its_shortest_text_however_it_is_found(values: list[float]) -> None:
    series = pl.Series("amount", values, dtype=pl.Float64)
    plain = series.cast(pl.String).str.strip_suffix(".0")
    texts = amount_texts(series)
    assert texts.name == "amount"
    assert texts.to_list() == ["0" if text == "-0" else text for text in plain]


def test_small_and_large_amounts_keep_their_places() -> None:
    values = pl.Series([0.07, 1234567.89, 999.99, 12.0, 0.123456, 5.5])
    assert amount_texts(values).to_list() == [
        "0.07", "1234567.89", "999.99", "12", "0.123456", "5.5"
    ]  # fmt: skip


def test_what_is_null_stays_null() -> None:
    assert amount_texts(pl.Series([None, 2.0])).to_list() == [None, "2"]
    assert day_texts(pl.Series([None], dtype=pl.Date), "%Y").to_list() == [None]
    days = pl.Series([date(2026, 1, 2), None, date(2026, 1, 3)])
    assert day_texts(days, "%Y-%m-%d").to_list() == ["2026-01-02", None, "2026-01-03"]
    times = pl.Series([None, datetime(2026, 1, 2, 3, 4, 5)])
    assert moment_texts(times).to_list() == [None, "2026-01-02 03:04:05"]


@pytest.mark.parametrize("apart", [1, 400])
@pytest.mark.parametrize("pattern", ["%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d"])
def test_days_near_and_far_from_each_other_are_written_by_the_pattern(
    apart: int, pattern: str
) -> None:
    days = pl.Series("day", [date(1950, 2, 27) + timedelta(days=apart * n) for n in range(50)])
    texts = day_texts(days, pattern)
    assert texts.name == "day"
    assert texts.to_list() == [day.strftime(pattern) for day in days]


@given(st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), min_size=1))
def test_a_time_is_written_to_the_second(moments: list[datetime]) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    texts = moment_texts(pl.Series(whole, dtype=pl.Datetime("us")))
    assert texts.to_list() == [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in whole]
