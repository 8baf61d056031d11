"""The days on which the city delivers, and what happens from one to the next.

Belongs here: which rows come, change and go on which day, and which deliveries as a whole are
faulty, as `days.yaml` declares. Days are numbered from 1; agencies deliver on working days.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demo.city.declared import declaration
from demo.city.rng import Bits, Draws, Ints
from demo.city.text import EPOCH, days
from demo.city.workdays import working_days_after

LAST: Final = 10**6
"""A day that doesn't come."""

Days = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is odd about one delivery of a dataset's owner."""

    kind: str
    dataset: str
    day: int
    columns: tuple[str, ...] = ()
    header: str = ""
    lost: float = 0.0
    folder: int = 0
    stops: bool = False

    @property
    def is_defect(self) -> bool:
        """False for another right form."""
        return self.kind in declaration("days")["kinds"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days` days of deliveries from `first` on; with `faults`, some deliveries are faulty."""

    first: datetime.date
    days: int = 1
    faults: bool = False

    def date(self, day: int) -> datetime.date:
        """The date of a day: the first one, then the working days after it."""
        later = int(working_days_after(days(self.first.isoformat()), day - 1))
        return self.first if day == 1 else EPOCH + datetime.timedelta(days=later)

    def fault(self, ref: str, day: int) -> FileFault | None:
        """What is odd about the dataset's delivery of the day."""
        return next((fault for fault in self.faults_of(ref) if fault.day == day), None)

    def faults_of(self, ref: str) -> list[FileFault]:
        """All that is odd about the dataset's deliveries, on the days that come."""
        if not self.faults:
            return []
        declared: list[dict[str, Any]] = declaration("days")["deliveries"]
        return [
            FileFault(**{**entry, "columns": tuple(entry.get("columns", ()))})
            for entry in declared
            if entry["dataset"] == ref and max(entry["day"], entry.get("folder", 0)) <= self.days
        ]

    def is_silent(self, ref: str) -> bool:
        """Whether the dataset's owner never delivers it."""
        never = declaration("days")["never"]
        return self.faults and ref == never["dataset"] and self.days >= never["days"]

    def folder(self, ref: str, day: int) -> datetime.date:
        """The date in whose folder the delivery of a day lies."""
        fault = self.fault(ref, day)
        return self.date(fault.folder if fault and fault.folder else day)

    def content_day(self, ref: str, day: int) -> int:
        """The day whose rows the delivery holds."""
        fault = self.fault(ref, day)
        return day - 1 if fault and fault.kind == "repeated" else day


@dataclass(frozen=True, slots=True)
class Lives:
    """Day on which each row comes, changes, and is gone from then on; LAST: never."""

    arrives: Days
    changes: Days
    leaves: Days

    def keep(self, rows: Ints, since: Days) -> None:
        """These rows come on the days `since`, and neither change nor go."""
        self.arrives[rows] = since
        self.changes[rows] = self.leaves[rows] = LAST


def lives_of(calendar: Calendar, ref: str, seed: int, identity: Bits) -> Lives:
    """When rows come, change and go, by the hash of their key."""
    declared = declaration("days")
    never = np.full(len(identity), LAST, np.int64)
    if calendar.days == 1:
        return Lives(np.ones(len(identity), np.int64), never, never)
    draws, later = Draws(seed, f"days/{ref}"), calendar.days - 1
    arrives, leaves, changes = np.ones(len(identity), np.int64), never, never
    if ref in declared["moving"]:
        arrives = np.where(draws.chance(identity, declared["arriving"] * later),
                           draws.integers(identity, 2, calendar.days + 1, 1), 1)  # fmt: skip
        gone = draws.chance(identity, declared["leaving"] * later, 2) & (arrives == 1)
        leaves = np.where(gone, draws.integers(identity, 2, calendar.days + 1, 3), LAST)
    if ref in declared["changes"]:
        other = draws.chance(identity, declared["changing"] * later, 4) & (arrives == 1)
        other &= leaves == LAST
        changes = np.where(other, draws.integers(identity, 2, calendar.days + 1, 5), LAST)
    return Lives(arrives, changes, leaves)
