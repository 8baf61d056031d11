"""Deadlines count Chinese working days."""

from __future__ import annotations

from datetime import date

import pytest

from quality.working_days import Deadline, deadline


def test_the_day_of_receipt_is_not_counted() -> None:
    assert deadline(date(2026, 3, 2), 1) == Deadline(date(2026, 3, 3), False)


def test_weekends_are_skipped() -> None:
    assert deadline(date(2026, 3, 6), 5) == Deadline(date(2026, 3, 13), False)


def test_public_holidays_are_skipped_and_make_up_days_are_worked() -> None:
    # National Day 2025: 1 to 8 October off; Sunday 28 September and Saturday 11 October worked.
    assert deadline(date(2025, 9, 26), 1) == Deadline(date(2025, 9, 28), False)
    assert deadline(date(2025, 9, 30), 3) == Deadline(date(2025, 10, 11), False)


def test_a_deadline_in_a_year_not_announced_yet_is_provisional() -> None:
    assert deadline(date(2026, 12, 31), 1) == Deadline(date(2027, 1, 1), True)
    assert deadline(date(2040, 1, 6), 1) == Deadline(date(2040, 1, 9), True)


def test_a_limit_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        deadline(date(2026, 3, 2), 0)
