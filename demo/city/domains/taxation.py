"""税务: taxpayers with their credit grades.

Belongs here: this dataset. The units stand in `demo.city.units`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.lives import first_chosen
from demo.city.places import CITY
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import NEVER, add_years, days, pick

_NORMAL, _SUSPENDED, _ABNORMAL, _CANCELLED = range(4)
_STATUS = ("03", "04", "05", "07")
"""Codes of tax_registration_status."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/taxation"))


def _years(city: City) -> Ints:
    """The graded years, the oldest first: last year's grades come out in April."""
    last = city.day.year - (1 if city.day.month >= 4 else 2)
    return last - np.arange(int(_declared()["years"]))[::-1]


@lru_cache(maxsize=2)
def _taxpayers(city: City) -> Ints:
    """Units that pay taxes: companies first, since all of them are registered."""
    units, firms = city.units, np.arange(city.units.firms)
    wanted = city.scale.rows("taxation/taxpayers") // int(_declared()["years"])
    trader = units.is_kind("trader")
    draws = city.draws("taxation/taxpayers")
    companies = first_chosen(firms[~trader], wanted, draws)
    traders = first_chosen(firms[trader], wanted - len(companies), draws)
    return np.sort(np.concatenate([companies, traders]))


@table("taxation/taxpayers", slots=lambda city: int(_declared()["years"]) * len(_taxpayers(city)))
def taxpayers(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a graded year and taxpayer that existed by the year's end. Sole traders, branches
    and those that ended have no grade; a company's first grade is M."""
    units, known, declared = city.units, _taxpayers(city), _declared()
    slot = np.arange(start, stop)
    year = _years(city)[slot // len(known)]
    unit = known[slot % len(known)]
    end_of_year = add_years(np.full(len(year), days("1970-12-31")), year - 1970)
    existed = units.established[unit] <= end_of_year
    slot, year, unit, end_of_year = (a[existed] for a in (slot, year, unit, end_of_year))
    status = _status(city, unit)
    graded = units.is_kind(*declared["graded"])[unit] & (status != _CANCELLED)
    grade = _grade(city, unit, year, units.established[unit] > end_of_year - 365)
    grade = np.where((status == _ABNORMAL) & (grade == 0), len(declared["grades"]) - 1, grade)
    large = units.is_kind(*declared["city_kinds"])[unit]
    divisions = [*city.places.divisions, CITY]
    return pl.DataFrame(
        {
            "uscc": units.uscc.gather(unit),
            "grade_year": year,
            "name": units.name.gather(unit),
            "status": pick(_STATUS, status),
            "authority": pick(divisions, np.where(large, len(divisions) - 1, units.division[unit])),
            "credit_grade": pick(list(declared["grades"]), np.where(graded, grade, -1)),
        }
    )


def _status(city: City, unit: Ints) -> Ints:
    draws, declared = city.draws("taxation/status"), _declared()
    trader = city.units.is_kind("trader")[unit]
    drawn = np.where(
        draws.chance(unit, declared["abnormal"]),
        _ABNORMAL,
        np.where(trader & draws.chance(unit, declared["suspended"], 1), _SUSPENDED, _NORMAL),
    )
    return np.where(city.units.ended[unit] != NEVER, _CANCELLED, drawn)


def _grade(city: City, unit: Ints, year: Ints, new: Bools) -> Ints:
    """Position in the declared grades: a company's own standing, a few change from year to year."""
    weights, draws = list(_declared()["grades"].values()), city.draws("taxation/grade")
    changed = draws.chance(unit * 10_000 + year, _declared()["changed"])
    grade = np.where(
        changed, draws.choice(unit * 10_000 + year, weights, 1), draws.choice(unit, weights, 2)
    )
    return np.where(new, list(_declared()["grades"]).index("M"), grade)
