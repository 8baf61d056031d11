"""What a damage must know of the city and the catalogue beyond its rows.

Belongs here: the people, firms and codes that damages choose from, each list made once when first
asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.identity import SERIALS, credit_codes
from demo.city.people import FEMALE
from demo.city.rng import Ints
from demo.city.table import tables
from demo.city.text import NEVER

_CHILD: Final = 9
_DEREGISTERED: Final = "3"
"""Code of entity_status."""
_LONG_AGO: Final = 45
"""Days after which nobody would still wait for the news of a death or a deregistration."""
_SOME: Final = 5000
_FAR: Final = 0.06
"""Degrees: some 5 km, well beyond what a coarse boundary leaves in doubt."""


class Knowledge:
    """Lists over one city; people and units are numbers, as in `demo.city`."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._words: dict[str, frozenset[str]] = {}
        self._abolished: dict[str, tuple[str, ...]] = {}

    @cached_property
    def dead(self) -> Ints:
        """Registered people who died well before the city's day."""
        died = self.city.people.died[: self.city.people.registered]
        return np.flatnonzero((died != NEVER) & (died < self.city.today - _LONG_AGO))

    @cached_property
    def girls(self) -> Ints:
        """Registered girls too young for a child of their own."""
        young = self.children
        girls: Ints = young[self.city.people.sex[young] == FEMALE]
        return girls

    @cached_property
    def children(self) -> Ints:
        """Registered children too young for work."""
        people = self.city.people
        index = np.arange(people.registered)
        return np.flatnonzero((people.ages(index) < _CHILD) & people.present[: people.registered])

    @cached_property
    def weddings(self) -> tuple[Ints, Ints]:
        """Marriages that last and the day of their registration, in the order of these days."""
        marriages = self.city.marriages
        lasting = np.flatnonzero(marriages.ended == NEVER)
        lasting = lasting[np.argsort(marriages.married[lasting], kind="stable")]
        return lasting, marriages.married[lasting]

    @cached_property
    def deregistered(self) -> Ints:
        """Firms that were deregistered well before the city's day; not those only revoked."""
        units = self.city.units
        status = list(declaration("units")["firm_status"]).index(_DEREGISTERED)
        gone = units.status[: units.firms] == status
        return np.flatnonzero(gone & (units.ended[: units.firms] < self.city.today - _LONG_AGO))

    @cached_property
    def income_so_far(self) -> dict[tuple[str, str, str], float]:
        """Medical insurance's income in 万元 since January, by insurance, division and month; of
        the years that are known from January on."""
        of_year = ["insurance_type", "division", pl.col("period").str.head(4).alias("year")]
        rows = tables()["medical_insurance/fund_income"].frame(self.city).sort("period")
        rows = rows.with_columns(
            so_far=pl.col("income").cum_sum().over(of_year),
            first=pl.col("period").first().over(of_year).str.slice(5),
        ).filter(pl.col("first") == "01")
        chosen = rows.select("insurance_type", "division", "period", "so_far").iter_rows()
        return {(insurance, place, month): income for insurance, place, month, income in chosen}

    @cached_property
    def months_of_income(self) -> list[str]:
        """The months of which medical insurance tells its income."""
        rows = tables()["medical_insurance/fund_income"].frame(self.city)
        return rows["period"].unique().sort().to_list()

    @cached_property
    def child_of(self) -> dict[str, str]:
        """The code of one branch, for each firm that has any."""
        units = self.city.units
        child = np.flatnonzero(units.is_kind("branch") & (units.parent[: units.firms] >= 0))
        parents = units.uscc.gather(units.parent[child]).to_list()
        return dict(zip(parents, units.uscc.gather(child).to_list(), strict=True))

    @cached_property
    def somewhere(self) -> list[tuple[float, float]]:
        """Longitude and latitude of some addresses all over the city."""
        places = self.city.places
        some = self.city.draws("defects/somewhere").integers(np.arange(_SOME), 0, places.count)
        lon, lat = (axis.tolist() for axis in places.points(some))
        return list(zip(lon, lat, strict=True))

    @cached_property
    def far_from(self) -> dict[str, NDArray[np.bool_]]:
        """For each county which places of `somewhere` lie well outside its boundary: nothing of the
        county lies within `_FAR` degrees in any of eight directions."""
        lon, lat = (np.array(axis) for axis in zip(*self.somewhere, strict=True))
        angle = np.arange(8) * np.pi / 4
        radius = np.array([_FAR / 2, _FAR])[:, None]
        steps = np.stack([(radius * np.cos(angle)).ravel(), (radius * np.sin(angle)).ravel()])
        x, y = lon[:, None] + [0, *steps[0]], lat[:, None] + [0, *steps[1]]
        boundaries = self.city.places.boundaries
        return {
            county: np.asarray(~np.any(boundaries.contains(county, x, y), axis=1))
            for county in self.city.places.counties
        }

    @cached_property
    def unknown_units(self) -> list[str]:
        """Well-formed codes that no organisation has."""
        index = np.arange(_SOME)
        divisions = np.array([int(code) for code in self.city.places.divisions])
        place = divisions[index % len(divisions)]
        return credit_codes(np.full(_SOME, "91"), place, SERIALS - 1 - index).to_list()

    def spoken(self, table: str) -> frozenset[str]:
        """Everything that a right value of a code table can be."""
        if table not in self._words:
            codes = self.city.catalog.codes(table)
            self._words[table] = frozenset(
                word for code in codes for word in (code.code, code.name, *code.aliases)
            )
        return self._words[table]

    def abolished(self, table: str) -> tuple[str, ...]:
        """Codes of the province's divisions that are no more, and that the table lacks."""
        if table not in self._abolished:
            catalog, day = self.city.catalog, self.city.day.isoformat()
            current = {code.code for code in catalog.codes(table)}
            self._abolished[table] = tuple(
                code.code
                for code in catalog.codes("gbt2260")
                if code.code[:2] == "37" and code.valid_to is not None and code.valid_to < day
                if code.code not in current
            )
        return self._abolished[table]
