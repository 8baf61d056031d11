"""When the next delivery is due."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.models.attributes import UpdateCycle
from quality.deliveries.cycles import next_due
from tests.this_catalog import this_catalog

LIMITS = this_catalog().limits


@pytest.mark.parametrize(
    ("cycle", "last", "due"),
    [
        (UpdateCycle.DAILY, date(2026, 9, 28), date(2026, 9, 29)),
        (UpdateCycle.HOURLY, date(2026, 9, 30), date(2026, 10, 8)),  # after the holidays
        (UpdateCycle.WEEKLY, date(2026, 10, 12), date(2026, 10, 21)),
        (UpdateCycle.MONTHLY, date(2026, 10, 31), date(2026, 12, 7)),
        (UpdateCycle.MONTHLY, date(2026, 1, 31), date(2026, 3, 6)),  # February ends on its 28th
        (UpdateCycle.QUARTERLY, date(2026, 4, 1), date(2026, 7, 15)),
    ],
)
def test_one_cycle_later_and_the_working_days_that_it_leaves(
    cycle: UpdateCycle, last: date, due: date
) -> None:
    found = next_due(cycle, last, LIMITS)
    assert found is not None
    assert (found.due_on, found.provisional) == (due, False)


def test_a_year_later_needs_holidays_that_are_not_announced() -> None:
    found = next_due(UpdateCycle.YEARLY, date(2039, 12, 1), LIMITS)
    assert found is not None
    assert found.provisional


def test_without_a_cycle_or_a_limit_nothing_is_due() -> None:
    assert next_due(None, date(2026, 9, 30), LIMITS) is None
    assert next_due(UpdateCycle.DAILY, date(2026, 9, 30), ()) is None


def test_every_cycle_has_a_limit() -> None:
    assert {f"update_{cycle}" for cycle in UpdateCycle} <= {limit.subject for limit in LIMITS}
