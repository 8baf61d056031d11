"""What every part of a city is made from: the catalogue, a size, a seed and a day.

Belongs here: what follows from these alone. The parts stand in modules of their own, each given
the parts it needs; `demo.city.city` puts them together.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from catalog.entries import Catalog
from demo.city.rng import Draws
from demo.city.scale import Scale
from demo.city.text import days

FIRST_DAY: Final = datetime.date(2026, 9, 30)
"""The day of the first deliveries, unless told otherwise."""


@dataclass(frozen=True, eq=False)
class Basis:
    """What a city is made from. From the same fields the same contents follow."""

    catalog: Catalog
    residents: int
    seed: int = 1
    day: datetime.date = FIRST_DAY

    @property
    def today(self) -> int:
        """The day of the city, counted from 1970-01-01: nothing in it is later, save deadlines."""
        return days(self.day)

    def draws(self, stream: str) -> Draws:
        """The random stream of this name."""
        return Draws(self.seed, stream)

    @cached_property
    def scale(self) -> Scale:
        """How many of everything."""
        return Scale(self.residents)

    @cached_property
    def town_codes(self) -> tuple[str, ...]:
        """Codes (9 digits) of the towns that have communities, in order."""
        codes = (code.code for code in self.catalog.codes("zibo_divisions"))
        return tuple(sorted({code[:9] for code in codes if len(code) == 12}))
