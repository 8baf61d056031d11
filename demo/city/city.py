"""The city: one seed, one size, one day; everything else follows.

Belongs here: putting the parts together, each made when first asked for. What a part holds stands
in its own module, what they all are made from in `demo.city.basis`.
"""

from __future__ import annotations

from functools import cached_property

from demo.city.basis import Basis
from demo.city.households import Households
from demo.city.marriages import Marriages
from demo.city.people import People
from demo.city.places import Places
from demo.city.unit_ranges import UnitRanges
from demo.city.units import Units
from demo.city.work import Work


class City(Basis):
    """A synthetic city. Two cities with the same fields have the same contents."""

    @cached_property
    def _households(self) -> Households:
        return Households(self)

    @cached_property
    def places(self) -> Places:
        """Divisions and addresses: one for each home and unit at least."""
        needed = self._households.homes + UnitRanges(self).count
        return Places(self.catalog, self.seed, max(self.scale.entities("addresses"), needed))

    @cached_property
    def people(self) -> People:
        """Residents: registered ones by household, then migrants."""
        return People(self, self._households, self.places)

    @cached_property
    def marriages(self) -> Marriages:
        """Who is and was married to whom."""
        return Marriages(self, self.people, self.places)

    @cached_property
    def units(self) -> Units:
        """Firms, public bodies and social organisations."""
        return Units(self, self.people, self.places)

    @cached_property
    def work(self) -> Work:
        """Who works where, who draws a pension, who goes to which school."""
        return Work(self, self.people, self.units, self.places)
