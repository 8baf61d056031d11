"""Working days in China, whole arrays at a time.

Belongs here: counting days that people work, weekends, public holidays and make-up days (调休)
considered. For years not announced yet Monday to Friday are presumed.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import Final

import numpy as np
from chinese_calendar import is_workday
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Ints
from demo.city.text import EPOCH, days

_FIRST: Final = days("2009-01-01")
_LAST: Final = days("2040-12-31")


@cache
def _works() -> NDArray[np.bool_]:
    """Whether people work, for each day from _FIRST to _LAST."""
    return np.array(
        [_working(EPOCH + datetime.timedelta(days=day)) for day in range(_FIRST, _LAST)]
    )


def _working(day: datetime.date) -> bool:
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


@cache
def _number_of() -> Ints:
    """How many working days there are from _FIRST to each day, the day included."""
    return np.cumsum(_works())


@cache
def _day_of() -> Ints:
    """The day of each working day, by its number."""
    return np.concatenate([[_FIRST], np.flatnonzero(_works()) + _FIRST])


def working(day: ArrayLike) -> Ints:
    """The day itself if people work on it, else the working day before."""
    number = _number_of()[np.asarray(day, dtype=np.int64) - _FIRST]
    return _day_of()[number]


def working_days_after(day: ArrayLike, count: ArrayLike) -> Ints:
    """The working day so many working days later; the day itself is not counted."""
    number = _number_of()[np.asarray(day, dtype=np.int64) - _FIRST]
    return _day_of()[number + np.asarray(count, dtype=np.int64)]
