"""A damage: what makes a row's values wrong.

Belongs here: what a damage is given, and the registry of damages by name. The damages stand in
`cells`, `numbers`, `places` and `subjects`, which `damages` brings together.

A damage gets one row as it would be written and gives the columns it changes. None: this row can't
be hit in this way, and another kind is tried on it. One row at a time, since of a hundred rows
hardly one is damaged, and each of those in another way.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from catalog.models.datasets import Dataset
from catalog.models.elements import Element
from demo.city.city import City
from demo.city.defects.kinds import Target
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import Plan
from demo.city.form import Form

Columns = Mapping[str, list[Any]]
"""Column id → the values of several rows."""
Changes = dict[str, str | None]
Chosen = TypeVar("Chosen")


@dataclass(slots=True)
class Hit:
    """A row to damage in one way: row `row` of `written` (as it would be written) and of `known`
    (in standard values). `bits`: 64 random bits. `plan`: by which other rows are damaged."""

    know: Knowledge
    dataset: Dataset
    form: Form
    written: Columns
    known: Columns
    target: Target
    row: int
    bits: int
    plan: Plan

    @property
    def city(self) -> City:
        """The city that the row tells of."""
        return self.know.city

    @property
    def element(self) -> Element:
        """The element of the damaged column."""
        return self.city.catalog.element_of(self.dataset.ref, self.target.column)

    def text(self, column: str = "") -> str | None:
        """A column as it would be written; the damaged one unless another is named."""
        value: str | None = self.written[column or self.target.column][self.row]
        return value

    def fact(self, column: str = "") -> Any:
        """The standard value of a column; of the damaged one unless another is named."""
        return self.known[column or self.target.column][self.row]

    def number(self, below: int, turn: int = 0) -> int:
        """A number from 0; `turn` tells several of one row apart."""
        return (self.bits >> (11 * turn + 3)) % (1 << 30) % below

    def pick(self, values: Sequence[Chosen], turn: int = 0) -> Chosen:
        """One of the values."""
        return values[self.number(len(values), turn)]

    def are_sound(self, ref: str, *keys: str) -> bool:
        """Whether no defect hits the records with these keys in a dataset: what a defect rests on
        must stand there to show it."""
        return self.plan.spares(self.city, ref, keys)

    def changed(self, value: str | None) -> Changes:
        """The damaged column with another value."""
        return {self.target.column: value}

    def day_text(self, day: datetime.date) -> str:
        """A date or time as the file's agency writes it."""
        if isinstance(day, datetime.datetime):
            return day.strftime("%Y-%m-%d %H:%M:%S")
        return day.strftime(self.form.dates)


Damage = Callable[[Hit], Changes | None]

REGISTERED: Final[dict[str, Damage]] = {}


def damage(*names: str) -> Callable[[Damage], Damage]:
    """Registers the decorated function under these names."""

    def register(function: Damage) -> Damage:
        for name in names:
            if name in REGISTERED:
                raise ValueError(f"two damages are called {name}")
            REGISTERED[name] = function
        return function

    return register


def midnight(day: datetime.date) -> datetime.datetime:
    """A date or time as a time."""
    if isinstance(day, datetime.datetime):
        return day
    return datetime.datetime(day.year, day.month, day.day)


def like(moment: datetime.datetime, other: datetime.date) -> datetime.date:
    """A time as a date where the other is one."""
    return moment if isinstance(other, datetime.datetime) else moment.date()
