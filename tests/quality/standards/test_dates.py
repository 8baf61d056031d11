from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SLOW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    "text",
    [
        "20240131",
        "2024/1/31",
        "2024.1.31",
        "2024-1-31",
        "2024年1月31日",
        "2024年01月31",
        "2024 年 1 月 31 日",
        "45322",
        "2024-01-31 00:00:00",
        "2024/1/31 08:15",
        "2024-01-31T08:15:00.123",
        "20240131081500",
    ],
)
def test_every_written_form_of_a_date_is_read_and_noted(read: Any, text: str) -> None:
    (found,) = read("date", [text])
    assert found.value == date(2024, 1, 31)
    assert "date_form" in found.changes
    assert found.failure is None


def test_the_standard_form_changes_nothing(read: Any) -> None:
    (found,) = read("date", ["2024-01-31"])
    assert (found.value, found.changes) == (date(2024, 1, 31), ())


def test_full_width_digits_blanks_and_quotes_are_noted_as_such(read: Any) -> None:
    (found,) = read("date", ["'２０２４-01-31 "])
    assert found.value == date(2024, 1, 31)
    assert found.changes == ("fullwidth", "blanks", "quote")


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2023-02-29",
        "24-1-31",
        "1/31/2024",
        "2024-13-01",
        "2024年1月",
        "00000000",
        "0000-01-01",
        "9999-12-31 24:00",
        "长期",
    ],
)
def test_what_is_no_date_is_unreadable(read: Any, text: str) -> None:
    (found,) = read("date", [text])
    assert (found.value, found.failure) == (None, "unreadable")
    assert found.changes == ()


def test_null_words_are_told_from_unreadable_text(read: Any) -> None:
    found = read("date", ["N/A", "-", "", None, "暂无"])
    assert [r.failure for r in found] == ["null_word", "null_word", None, None, "null_word"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-02-20T07:00:00", datetime(2018, 2, 20, 7)),
        ("2018-02-20 07:00:00", datetime(2018, 2, 20, 7)),
        ("2018/2/20 7:00", datetime(2018, 2, 20, 7)),
        ("2018年2月20日7时", datetime(2018, 2, 20, 7)),
        ("2018年2月20日 7时5分6秒", datetime(2018, 2, 20, 7, 5, 6)),
        ("2018-02-20", datetime(2018, 2, 20)),
        ("2018-02-20 24:00", datetime(2018, 2, 21)),
        ("2018-02-19T23:00:00Z", datetime(2018, 2, 20, 7)),
        ("2018-02-20T07:00:00+08:00", datetime(2018, 2, 20, 7)),
        ("43151.5", datetime(2018, 2, 20, 12)),
        ("2018-02-20 07:00:00.250", datetime(2018, 2, 20, 7, 0, 0, 250_000)),
    ],
)
def test_moments_are_shanghai_wall_time(read: Any, text: str, moment: datetime) -> None:
    (found,) = read("datetime", [text])
    assert found.value == moment
    assert found.failure is None


@pytest.mark.parametrize("text", ["2018-02-20 25:00", "2018-02-20 07:61:00", "7:00"])
def test_malformed_times_are_unreadable(read: Any, text: str) -> None:
    assert read("datetime", [text])[0].failure == "unreadable"


@SLOW
@given(st.lists(st.dates(date(1900, 3, 1), date(2099, 12, 31)), max_size=30))
def test_all_forms_of_a_day_mean_the_same_day(read: Any, days: list[date]) -> None:
    forms = [
        [day.isoformat() for day in days],
        [f"{day:%Y%m%d}" for day in days],
        [f"{day.year}年{day.month}月{day.day}日" for day in days],
        [f"{day.year}/{day.month}/{day.day}" for day in days],
    ]
    for form in forms:
        assert [r.value for r in read("date", form)] == days


@SLOW
@given(st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2098, 12, 31)), max_size=30))
def test_reading_a_standard_moment_again_changes_nothing(
    read: Any, moments: list[datetime]
) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    found = read("datetime", [moment.isoformat() for moment in whole])
    assert [r.value for r in found] == whole
    assert all(r.changes == () for r in found)
