"""Firms, public bodies and social organisations: everything with a unified social credit code.

Belongs here: since when and until when units exist, who represents them, their size and code. What
they are and where stands in `demo.city.unit_traits`, who works there in `demo.city.work`; licences,
penalties and the like with their datasets.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl

from demo.city.basis import Basis
from demo.city.households import YEAR
from demo.city.identity import credit_codes
from demo.city.people import Days, People
from demo.city.places import Places
from demo.city.rng import Bools, Floats, Ints
from demo.city.text import NEVER, add_years
from demo.city.unit_names import unit_names
from demo.city.unit_traits import UnitTraits

_SERIAL = 31**5
"""Where the invented organisation codes of a city begin."""


class Units(UnitTraits):
    """All units of a city, as arrays over them unless said otherwise."""

    def __init__(self, basis: Basis, people: People, places: Places) -> None:
        super().__init__(basis, people.homes, places)
        self._people = people

    @cached_property
    def representative(self) -> Ints:
        """The person who represents each unit: of age, registered and present."""
        people = self._people
        registered = slice(people.registered)
        age = people.ages()[registered]
        fit = np.flatnonzero(people.present[registered] & (age >= 28) & (age < 72))
        return fit[self._draws("representative").integers(np.arange(self.count), 0, len(fit))]

    @cached_property
    def established(self) -> Days:
        """Day of foundation: its representative was of age, its parent existed."""
        index = np.arange(self.count)
        ages = self._draws("age").banded(index, self._declared["firm_age"], 1)
        settled = index < self.clinics.stop
        settled |= (index >= self.bodies.start) & (index < self.bodies.stop)
        ages = np.where(settled, 4 + ages, ages)
        day = self.basis.today - np.ceil(ages * YEAR).astype(np.int64)
        of_age = add_years(self._people.born[self.representative], 18)
        day = np.maximum(day, of_age)
        for _ in range(8):  # a tree of holdings is at most so deep
            day = np.where(self.parent >= 0, np.maximum(day, day[self.parent]), day)
        return day.astype(np.int32)

    @cached_property
    def status(self) -> Ints:
        """Position in the declared statuses of the unit's kind; 0 is in existence."""
        index, draws = np.arange(self.count), self._draws("status")
        firm = draws.choice(index, list(self._declared["firm_status"].values()))
        body = draws.choice(index, list(self._declared["body_status"].values()))
        social = draws.choice(index, list(self._declared["social_status"].values()))
        status = np.where(index < self.firms, firm, social)
        status = np.where((index >= self.bodies.start) & (index < self.bodies.stop), body, status)
        status[: self.clinics.stop] = 0
        status[self.agencies.start : self.hospitals.stop] = 0
        lasting = self.basis.today - self.established > 90
        heads = np.zeros(self.count, dtype=bool)
        heads[self.parent[self.parent >= 0]] = True
        return np.where(lasting & ~heads, status, 0)

    @cached_property
    def active(self) -> Bools:
        """Which units exist on the city's day."""
        active: Bools = self.status == 0
        return active

    @cached_property
    def ended(self) -> Days:
        """Day of revocation, dissolution or deregistration; NEVER for who exists."""
        index = np.arange(self.count)
        first = self.established.astype(np.int64) + 60
        day = self._draws("ended").integers(index, first, self.basis.today)
        return np.where(self.active, NEVER, day).astype(np.int32)

    @cached_property
    def staff_weight(self) -> Floats:
        """Relative size as an employer: 0 for sole traders and for what has ended."""
        index, draws = np.arange(self.count), self._draws("staff")
        staff = self._declared["staff"]
        weight = np.empty(self.count)
        weight[: self.firms] = self.kinds("staff")
        for place, name in (
            (self.agencies, "agency"), (self.towns, "town"), (self.schools, "school"),
            (self.hospitals, "hospital"), (self.institutions, "institution"),
            (self.social, "social"),
        ):  # fmt: skip
            weight[place.start : place.stop] = staff[name]
        heavy = np.minimum((1.0 - draws.uniform(index)) ** -0.8, 300.0)
        return np.where(self.active, weight * heavy, 0.0)

    @cached_property
    def uscc(self) -> pl.Series:
        """Unified social credit codes, all different."""
        index = np.arange(self.count)
        department = np.empty(self.count, dtype="S2")
        department[: self.firms] = self.kinds("department").astype("S2")
        department[self.bodies.start : self.bodies.stop] = b"12"
        department[self.agencies.start : self.towns.stop] = b"11"
        types = np.array([f"5{code}" for code in self._declared["social_organizations"]])
        department[self.social.start :] = types[self.social_type].astype("S2")
        codes = np.array([int(code) for code in self.places.divisions])
        return credit_codes(department, codes[self.division], _SERIAL + index)

    @cached_property
    def name(self) -> pl.Series:
        """Names of all units."""
        return unit_names(self)
