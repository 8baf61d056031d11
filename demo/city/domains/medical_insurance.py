"""医保: the insured.

Belongs here: who is insured against illness and how. Employees and their pensioners have the
employees' insurance, everyone else registered the residents'.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import joined, numbers, pick

EMPLOYEES: Final = "310"
RESIDENTS: Final = "390"
"""Codes of medical_insurance_types."""
_INSURED, _ENDED = "1", "4"
"""Codes of medical_insured_status."""


@lru_cache(maxsize=2)
def as_employee(city: City) -> Bools:
    """Who of all people has the employees' insurance: employees, and pensioners of employment."""
    insured = np.zeros(city.people.count, dtype=bool)
    insured[city.work.employees] = True
    kinds = list(declaration("work")["pension"])
    insured[city.work.pensioners[city.work.pension != kinds.index("resident")]] = True
    return insured


@lru_cache(maxsize=2)
def insured(city: City) -> Ints:
    """The insured people: all registered ones, and migrants who are employed."""
    people = city.people
    migrants = city.work.employees[city.work.employees >= people.registered]
    return np.concatenate([np.arange(people.registered), migrants])


def person_no(person: Ints) -> pl.Series:
    """The number that medical insurance gives a person."""
    return joined("3703", numbers(person + 1, 16))


@table("medical_insurance/insured_persons", slots=lambda city: len(insured(city)))
def insured_persons(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an insured person; ended for the dead and those who moved away."""
    people = city.people
    person = insured(city)[start:stop]
    address = people.address[person]
    return pl.DataFrame(
        {
            "person_no": person_no(person),
            "insurance_type": pick(
                [RESIDENTS, EMPLOYEES], as_employee(city)[person].astype(np.int64)
            ),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "status": pick([_ENDED, _INSURED], people.present[person].astype(np.int64)),
            "insured_division": city.places.division_codes(address),
        }
    )
