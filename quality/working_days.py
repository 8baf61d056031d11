"""Deadlines in Chinese working days (工作日): weekends, public holidays and make-up days (调休).

Belongs here: counting days, and which limit was in force on a day. The limits stand in the
catalogue (`catalog.limits`); what they apply to is said where they are asked for.

The State Council announces a year's holidays in the autumn before. A deadline that needs a day of a
year not announced yet takes Monday to Friday as working days there and says that it is provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import is_workday

from catalog.models.limits import WorkingDayLimit


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, due to its end, and whether a later announcement can still move it."""

    due_on: date
    provisional: bool


@lru_cache(maxsize=4096)
def working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on this day, and whether that is only presumed (year not announced)."""
    try:
        return bool(is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


@lru_cache(maxsize=4096)
def deadline(received_on: date, working_days: int) -> Deadline:
    """The last day of a limit of `working_days` (at least 1); the day of receipt is not counted."""
    if working_days < 1:
        raise ValueError(f"a limit of {working_days} working days; expected 1 or more")
    day, left, provisional = received_on, working_days, False
    while left:
        day += timedelta(days=1)
        works, presumed = working_day(day)
        provisional = provisional or presumed
        left -= works
    return Deadline(day, provisional)


@lru_cache(maxsize=4096)
def limit_in_force(limits: tuple[WorkingDayLimit, ...], subject: str, on: date) -> int | None:
    """Working days of the limit in force on that day, None without one.

    Where several are in force, it is the one that came into force last.
    """
    day = on.isoformat()
    in_force = [
        limit
        for limit in limits
        if limit.subject == subject
        and limit.valid_from <= day
        and (limit.valid_to is None or day <= limit.valid_to)
    ]
    return max(in_force, key=lambda limit: limit.valid_from).working_days if in_force else None
