"""医保: the insured, settlements, income of the funds.

Belongs here: who is insured against illness and how. Employees and their pensioners have the
employees' insurance, everyone else registered the residents'.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.health import institutions_of, insurance_codes
from demo.city.odds import SIZE, Parts, below, lognormal, parts, positions, two_below
from demo.city.people import FEMALE
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import (
    joined,
    moments,
    month_texts,
    months_before,
    numbers,
    pick,
    year_month_day,
)

EMPLOYEES: Final = "310"
RESIDENTS: Final = "390"
"""Codes of medical_insurance_types."""
_INSURED, _ENDED = "1", "4"
"""Codes of medical_insured_status."""
_OPEN, _CLOSE = 7 * 3600, 21 * 3600
"""Hours of settling, in seconds of the day."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/medical_insurance"))


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


@cache
def _types() -> dict[str, Ints]:
    """Facts of each declared medical type, in its order, as arrays."""
    entries = list(_declared()["types"].values())
    fields = {
        name: np.array([entry[name] for entry in entries], dtype=np.int64)
        for name in ("drug", "examination", "material", EMPLOYEES, RESIDENTS)
    }
    groups = list(_declared()["diagnoses"])
    fields["group"] = np.array([groups.index(entry["diagnoses"]) for entry in entries])
    fields["hospital"] = np.array([entry["place"] == "hospital" for entry in entries], np.int64)
    fields["women"] = np.array([bool(entry.get("women")) for entry in entries], np.int64)
    fields["drawn"] = positions([entry["weight"] for entry in entries])
    fields["cents"] = np.stack(
        [lognormal(100 * entry["median"], entry["spread"]) for entry in entries]
    ).astype(np.int64)
    return fields


@cache
def _diagnoses() -> tuple[tuple[str, ...], Ints]:
    """All declared codes, and for each group a table of positions among them."""
    groups = [list(group.items()) for group in _declared()["diagnoses"].values()]
    codes = [code for group in groups for code, _ in group]
    starts = np.cumsum([0, *(len(group) for group in groups)])
    drawn = [
        start + positions([weight for _, weight in group])
        for start, group in zip(starts, groups, strict=False)
    ]
    return tuple(codes), np.stack(drawn)


@lru_cache(maxsize=2)
def _institution_codes(city: City) -> pl.Series:
    return insurance_codes(city, np.arange(len(institutions_of(city))))


def _settled(city: City, slot: Ints, day: Ints) -> tuple[Ints, Bools]:
    """The person of each settlement, rather an older one; and whether it lived here on the day.

    A day goes through the insured in their order, each settlement at someone near its own place:
    so people next to each other in memory are asked for together.
    """
    people, pool = city.people, insured(city)
    count = city.scale.rows("medical_insurance/settlements")
    nth = day - city.today + 364
    begin, end = -(-nth * count // 365), -(-(nth + 1) * count // 365)
    low = (slot - begin) * len(pool) // (end - begin)
    near = np.maximum((slot - begin + 1) * len(pool) // (end - begin) - low, 1)
    draws = city.draws("medical_insurance/person")
    one, other = (
        pool[low + ((at * near) >> 31)] for at in two_below(draws, slot, SIZE * SIZE // 2)
    )
    person = np.where(people.born[one] < people.born[other], one, other)
    spare = np.where(person == one, other, one)

    def here(who: Ints) -> Bools:
        left = np.minimum(people.died[who], people.moved_out[who])
        lives: Bools = (people.born[who] < day) & (left > day)
        return lives

    person = np.where(here(person), person, spare)
    return person, here(person)


def _fees(kind: Ints, employee: Ints, amount: Parts, split: Parts) -> dict[str, Ints]:
    """Amounts in cents: the four fees, their total, what the fund and the person pay of it."""
    types = _types()
    total = types["cents"][kind, amount]
    more, less = below(split, 201) - 100, 100 - below(split, 151)
    drug = total * np.where(types["drug"][kind] > 0, types["drug"][kind] + more, 0) // 1000
    tests = types["examination"][kind]
    examination = total * np.where(tests > 0, tests + less, 0) // 1000
    material = total * types["material"][kind] // 1000
    rate = np.where(employee, types[EMPLOYEES][kind], types[RESIDENTS][kind])
    fund = total * np.minimum(rate + more // 2, 950) // 1000 * (rate > 0)
    return {
        "drug": drug,
        "examination": examination,
        "treatment": total - drug - examination - material,
        "material": material,
        "total": total,
        "fund": fund,
        "personal": total - fund,
    }


@table(
    "medical_insurance/settlements",
    slots=lambda city: city.scale.rows("medical_insurance/settlements"),
)
def settlements(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a settlement of the past year, the oldest day first; amounts in 元.

    The four fees add up to the total, fund and person pay it together.
    """
    slot = np.arange(start, stop)
    count = city.scale.rows("medical_insurance/settlements")
    day = city.today - 364 + slot * 365 // count
    person, here = _settled(city, slot, day)
    slot, day, person = slot[here], day[here], person[here]
    draws = city.draws("medical_insurance/settlements")
    what, amount, split, illness = parts(draws, slot, 1)
    moment, place, _, _ = parts(draws, slot, 2)
    at_hospital, anywhere = two_below(draws, slot, SIZE, 3)
    types, names = _types(), list(_declared()["types"])
    kind = types["drawn"][what]
    unfit = (types["women"][kind] > 0) & (city.people.sex[person] != FEMALE)
    kind = np.where(unfit, 0, kind)
    hospitals, all_of_them = len(city.units.hospitals), len(institutions_of(city))
    inside = (types["hospital"][kind] > 0) | (place < SIZE // 2)
    institution = np.where(inside, (at_hospital * hospitals) >> 16, (anywhere * all_of_them) >> 16)
    employee = as_employee(city)[person]
    codes, drawn = _diagnoses()
    fees = _fees(kind, employee.astype(np.int64), amount, split)
    return pl.DataFrame(
        {
            "settlement_no": pl.Series(year_month_day(day) * 10**10 + slot).cast(pl.String),
            "person_no": person_no(person),
            "id_no": city.people.id_no.gather(person),
            "insurance_type": pick([RESIDENTS, EMPLOYEES], employee.astype(np.int64)),
            "institution_code": _institution_codes(city).gather(institution),
            "medical_type": pick(names, kind),
            "diagnosis_code": pick(codes, drawn[types["group"][kind], illness]),
            "settled_at": moments(day, _OPEN + below(moment, _CLOSE - _OPEN)),
            **{name: pl.Series(cents / 100) for name, cents in fees.items()},
        }
    )


def _income_slots(city: City) -> int:
    """Months × divisions × insurances, as many whole months as the size of the table allows."""
    a_month = 2 * len(city.places.divisions)
    return city.scale.rows("medical_insurance/fund_income") // a_month * a_month


@lru_cache(maxsize=2)
def _monthly_income(city: City) -> Ints:
    """Income of the city's month in 元, by insurance (employees', residents') and division."""
    people, work, declared = city.people, city.work, _declared()["income"]
    home = city.places.division
    size = len(city.places.divisions)
    wages = np.bincount(home(people.address[work.employees]), weights=work.wage, minlength=size)
    others = insured(city)[~as_employee(city)[insured(city)] & people.present[insured(city)]]
    heads = np.bincount(home(people.address[others]), minlength=size)
    return np.stack(
        [wages * declared["employees_rate"], heads * declared["residents_year"] / 12]
    ).astype(np.int64)


@table("medical_insurance/fund_income", slots=_income_slots)
def fund_income(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a month, division and insurance, the oldest month first; amounts in 万元.

    The month's income is that of today's insured; earlier ones were lower by the declared growth.
    """
    declared, size = _declared()["income"], len(city.places.divisions)
    slot = np.arange(start, stop)
    months = months_before(city.today, _income_slots(city) // (2 * size))
    month = months[slot // (2 * size)]
    insurance, division = slot // size % 2, slot % size
    ago = months[-1] - month if len(months) else month
    draws = city.draws("medical_insurance/income")
    season = np.array(declared["season"])[insurance, month % 12]
    income = (
        _monthly_income(city)[insurance, division]
        * (1 + declared["growth"]) ** (-ago / 12)
        * season
        * (0.98 + 0.04 * draws.uniform(slot))
    )
    wan = np.round(income / 10_000, 2)
    return pl.DataFrame(
        {
            "insurance_type": pick([EMPLOYEES, RESIDENTS], insurance),
            "period": month_texts(month),
            "division": pick(city.places.divisions, division),
            "income": wan,
            "other_income": np.round(wan * 0.01 * draws.uniform(slot, 1), 2),
        }
    )
