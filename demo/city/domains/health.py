"""卫健: medical institutions, births, deaths.

Belongs here: these three datasets. Who was born and who died stands in `demo.city.people`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.households import HEAD, OLDER, SPOUSE, YOUNGER
from demo.city.people import FEMALE
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, blank_unless, dates, joined, numbers, pick, year_of


@lru_cache(maxsize=2)
def institutions_of(city: City) -> Ints:
    """The units that are medical institutions: hospitals, then clinics."""
    return np.array([*city.units.hospitals, *city.units.clinics])


def insurance_codes(city: City, at: Ints) -> pl.Series:
    """The code under which medical insurance settles with the institution at each position of
    `institutions_of`."""
    unit = institutions_of(city)[at]
    place = pick(city.places.divisions, city.units.division[unit])
    return joined("H", place, numbers(at + 1, 5))


@table("health/institutions", slots=lambda city: len(institutions_of(city)))
def institutions(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an institution. Clinics have no beds and, where only filed, no end of validity."""
    declared, units = declaration("domains/health"), city.units
    at = np.arange(start, stop)
    unit = institutions_of(city)[at]
    draws = city.draws("health/institutions")
    hospital = at < len(units.hospitals)
    beds = np.where(hospital, draws.banded(unit, declared["beds"], 1), 0).astype(np.int64)
    steps = np.array([step for step, _ in declared["grades"]])
    codes = [*(code for _, code in declared["grades"]), declared["clinic_grade"]]
    grade = np.where(hospital, np.searchsorted(steps, beds, side="right") - 1, len(codes) - 1)
    place = pick(city.places.divisions, units.division[unit])
    uscc = units.uscc.gather(unit)
    lon, lat = city.places.points(units.address[unit])
    valid_to = draws.integers(unit, city.today + 100, city.today + 1800, 3)
    return pl.DataFrame(
        {
            "registration_no": joined(uscc.str.slice(8, 9), place, "A", numbers(at + 1, 6)),
            "uscc": uscc,
            "insurance_institution_code": insurance_codes(city, at),
            "name": units.name.gather(unit),
            "grade": pick(codes, grade),
            "beds": beds,
            "division": place,
            "address": units.addresses(unit),
            "address_code": city.places.codes(units.address[unit]),
            "lon": lon,
            "lat": lat,
            "valid_to": dates(valid_to, hospital | draws.chance(unit, 0.4, 4)),
        }
    )


@lru_cache(maxsize=2)
def _births(city: City) -> tuple[Ints, Ints, Ints]:
    """Children born within the year whose mother is known: child, mother, father (-1: unknown)."""
    people = city.people
    registered = slice(people.registered)
    young = np.isin(people.role, (YOUNGER, OLDER))
    child = np.flatnonzero(young & (people.born[registered] > city.today - 365))
    head = people.first[people.household[child]]
    second = np.minimum(head + 1, people.registered - 1)
    couple = (people.role[second] == SPOUSE) & (people.role[head] == HEAD)
    woman = people.sex[head] == FEMALE
    mother = np.where(woman, head, np.where(couple, second, -1))
    father = np.where(~woman, head, np.where(couple, second, -1))
    known = mother >= 0
    return child[known], mother[known], father[known]


@table("health/birth_certificates", slots=lambda city: len(_births(city)[0]))
def birth_certificates(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a birth of the past year."""
    people, units = city.people, city.units
    child, mother, father = (part[start:stop] for part in _births(city))
    draws = city.draws("health/births")
    hospital = units.hospitals.start + draws.integers(child, 0, len(units.hospitals))
    seconds = draws.integers(child, 0, 24 * 60, 1) * 60
    born_at = pl.Series((people.born[child].astype(np.int64) * 86_400 + seconds) * 1_000_000)
    return pl.DataFrame(
        {
            "certificate_no": joined("X37", numbers(np.arange(start, stop) + 1, 7)),
            "child_id_no": people.id_no.gather(child),
            "mother_id_no": people.id_no.gather(mother),
            "father_id_no": blank_unless(people.id_no.gather(np.maximum(father, 0)), father >= 0),
            "name": people.name.gather(child),
            "sex": numbers(people.sex[child], 1),
            "born_at": born_at.cast(pl.Datetime("us")),
            "institution": units.name.gather(hospital),
            "division": pick(city.places.divisions, units.division[hospital]),
        }
    )


@lru_cache(maxsize=2)
def _dead(city: City) -> Ints:
    return np.flatnonzero(city.people.died != NEVER)


@table("health/death_certificates", slots=lambda city: len(_dead(city)))
def death_certificates(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a death of the past year."""
    people, causes = city.people, declaration("domains/health")["causes"]
    person = _dead(city)[start:stop]
    day = people.died[person].astype(np.int64)
    cause = city.draws("health/cause").choice(person, list(causes.values()))
    place = city.places.division_codes(people.address[person])
    return pl.DataFrame(
        {
            "certificate_no": joined(
                place, numbers(year_of(day), 4), numbers(np.arange(start, stop) + 1, 8)
            ),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "died_on": dates(day),
            "cause_code": pick(list(causes), cause),
            "division": place,
        }
    )
