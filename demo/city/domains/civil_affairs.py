"""民政: marriages, the minimum living allowance and its members, social organisations.

Belongs here: these four datasets. Who is married to whom stands in `demo.city.marriages`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.public_security import household_no
from demo.city.households import SPOUSE
from demo.city.people import MALE
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import dates, joined, numbers, pick, year_of

_WEDDING, _DIVORCE = "1", "2"
"""Codes of marriage_registrations."""


def _registrations(city: City) -> int:
    marriages = city.marriages
    return marriages.count + marriages.count - marriages.couples


@table("civil_affairs/marriages", slots=_registrations)
def marriages(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a registration: all weddings, then the divorces."""
    known, index = city.marriages, np.arange(start, stop)
    divorce = index >= known.count
    at = np.where(divorce, index - known.count + known.couples, index)
    day = np.where(divorce, known.ended[at], known.married[at])
    serial = np.concatenate([known.serial, known.divorce_serial])[index]
    husband, wife, people = known.husband[at], known.wife[at], city.people
    return pl.DataFrame(
        {
            "certificate_no": joined(
                pick(["J", "L"], divorce.astype(np.int64)),
                pick(city.places.divisions, known.place[at]),
                "-",
                numbers(year_of(day), 4),
                "-",
                numbers(serial, 6),
            ),
            "type": pick([_WEDDING, _DIVORCE], divorce.astype(np.int64)),
            "id_no_a": people.id_no.gather(husband),
            "name_a": people.name.gather(husband),
            "id_no_b": people.id_no.gather(wife),
            "name_b": people.name.gather(wife),
            "registered_on": dates(day),
            "ended_on": dates(known.ended[at], ~divorce),
        }
    )


@lru_cache(maxsize=2)
def _cases(city: City) -> Ints:
    """The households that draw the allowance: small ones, all of whose members are present."""
    people = city.people
    here = people.present[: people.registered]
    size = np.bincount(people.household, minlength=people.households)
    present = np.bincount(people.household[here], minlength=people.households)
    fit = np.flatnonzero((size <= 2) & (present == size))
    wanted = min(city.scale.rows("civil_affairs/minimum_living_allowance"), len(fit))
    return fit[np.sort(city.draws("civil_affairs/cases").shuffled(np.arange(wanted), len(fit)))]


def _case_no(city: City, case: Ints) -> pl.Series:
    people = city.people
    home = people.address[people.first[_cases(city)[case]]]
    year = year_of(_granted(city, case))
    return joined(city.places.division_codes(home), numbers(year, 4), numbers(case + 1, 7))


def _granted(city: City, case: Ints) -> Ints:
    first = np.full(len(case), city.today - 3000)
    return city.draws("civil_affairs/granted").integers(case, first, city.today - 60)


@table("civil_affairs/minimum_living_allowance", slots=lambda city: len(_cases(city)))
def minimum_living_allowance(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a case; amount and income are in 元 a month for the whole household."""
    declared = declaration("domains/civil_affairs")
    case, draws, people = np.arange(start, stop), city.draws("civil_affairs/case"), city.people
    household = _cases(city)[case]
    head = people.first[household]
    size = np.bincount(people.household, minlength=people.households)[household]
    rural = city.places.is_village(people.address[head]).astype(np.int64)
    kinds = list(declared["standard"])
    standard = np.array(list(declared["standard"].values()))[rural] * size
    income = np.floor(standard * 0.7 * draws.uniform(case, 1))
    granted = _granted(city, case)
    ended = draws.chance(case, declared["ended"], 2)
    end = draws.integers(case, granted + 30, city.today, 3)
    return pl.DataFrame(
        {
            "case_no": _case_no(city, case),
            "household_no": household_no(city, household),
            "applicant_id_no": people.id_no.gather(head),
            "type": pick(kinds, rural),
            "monthly_amount": standard - income,
            "declared_income": income,
            "start_on": dates(granted),
            "end_on": dates(end, ended),
        }
    )


@table("civil_affairs/allowance_members", slots=lambda city: 2 * len(_cases(city)))
def allowance_members(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a member of a case's household: the applicant, and who lives with the applicant."""
    slot, people = np.arange(start, stop), city.people
    household = _cases(city)[slot // 2]
    size = np.bincount(people.household, minlength=people.households)[household]
    slot = slot[slot % 2 < size]
    case = slot // 2
    member = people.first[_cases(city)[case]] + slot % 2
    male = people.sex[member] == MALE
    relation = np.select(
        [slot % 2 == 0, people.role[member] == SPOUSE],
        ["01", np.where(male, "11", "12")],
        np.where(male, "20", "30"),
    )
    return pl.DataFrame(
        {
            "case_no": _case_no(city, case),
            "id_no": people.id_no.gather(member),
            "name": people.name.gather(member),
            "relation": pl.Series(relation),
        }
    )


@table("civil_affairs/social_organizations", slots=lambda city: len(city.units.social))
def social_organizations(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a social organisation."""
    units, declared = city.units, declaration("units")
    unit = np.array(units.social[start:stop], dtype=np.int64)
    return pl.DataFrame(
        {
            "uscc": units.uscc.gather(unit),
            "name": units.name.gather(unit),
            "legal_representative": city.people.name.gather(units.representative[unit]),
            "type": pick(list(declared["social_organizations"]), units.social_type[start:stop]),
            "address": units.addresses(unit),
            "status": pick(list(declared["social_status"]), units.status[unit]),
            "established_on": dates(units.established[unit]),
        }
    )
