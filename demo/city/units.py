"""Firms, public bodies and social organisations: everything with a unified social credit code.

Belongs here: which units there are, what they are, where, since when, and who represents them. Who
works there stands in `demo.city.work`; licences, penalties and the like with their datasets.

Unit u is a number: firms first (agencies that are firms, state enterprises, clinics, the rest),
then public bodies (agencies, town governments, schools, hospitals, institutions), then social
organisations. Arrays are over all units unless said otherwise.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from demo.city.city import City
from demo.city.declared import declaration, table
from demo.city.households import YEAR
from demo.city.identity import credit_codes
from demo.city.people import Days
from demo.city.rng import Bools, Draws, Floats, Ints
from demo.city.text import NEVER, add_years

_SERIAL = 31**5
"""Where the invented organisation codes of a city begin."""


class Units:
    """All units of a city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._declared: dict[str, Any] = declaration("units")
        scale, agencies = city.scale, city.catalog.agencies
        self.agency_firms = tuple(a for a in self._declared["agency_firms"] if a in agencies)
        self.agency_bodies = tuple(a for a in agencies if a not in self._declared["agency_firms"])
        self.firms = scale.entities("firms")
        self.state = range(
            len(self.agency_firms), len(self.agency_firms) + scale.entities("state_enterprises")
        )
        self.clinics = range(self.state.stop, self.state.stop + scale.entities("clinics"))
        self.agencies = range(self.firms, self.firms + len(self.agency_bodies))
        self.towns = range(self.agencies.stop, self.agencies.stop + len(city.town_codes))
        self.schools = range(self.towns.stop, self.towns.stop + scale.entities("schools"))
        self.hospitals = range(self.schools.stop, self.schools.stop + scale.entities("hospitals"))
        rest = scale.entities("public_bodies") - (self.hospitals.stop - self.firms)
        self.institutions = range(
            self.hospitals.stop, self.hospitals.stop + max(rest, len(city.town_codes))
        )
        self.bodies = range(self.firms, self.institutions.stop)
        self.social = range(
            self.bodies.stop, self.bodies.stop + scale.entities("social_organizations")
        )
        self.count = self.social.stop

    def _draws(self, name: str) -> Draws:
        return self.city.draws(f"units/{name}")

    def of_agency(self, agency: str) -> int:
        """The unit that an agency of the catalogue is; KeyError when it is none."""
        if agency in self.agency_firms:
            return self.agency_firms.index(agency)
        if agency in self.agency_bodies:
            return self.agencies.start + self.agency_bodies.index(agency)
        raise KeyError(agency)

    @cached_property
    def address(self) -> Ints:
        """Where each unit sits. Agencies and town governments sit in their own division."""
        city, people = self.city, self.city.people
        taken = people.households + people.count - people.registered + np.arange(self.count)
        address = city.draws("people/address").shuffled(taken, city.places.count)
        for unit, agency in zip(self.agencies, self.agency_bodies, strict=True):
            division = city.catalog.agencies[agency].division
            if division in city.places.divisions:
                address[unit] = city.places.within(city.places.divisions.index(division), unit)
        for unit, town in zip(self.towns, city.places.towns, strict=True):
            address[unit] = city.places.within_town(town, unit)
        return address

    @cached_property
    def division(self) -> Ints:
        """Position of each unit's division in `places.divisions`."""
        return self.city.places.division(self.address)

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
    def representative(self) -> Ints:
        """The person who represents each unit: of age, registered and present."""
        people = self.city.people
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
        day = self.city.today - np.ceil(ages * YEAR).astype(np.int64)
        of_age = add_years(self.city.people.born[self.representative], 18)
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
        lasting = self.city.today - self.established > 90
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
        day = self._draws("ended").integers(index, first, self.city.today)
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
    def capital(self) -> Ints:
        """Registered capital in 万元 of each firm; 0 where it has none."""
        index, draws = np.arange(self.firms), self._draws("capital")
        median = self.kinds("capital").astype(float)
        drawn = median * np.exp(draws.normal(index, 0.0, 1.0))
        steps = np.array([1, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000])
        at = np.abs(np.log(steps)[None, :] - np.log(np.maximum(drawn, 0.5))[:, None]).argmin(axis=1)
        return np.where(median > 0, steps[at], 0)

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
        codes = np.array([int(code) for code in self.city.places.divisions])
        return credit_codes(department, codes[self.division], _SERIAL + index)

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

    @cached_property
    def name(self) -> pl.Series:
        """Names of all units."""
        from demo.city.unit_names import unit_names  # noqa: PLC0415

        return unit_names(self)

    def addresses(self, units: ArrayLike) -> pl.Series:
        """The units' addresses as text."""
        return self.city.places.texts(self.address[np.asarray(units)])
