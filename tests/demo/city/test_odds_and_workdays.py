"""Small draws through tables; working days."""

from __future__ import annotations

from datetime import date

import numpy as np
from chinese_calendar import get_workdays
from hypothesis import given
from hypothesis import strategies as st

from demo.city.odds import SIZE, below, lognormal, parts, positions, two_below
from demo.city.rng import Draws
from demo.city.text import EPOCH, days
from demo.city.workdays import working, working_days_after


def test_a_position_occurs_as_often_as_it_weighs() -> None:
    table = positions([1, 0, 3])
    assert len(table) == SIZE
    assert np.bincount(table).tolist() == [SIZE // 4, 0, SIZE * 3 // 4]


def test_parts_of_a_draw_do_not_depend_on_the_cuts_and_differ() -> None:
    draws, index = Draws(1, "parts"), np.arange(5000)
    whole = parts(draws, index)
    for place in range(4):
        assert np.array_equal(whole[place][1000:1100], parts(draws, index[1000:1100])[place])
    assert abs(np.corrcoef(whole[0], whole[1])[0, 1]) < 0.05


def test_numbers_below_a_bound_reach_both_ends() -> None:
    assert below(np.array([0, SIZE - 1], dtype=np.uint16), 7).tolist() == [0, 6]
    one, other = two_below(Draws(1, "two"), np.arange(2000), 3)
    assert set(one) == set(other) == {0, 1, 2}


def test_half_of_a_lognormal_table_lies_below_the_median() -> None:
    table = lognormal(120.0, 0.6)
    assert (table[: SIZE // 2] < 120).all() and (table[SIZE // 2 :] > 120).all()


@given(st.dates(date(2015, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_so_many_working_days_later_is_a_day_with_so_many_between(day: date, count: int) -> None:
    later = int(working_days_after(days(day), count))
    passed = get_workdays(day, date.fromordinal(EPOCH.toordinal() + later))
    assert len([other for other in passed if other > day]) == count
    assert passed[-1] == date.fromordinal(EPOCH.toordinal() + later)


def test_a_holiday_falls_back_on_the_working_day_before() -> None:
    assert working(days("2025-10-03")) == days("2025-09-30")
    assert working(days("2025-09-30")) == days("2025-09-30")
    assert working(days("2025-09-28")) == days("2025-09-28"), "a Sunday that is worked"
