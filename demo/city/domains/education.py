"""教育: schools and their pupils.

Belongs here: these two datasets. Who goes to which school stands in `demo.city.work`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import add_years, dates, joined, numbers, pick

_STUDYING = "1"
"""Code of enrollment_status."""


def _school_code(city: City, school: Ints) -> pl.Series:
    return joined("2137", numbers(school - city.units.schools.start + 1, 6))


@table("education/schools", slots=lambda city: len(city.units.schools))
def schools(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a school."""
    units = city.units
    unit = np.array(units.schools[start:stop], dtype=np.int64)
    stages = [entry["stage"] for entry in declaration("units")["schools"]]
    lon, lat = city.places.points(units.address[unit])
    return pl.DataFrame(
        {
            "school_code": _school_code(city, unit),
            "uscc": units.uscc.gather(unit),
            "name": units.name.gather(unit),
            "stage": pick(stages, units.school_stage[start:stop]),
            "division": pick(city.places.divisions, units.division[unit]),
            "address": units.addresses(unit),
            "lon": lon,
            "lat": lat,
        }
    )


@table("education/enrollments", slots=lambda city: len(city.work.pupils))
def enrollments(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a pupil, in the grade of the age; enrolled when the stage began."""
    people, work, units = city.people, city.work, city.units
    person, school, age = (part[start:stop] for part in (work.pupils, work.school, work.pupil_age))
    entries = declaration("units")["schools"]
    stage = units.school_stage[school - units.schools.start]
    year = age - np.array([entry["ages"][0] for entry in entries])[stage]
    firsts = np.cumsum([0, *(len(entry["grades"]) for entry in entries)])
    grades = [grade for entry in entries for grade in entry["grades"]]
    first_day = np.full(len(person), work.school_year + 1)
    id_no = people.id_no.gather(person)
    return pl.DataFrame(
        {
            "student_no": joined("G", id_no),
            "id_no": id_no,
            "name": people.name.gather(person),
            "school_code": _school_code(city, school),
            "grade": pick(grades, firsts[stage] + year),
            "status": pl.repeat(_STUDYING, len(person), eager=True),
            "enrolled_on": dates(add_years(first_day, -year)),
        }
    )
