"""What units are and where they sit: kind, industry, address, whose branch they are.

Belongs here: what needs no people. Since when they exist and who represents them stands in
`demo.city.units`, what they are called in `demo.city.unit_names`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from demo.city.basis import Basis
from demo.city.declared import table
from demo.city.places import Places
from demo.city.rng import Bools, Draws, Ints
from demo.city.unit_ranges import UnitRanges


class UnitTraits(UnitRanges):
    """Kind and place of all units, as arrays over them unless said otherwise.

    The first `homes` addresses of the city's order are people's.
    """

    def __init__(self, basis: Basis, homes: int, places: Places) -> None:
        super().__init__(basis)
        self.basis, self.places, self._homes = basis, places, homes

    def _draws(self, name: str) -> Draws:
        return self.basis.draws(f"units/{name}")

    @cached_property
    def address(self) -> Ints:
        """Where each unit sits. Agencies and town governments sit in their own division."""
        places, agencies = self.places, self.basis.catalog.agencies
        taken = self._homes + np.arange(self.count)
        address = self.basis.draws("people/address").shuffled(taken, places.count)
        for unit, agency in zip(self.agencies, self.agency_bodies, strict=True):
            division = agencies[agency].division
            if division in places.divisions:
                address[unit] = places.within(places.divisions.index(division), unit)
        for unit, town in zip(self.towns, places.towns, strict=True):
            address[unit] = places.within_town(town, unit)
        return address

    @cached_property
    def division(self) -> Ints:
        """Position of each unit's division in `places.divisions`."""
        return self.places.division(self.address)

    @cached_property
    def kind(self) -> Ints:
        """Position in the declared firm kinds, of each firm."""
        kinds = self._declared["firm_kinds"]
        index, draws, names = np.arange(self.firms), self._draws("kind"), list(kinds)
        kind = draws.choice(index, [entry["weight"] for entry in kinds.values()], 1)
        kind[: self.state.stop] = names.index("state")
        clinic = self._declared["clinic_kinds"]
        at = np.array([names.index(name) for name in clinic])
        kind[self.clinics] = at[draws.choice(np.array(self.clinics), list(clinic.values()), 2)]
        return kind

    def is_kind(self, *names: str) -> Bools:
        """Which firms are of one of the declared kinds."""
        known = list(self._declared["firm_kinds"])
        chosen: Bools = np.isin(self.kind, [known.index(name) for name in names])
        return chosen

    def kinds(self, field: str) -> Any:
        """A field of each firm's declared kind, as an array."""
        entries = self._declared["firm_kinds"].values()
        return np.array([entry[field] for entry in entries])[self.kind]

    @cached_property
    def industries(self) -> tuple[str, ...]:
        """The industry codes (gbt4754) that firms have: those declared, then the agencies'."""
        firms = self._declared["agency_firms"].values()
        return (*(row["code"] for row in table("industries")), *(f["industry"] for f in firms))

    @cached_property
    def industry(self) -> Ints:
        """Position of each firm's industry in `industries`."""
        rows = table("industries")
        index, draws = np.arange(self.firms), self._draws("industry")
        trade = draws.choice(index, [float(row["trader"]) for row in rows], 1)
        company = draws.choice(index, [float(row["company"]) for row in rows], 1)
        industry = np.where(self.is_kind("trader"), trade, company)
        industry[self.clinics] = self.industries.index(self._declared["clinic_industry"])
        first = len(rows)
        industry[: len(self.agency_firms)] = first + np.arange(len(self.agency_firms))
        return industry

    def in_industry(self, *codes: str) -> Ints:
        """The firms of the industries with these codes, or whose codes begin so."""
        chosen = [at for at, code in enumerate(self.industries) if code.startswith(codes)]
        return np.flatnonzero(np.isin(self.industry, chosen))

    @cached_property
    def parent(self) -> Ints:
        """The company a branch belongs to, -1 for other units.

        Of a state enterprise the holding company: a tree without cycles, since parents come first.
        """
        parent = np.full(self.count, -1)
        index, draws = np.arange(self.firms), self._draws("parent")
        companies = np.flatnonzero(self.is_kind("natural", "legal_person", "stock"))
        companies = companies[companies >= self.clinics.stop]
        branch = np.flatnonzero(self.is_kind("branch"))
        if len(companies):
            parent[branch] = companies[draws.integers(branch, 0, len(companies))]
        state = index[self.state.start + 6 : self.state.stop]
        parent[state] = self.state.start + draws.integers(
            state, 0, np.maximum((state - self.state.start) // 4, 1)
        )
        return parent

    @cached_property
    def capital(self) -> Ints:
        """Registered capital in 万元 of each firm; 0 where it has none."""
        index, draws = np.arange(self.firms), self._draws("capital")
        median = self.kinds("capital").astype(float)
        drawn = median * np.exp(draws.normal(index, 0.0, 1.0))
        steps = np.array([1, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000])
        at = np.abs(np.log(steps)[None, :] - np.log(np.maximum(drawn, 0.5))[:, None]).argmin(axis=1)
        return np.where(median > 0, steps[at], 0)

    @cached_property
    def social_type(self) -> Ints:
        """Position in the declared social organisation types, of each social organisation."""
        entries = self._declared["social_organizations"].values()
        index = np.arange(len(self.social))
        return self._draws("social").choice(index, [entry["weight"] for entry in entries])

    @cached_property
    def school_stage(self) -> Ints:
        """Position in the declared stages, of each school; each stage has a school."""
        index = np.arange(len(self.schools))
        weights = [entry["weight"] for entry in self._declared["schools"]]
        used = np.flatnonzero(weights)
        stage = self._draws("stage").choice(index, weights)
        stage[: len(used)] = used
        return stage

    def addresses(self, units: ArrayLike) -> pl.Series:
        """The units' addresses as text."""
        return self.places.texts(self.address[np.asarray(units)])
