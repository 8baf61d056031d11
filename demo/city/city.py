"""The city: one seed, one size, one day; everything else follows.

Belongs here: what the parts of the city have in common, and the parts themselves, each made when
first asked for. What a part holds stands in its own module.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from catalog.entries import Catalog
from demo.city.rng import Draws
from demo.city.scale import Scale
from demo.city.text import days

if TYPE_CHECKING:
    from demo.city.marriages import Marriages
    from demo.city.people import People
    from demo.city.places import Places
    from demo.city.units import Units
    from demo.city.work import Work

FIRST_DAY: Final = datetime.date(2026, 9, 30)
"""The day of the first deliveries, unless told otherwise."""


@dataclass(frozen=True, eq=False)
class City:
    """A synthetic city. Two cities with the same fields have the same contents."""

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

    @cached_property
    def places(self) -> Places:
        """Divisions and addresses."""
        from demo.city.places import Places  # noqa: PLC0415

        homes = self.people.households + self.scale.entities("migrants")
        needed = homes + self.units.count
        return Places(self.catalog, self.seed, max(self.scale.entities("addresses"), needed))

    @cached_property
    def people(self) -> People:
        """Residents: registered ones by household, then migrants."""
        from demo.city.people import People  # noqa: PLC0415

        return People(self)

    @cached_property
    def marriages(self) -> Marriages:
        """Who is and was married to whom."""
        from demo.city.marriages import Marriages  # noqa: PLC0415

        return Marriages(self)

    @cached_property
    def units(self) -> Units:
        """Firms, public bodies and social organisations."""
        from demo.city.units import Units  # noqa: PLC0415

        return Units(self)

    @cached_property
    def work(self) -> Work:
        """Who works where, who draws a pension, who goes to which school."""
        from demo.city.work import Work  # noqa: PLC0415

        return Work(self)
