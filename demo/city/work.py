"""Who works where, who draws a pension, who goes to which school.

Belongs here: the link between people and units, which several agencies' datasets tell. Wages too:
insurance, housing fund and taxes agree on them.
"""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

import numpy as np

from demo.city.basis import Basis
from demo.city.declared import declaration
from demo.city.people import MALE, Days, People
from demo.city.places import Places
from demo.city.rng import Ints
from demo.city.text import NEVER, add_years, days, years_before
from demo.city.units import Units


class Work:
    """Employees, pensioners and pupils of a city, each as arrays in the order of people."""

    def __init__(self, basis: Basis, people: People, units: Units, places: Places) -> None:
        self._basis, self._people, self._units, self._places = basis, people, units, places
        self._declared: dict[str, Any] = declaration("work")

    @cached_property
    def employees(self) -> Ints:
        """The people employed, in their order: of working age, and alive at the start of the year.
        Whoever died within the year worked until then."""
        people, ages = self._people, self._declared["employee_age"]
        age, male = people.ages(), people.sex == MALE
        low = np.where(male, ages["man"][0], ages["woman"][0])
        high = np.where(male, ages["man"][1], ages["woman"][1])
        stays = (people.moved_out == NEVER) & (people.present | (people.died != NEVER))
        fit = np.flatnonzero((age >= low) & (age < high) & stays & people.holds_id_no)
        wanted = min(self._basis.scale.entities("employees"), len(fit))
        chosen = self._basis.draws("work/employee").shuffled(np.arange(wanted), len(fit))
        return fit[np.sort(chosen)]

    @cached_property
    def employer(self) -> Ints:
        """The unit each employee works for."""
        units = self._units
        index = np.arange(len(self.employees))
        weight = np.where(units.established < self._basis.today - 400, units.staff_weight, 0.0)
        return self._basis.draws("work/employer").choice(index, weight)

    @cached_property
    def started(self) -> Days:
        """First day of each employment: the unit existed and the person was of age."""
        of_age = add_years(self._people.born[self.employees], 18)
        first = np.maximum(of_age, self._units.established[self.employer])
        index = np.arange(len(self.employees))
        day = self._basis.draws("work/started").integers(index, first, self._basis.today - 365)
        return day.astype(np.int32)

    @cached_property
    def ended(self) -> Days:
        """Last day of each employment: the person's death, else NEVER."""
        return self._people.died[self.employees]

    @cached_property
    def wage(self) -> Ints:
        """Contribution base of each employee, in whole 元 a month."""
        wage, average = self._declared["wage"], self._declared["average_wage"]
        draws = self._basis.draws("work/wage")
        drawn = wage["median"] * np.exp(
            draws.normal(np.arange(len(self.employees)), 0.0, wage["spread"])
        )
        base = np.clip(np.round(drawn), np.ceil(0.6 * average), np.floor(3 * average))
        whole: Ints = base.astype(np.int64)
        return whole

    @cached_property
    def pensioners(self) -> Ints:
        """Registered people past the pension age who lived at the start of the year."""
        people, limits = self._people, self._declared["pension_age"]
        registered = slice(people.registered)
        limit = np.where(people.sex[registered] == MALE, limits["man"], limits["woman"])
        old = (people.ages()[registered] >= limit) & (people.moved_out[registered] == NEVER)
        return np.flatnonzero(old)

    @cached_property
    def pension(self) -> Ints:
        """Position in the declared kinds of pension, of each pensioner."""
        weights = list(self._declared["pension"].values())
        return self._basis.draws("work/pension").choice(self.pensioners, weights)

    @cached_property
    def pension_from(self) -> Ints:
        """First day of each pensioner's pension: of the month after reaching the age, and not
        before there was that kind of pension."""
        people, limits = self._people, self._declared["pension_age"]
        male = people.sex[self.pensioners] == MALE
        reached = add_years(
            people.born[self.pensioners], np.where(male, limits["man"], limits["woman"])
        )
        month = reached.astype("datetime64[D]").astype("datetime64[M]") + 1
        first = month.astype("datetime64[D]").astype(np.int64)
        resident = self.pension == list(self._declared["pension"]).index("resident")
        return np.where(resident, np.maximum(first, days(self._declared["residents_since"])), first)

    @cached_property
    def school_year(self) -> int:
        """The day before the present school year began: 31 August."""
        year = self._basis.day.year if self._basis.day.month >= 9 else self._basis.day.year - 1
        return days(datetime.date(year, 8, 31))

    @cached_property
    def pupils(self) -> Ints:
        """Registered children at school: present, and of an age that a declared stage teaches."""
        people = self._people
        registered = slice(people.registered)
        age = years_before(self.school_year, people.born[registered])
        low, high = self._ages()
        return np.flatnonzero((age >= low.min()) & (age < high.max()) & people.present[registered])

    @cached_property
    def pupil_age(self) -> Ints:
        """Age of each pupil when the school year began."""
        return years_before(self.school_year, self._people.born[self.pupils])

    def _ages(self) -> tuple[Ints, Ints]:
        used = [entry for entry in declaration("units")["schools"] if entry["weight"]]
        low, high = np.array([entry["ages"] for entry in used]).T
        return low, high

    @cached_property
    def school(self) -> Ints:
        """The school (a unit) of each pupil, of the stage for the age; in the pupil's own county
        where that has one of the stage."""
        units, places = self._units, self._places
        age = self.pupil_age
        home = places.division(self._people.address[self.pupils])
        draws = self._basis.draws("work/school")
        school = np.full(len(self.pupils), -1)
        schools = np.array(units.schools)
        teaches = np.array([entry["ages"] for entry in declaration("units")["schools"]])
        weight = np.array([entry["weight"] for entry in declaration("units")["schools"]])
        low, high = teaches[units.school_stage].T
        used = weight[units.school_stage] > 0
        for years in np.unique(age):
            fit = schools[(low <= years) & (years < high) & used]
            for division in range(len(places.divisions)):
                chosen = np.flatnonzero((age == years) & (home == division))
                near = fit[units.division[fit] == division]
                options = near if len(near) else fit
                school[chosen] = options[draws.integers(self.pupils[chosen], 0, len(options))]
        return school
