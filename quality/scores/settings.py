"""What the bureau configures about scores: the four words, and how late is late.

Belongs here: reading `scores.yaml` and what follows from it alone.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from catalog.models.attributes import UpdateCycle
from catalog.models.rules import Dimension
from quality.working_days import deadline

_FILE = Path(__file__).with_name("scores.yaml")
_DAYS = {UpdateCycle.HOURLY: 1, UpdateCycle.DAILY: 1, UpdateCycle.WEEKLY: 7}
_MONTHS = {
    UpdateCycle.MONTHLY: 1, UpdateCycle.QUARTERLY: 3, UpdateCycle.TERM: 6, UpdateCycle.YEARLY: 12,
}  # fmt: skip


class Settings(BaseModel):
    """`scores.yaml`. ValueError when a dimension is in no word or a cycle has no grace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Mapping[str, tuple[Dimension, ...]]
    """Word → its dimensions."""
    grace_working_days: Mapping[UpdateCycle, int]

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        mapped = {dimension for dimensions in self.words.values() for dimension in dimensions}
        missing = [*(set(Dimension) - mapped), *(set(UpdateCycle) - set(self.grace_working_days))]
        if missing:
            raise ValueError(f"not configured: {', '.join(sorted(missing))}")
        if not all(self.words.values()):
            raise ValueError("a word without dimensions")
        return self

    def last_day(self, before: date, cycle: UpdateCycle) -> date:
        """The last day on which the delivery that follows one of day `before` is punctual."""
        end = _a_cycle_later(before, cycle)
        return deadline(end, self.grace_working_days[cycle]).due_on


@cache
def settings() -> Settings:
    """The settings of this house."""
    return Settings.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def _a_cycle_later(day: date, cycle: UpdateCycle) -> date:
    if cycle in _DAYS:
        return day + timedelta(days=_DAYS[cycle])
    months = day.month - 1 + _MONTHS[cycle]
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
