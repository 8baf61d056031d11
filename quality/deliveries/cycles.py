"""Update cycles (更新周期): until when the next delivery of a dataset is in time.

Belongs here: from a cycle and the last delivery's day to the last day in time. The working days
that a cycle leaves stand in the catalogue's limits, subjects `update_<cycle>`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from catalog.models.attributes import UpdateCycle
from catalog.models.limits import WorkingDayLimit
from quality.working_days import Deadline, deadline, limit_in_force

_MONTHS: Final[Mapping[UpdateCycle, int]] = {
    UpdateCycle.MONTHLY: 1,
    UpdateCycle.QUARTERLY: 3,
    UpdateCycle.TERM: 6,
    UpdateCycle.YEARLY: 12,
}


def next_due(
    cycle: UpdateCycle | None, last: date, limits: tuple[WorkingDayLimit, ...]
) -> Deadline | None:
    """The last day on which the delivery after the one that came on `last` is in time.

    One cycle later, then the cycle's working days; what is updated hourly or daily is due within
    its working days of the last delivery, for nobody is asked to deliver on a holiday. None where
    the dataset declares no cycle, or the bureau has set no limit.
    """
    if cycle is None:
        return None
    ends = _one_cycle_after(cycle, last)
    days = limit_in_force(limits, f"update_{cycle.value}", ends)
    return deadline(ends, days) if days is not None else None


def _one_cycle_after(cycle: UpdateCycle, day: date) -> date:
    if cycle is UpdateCycle.WEEKLY:
        return day + timedelta(days=7)
    month = day.month - 1 + _MONTHS.get(cycle, 0)
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
