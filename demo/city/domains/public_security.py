"""公安: registered population, residence permits, standard addresses.

Belongs here: these three datasets. The people and places they tell of stand in `demo.city`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.households import FATHER, HEAD, MOTHER, SPOUSE
from demo.city.identity import id_numbers
from demo.city.people import MALE
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, add_years, blank_unless, dates, joined, numbers, pick

_DEATH, _MOVED = "1", "3"
"""Codes of household_cancel_reasons."""


@table("public_security/registered_population", slots=lambda city: city.people.registered)
def registered_population(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a registered person, the dead and moved of the past year cancelled."""
    people, index = city.people, np.arange(start, stop)
    chosen = slice(start, stop)
    address = people.address[chosen]
    cancelled = np.minimum(people.died[chosen], people.moved_out[chosen])
    reason = np.where(people.died[chosen] != NEVER, _DEATH, _MOVED)
    groups = list(declaration("people")["ethnic_group"])
    return pl.DataFrame(
        {
            "id_no": people.id_no[chosen],
            "name": people.name[chosen],
            "former_id_no": _former_id_no(city, index),
            "sex": numbers(people.sex[chosen], 1),
            "ethnic_group": pick(groups, people.ethnic_group[chosen]),
            "birth_date": dates(people.born[chosen]),
            "household_no": household_no(city, people.household[chosen].astype(np.int64)),
            "relation_to_head": _relation(city, index),
            "division": city.places.division_codes(address),
            "registered_address": city.places.texts(address),
            "address_code": city.places.codes(address),
            "moved_in_on": _moved_in(city, index),
            "cancelled_on": dates(cancelled),
            "cancel_reason": blank_unless(pl.Series(reason), cancelled != NEVER),
        }
    )


def household_no(city: City, household: Ints) -> pl.Series:
    """The number of the household's register: the division of its home and nine digits."""
    people = city.people
    home = people.address[people.first[household]]
    return joined(city.places.division_codes(home), numbers(household + 1, 9))


def _former_id_no(city: City, index: Ints) -> pl.Series:
    """The number before a correction of its sequence, of the few who had one corrected."""
    people, draws = city.people, city.draws("public_security/former")
    corrected = draws.chance(index, declaration("people")["corrected_id_no"])
    before = (people.sequence[index] + 2 * draws.integers(index, 1, 400, 1)) % 996
    former = id_numbers(people.first_issue[index], people.born[index], before)
    return blank_unless(former, corrected)


def _relation(city: City, index: Ints) -> pl.Series:
    """Codes of family_relations: head, husband or wife, son or daughter, father, mother."""
    people = city.people
    male, role = people.sex[index] == MALE, people.role[index]
    relation = np.select(
        [role == HEAD, role == SPOUSE, role == FATHER, role == MOTHER],
        ["02", np.where(male, "11", "12"), "51", "52"],
        np.where(male, "20", "30"),
    )
    return pl.Series(relation)


def _moved_in(city: City, index: Ints) -> pl.Series:
    """When the household moved here, for those who did; the young were born here."""
    people, draws = city.people, city.draws("public_security/moved_in")
    household = people.household[index]
    moved = draws.chance(household, declaration("people")["moved_in"])
    first = add_years(people.born[people.first[household]], 18)
    day = draws.integers(household, np.minimum(first, city.today - 400), city.today - 366, 1)
    return dates(day, moved & (day > people.born[index]) & (day > -7000))


@table(
    "public_security/residence_permits",
    slots=lambda city: city.people.count - city.people.registered,
)
def residence_permits(city: City, start: int, stop: int) -> pl.DataFrame:
    """One permit a migrant; who left again has it cancelled."""
    people, migrant = city.people, np.arange(start, stop)
    person = migrant + people.registered
    kinds, kind = people.document_type
    ended = people.permit_ended[migrant]
    last = np.where(ended == NEVER, city.today, ended) - 30
    earliest = np.maximum(last - 1500, people.born[person] + 16 * 365)
    earliest = np.minimum(earliest, last - 1)
    registered = city.draws("public_security/permit").integers(migrant, earliest, last)
    lasts = np.maximum((city.today - registered) // 365 + 1, 1)
    valid_to = np.where(
        ended == NEVER, add_years(registered, lasts), np.maximum(ended, add_years(registered, 1))
    )
    address = people.address[person]
    return pl.DataFrame(
        {
            "permit_no": joined("JZ", city.places.division_codes(address), numbers(migrant + 1, 9)),
            "document_type": pick(list(kinds), kind[migrant]),
            "id_no": people.document_no[person],
            "name": people.name[person],
            "division": city.places.division_codes(address),
            "residence_address": city.places.texts(address),
            "address_code": city.places.codes(address),
            "registered_on": dates(registered),
            "valid_to": dates(valid_to),
            "cancelled_on": dates(ended),
        }
    )


@table("public_security/standard_addresses", slots=lambda city: city.places.count)
def standard_addresses(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an address, with a point inside its county."""
    index = np.arange(start, stop)
    lon, lat = city.places.points(index)
    return city.places.columns(index).select(
        city.places.codes(index).alias("address_code"), pl.all(), lon=lon, lat=lat
    )
