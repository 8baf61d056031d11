"""行政审批: electronic licences.

Belongs here: this dataset. A licence is one that another dataset or part of the city knows: same
number, holder and days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.construction import (
    real_estate_certificates,
    real_estate_count,
    real_estate_days,
    real_estate_owner,
)
from demo.city.domains.food_safety import licenses
from demo.city.domains.public_security import household_no
from demo.city.identity import LICENSE_SERIALS, license_identifiers
from demo.city.lives import adults
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, add_years, dates, pick, years_before

_PERSON, _UNIT = "1", "2"
"""Codes of subject_types."""
_VALID, _EXPIRED, _CANCELLED = range(3)
_STATUS: Final = ("10", "02", "03")
"""Codes of license_status."""
_LIFELONG: Final = 46
"""Age from which an identity card is valid for ever."""


@dataclass(frozen=True)
class Issued:
    """Some licences of one kind. `person` and `unit` are -1 where the holder is the other;
    `valid_to` and `ended` are NEVER where the licence has no end, or none yet."""

    person: Ints
    unit: Ints
    number: pl.Series
    issued: Ints
    valid_to: Ints
    ended: Ints


@dataclass(frozen=True)
class Kind:
    """A kind of licence: its type, the agency that issues it, how many there are, and the licences
    at given places."""

    type_code: str
    issuer: str
    count: int
    at: Callable[[City, Ints], Issued]


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/electronic_licenses"))


def _nobody(at: Ints) -> Ints:
    return np.full(len(at), -1)


def _identity_cards(city: City, person: Ints) -> Issued:
    """Ten years from 16 on, twenty from 26, for ever from 46; five before. Renewed on birthdays."""
    people = city.people
    born = people.born[person].astype(np.int64)
    age = years_before(city.today, born)
    ends = np.select([age < 16, age < 26, age < _LIFELONG], [5, 10, 20], 0)
    begins = np.select([age < 16, age < 26, age < _LIFELONG], [0, 16, 26], _LIFELONG)
    turn = (age - begins) // np.maximum(ends, 1)
    issued = add_years(born, begins + np.where(ends > 0, turn * ends, 0))
    until = np.where(ends > 0, add_years(issued, ends), NEVER)
    left = np.minimum(people.died[person], people.moved_out[person]).astype(np.int64)
    issued = np.minimum(np.maximum(issued, city.today - 365 * 20), city.today)
    number = people.id_no.gather(person)
    return Issued(person, _nobody(person), number, issued, until, np.maximum(left, issued))


def _social_cards(city: City, person: Ints) -> Issued:
    people = city.people
    drawn = city.draws("electronic_licenses/social").integers(person, 1, 3000)
    issued = np.maximum(city.today - drawn, people.born[person])
    return Issued(person, _nobody(person), people.id_no.gather(person), issued,
                  np.full(len(person), NEVER),
                  np.maximum(people.died[person].astype(np.int64), issued))  # fmt: skip


def _household_books(city: City, household: Ints) -> Issued:
    people = city.people
    head = people.first[household]
    drawn = city.draws("electronic_licenses/book").integers(household, 366, 3000)
    issued = np.maximum(city.today - drawn, people.born[head])
    gone = np.maximum(people.moved_out[head].astype(np.int64), issued)
    return Issued(head, _nobody(head), household_no(city, household), issued,
                  np.full(len(head), NEVER), gone)  # fmt: skip


def _driving_licenses(city: City, at: Ints) -> Issued:
    """Of adults; the licence's number is the driver's."""
    person = adults(city)[at]
    people = city.people
    first = add_years(people.born[person], 18)
    drawn = city.draws("electronic_licenses/driver").integers(person, first, city.today)
    issued = np.maximum(drawn, city.today - 365 * 10 + 1)
    return Issued(person, _nobody(at), people.id_no.gather(person), issued,
                  add_years(issued, 10), np.full(len(at), NEVER))  # fmt: skip


def _business_licenses(city: City, firm: Ints) -> Issued:
    units = city.units
    return Issued(_nobody(firm), firm, units.uscc.gather(firm),
                  units.established[firm].astype(np.int64), np.full(len(firm), NEVER),
                  units.ended[firm].astype(np.int64))  # fmt: skip


def _food_licenses(city: City, at: Ints) -> Issued:
    known = licenses(city)
    unit = known.unit[at]
    return Issued(_nobody(at), unit, known.numbers(city, at), known.valid_from[at].astype(np.int64),
                  known.valid_to[at].astype(np.int64),
                  city.units.ended[unit].astype(np.int64))  # fmt: skip


def _real_estate(city: City, at: Ints) -> Issued:
    person, unit, _ = real_estate_owner(city, at)
    return Issued(person, unit, real_estate_certificates(city, at),
                  real_estate_days(city)[at].astype(np.int64), np.full(len(at), NEVER),
                  np.full(len(at), NEVER))  # fmt: skip


@lru_cache(maxsize=2)
def kinds(city: City) -> tuple[Kind, ...]:
    """The kinds of licences, in the order of the dataset."""
    drivers = int(len(adults(city)) * _declared()["drivers"])
    counts: dict[str, tuple[int, Callable[[City, Ints], Issued]]] = {
        "identity_card": (city.people.registered, _identity_cards),
        "social_card": (city.people.registered, _social_cards),
        "household_book": (city.people.households, _household_books),
        "driving_license": (drivers, _driving_licenses),
        "business_license": (city.units.firms, _business_licenses),
        "food_license": (len(licenses(city).unit), _food_licenses),
        "real_estate": (real_estate_count(city), _real_estate),
    }
    types = _declared()["types"]
    return tuple(
        Kind(types[name]["code"], types[name]["issuer"], count, at)
        for name, (count, at) in counts.items()
    )


@table(
    "administrative_approval/electronic_licenses",
    slots=lambda city: sum(kind.count for kind in kinds(city)),
)
def electronic_licenses(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a licence, kind after kind; cancelled with its holder, or expired."""
    frames, first = [], 0
    for place, kind in enumerate(kinds(city)):
        at = np.arange(max(start - first, 0), min(stop - first, kind.count))
        if len(at) or (place == 0 and start == stop):
            frames.append(_rows(city, kind, at, first + at))
        first += kind.count
    return pl.concat(frames)


def _rows(city: City, kind: Kind, at: Ints, slot: Ints) -> pl.DataFrame:
    people, units, issued = city.people, city.units, kind.at(city, at)
    status = np.where(
        issued.ended <= city.today,
        _CANCELLED,
        np.where(issued.valid_to < city.today, _EXPIRED, _VALID),
    )
    changed = np.where(status == _CANCELLED, issued.ended, issued.valid_to + 1)
    issuer = units.of_agency(kind.issuer)
    code = units.uscc[issuer]
    person = issued.unit < 0
    same = np.zeros(len(at), dtype=np.int64)
    return pl.DataFrame(
        {
            "license_identifier": license_identifiers(
                [kind.type_code], [code], same, LICENSE_SERIALS // 10 + slot
            ),
            "type_code": pick([kind.type_code], same),
            "number": issued.number,
            "holder_type": pick([_UNIT, _PERSON], person.astype(np.int64)),
            "holder_id": _of(person, people.id_no, issued.person, units.uscc, issued.unit),
            "holder": _of(person, people.name, issued.person, units.name, issued.unit),
            "issuer_uscc": pick([code], same),
            "issued_on": dates(issued.issued),
            "valid_from": dates(issued.issued),
            "valid_to": dates(issued.valid_to),
            "status": pick(_STATUS, status),
            "status_changed_on": dates(changed, status != _VALID),
        }
    )


def _of(
    person: np.typing.NDArray[np.bool_],
    of_people: pl.Series,
    people: Ints,
    of_units: pl.Series,
    units: Ints,
) -> pl.Series:
    """What is said of the person where there is one, else of the unit."""
    if person.all():
        return of_people.gather(people)
    if not person.any():
        return of_units.gather(units)
    return pick(of_people, people).zip_with(pl.Series(person), pick(of_units, units))
