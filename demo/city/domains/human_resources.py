"""人社: insurance enrolments, contributions, benefits.

Belongs here: these three datasets. Who works where and who draws a pension stands in
`demo.city.work`. Contributions are of enrolments: same person, employer and insurance, within their
dates; benefits are of pensioners, from their first day to the month of their death.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import (
    NEVER,
    add_years,
    dates,
    days,
    first_days,
    joined,
    month_texts,
    months_before,
    numbers,
    pick,
)

_PAYING, _ENDED, _RETIRED = "1", "3", "4"
"""Codes of insurance_enrollment_status."""
_KINDS: Final = 3
"""Insurances of an employee: pension, unemployment, injury."""
_EMPLOYEES_SINCE: Final = days("1992-01-01")
MONTHS: Final = 12


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/human_resources"))


def _types(city: City, employer: Ints, kind: Ints) -> pl.Series:
    """Insurance of each: the pension of the employer's kind, or one of the others."""
    declared = _declared()
    codes = [declared["pension"]["enterprise"], declared["pension"]["public"], *declared["others"]]
    bodies = city.units.bodies
    public = (employer >= bodies.start) & (employer < bodies.stop)
    return pick(codes, np.where(kind == 0, public.astype(np.int64), kind + 1))


@lru_cache(maxsize=2)
def _others(city: City) -> Ints:
    """Registered adults without an employer, the moved apart: insured as residents or retired."""
    people = city.people
    registered = slice(people.registered)
    adult = (people.ages()[registered] >= 18) & (people.moved_out[registered] == NEVER)
    employed = city.work.employees
    adult[employed[employed < people.registered]] = False
    return np.flatnonzero(adult)


def _enrollments(city: City) -> int:
    return 2 * _KINDS * len(city.work.employees) + len(_others(city))


@table("human_resources/insurance_enrollments", slots=_enrollments)
def insurance_enrollments(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an enrolment: of present employment, of an earlier one (some), of other adults."""
    employed = _KINDS * len(city.work.employees)
    slot = np.arange(start, stop)
    return pl.concat(
        [
            _present(city, slot[slot < employed]),
            _earlier(city, slot[(slot >= employed) & (slot < 2 * employed)] - employed),
            _residents(city, slot[slot >= 2 * employed] - 2 * employed),
        ]
    )


def _enrollment_no(slot: Ints) -> pl.Series:
    return joined("3703", numbers(slot + 1, 14))


def _present(city: City, slot: Ints) -> pl.DataFrame:
    people, units, work = city.people, city.units, city.work
    employee = slot // _KINDS
    person, employer = work.employees[employee], work.employer[employee]
    ended = work.ended[employee]
    return pl.DataFrame(
        {
            "enrollment_no": _enrollment_no(slot),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "insurance_type": _types(city, employer, slot % _KINDS),
            "employer_uscc": units.uscc.gather(employer),
            "insured_division": pick(city.places.divisions, units.division[employer]),
            "status": pick([_ENDED, _PAYING], (ended == NEVER).astype(np.int64)),
            "started_on": dates(work.started[employee]),
            "ended_on": dates(ended),
        }
    )


def _earlier(city: City, slot: Ints) -> pl.DataFrame:
    """Employment that ended before the present one began, where there was time for it."""
    people, units, work = city.people, city.units, city.work
    draws = city.draws("human_resources/earlier")
    employee = slot // _KINDS
    other = (employee + 1 + draws.integers(employee, 0, len(work.employees), 1)) % len(
        work.employees
    )
    employer = work.employer[other]
    of_age = add_years(people.born[work.employees[employee]], 18)
    first = np.maximum(of_age, units.established[employer])
    until = work.started[employee].astype(np.int64)
    had = draws.chance(employee, _declared()["earlier"], 2) & (first + 200 < until)
    had &= employer != work.employer[employee]
    slot, employee, employer, first, until = (
        values[had] for values in (slot, employee, employer, first, until)
    )
    ended = draws.integers(employee, first + 100, until, 3)
    person = work.employees[employee]
    return pl.DataFrame(
        {
            "enrollment_no": _enrollment_no(_KINDS * len(work.employees) + slot),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "insurance_type": _types(city, employer, slot % _KINDS),
            "employer_uscc": units.uscc.gather(employer),
            "insured_division": pick(city.places.divisions, units.division[employer]),
            "status": pl.repeat(_ENDED, len(slot), eager=True),
            "started_on": dates(draws.integers(employee, first, ended - 60, 4)),
            "ended_on": dates(ended),
        }
    )


def _residents(city: City, slot: Ints) -> pl.DataFrame:
    """Adults without an employer: residents' insurance, and the retired in their own."""
    people, work, declared = city.people, city.work, _declared()
    person = _others(city)[slot]
    retired, kind = _pension_kind(city, person)
    kinds = list(declaration("work")["pension"])
    died = people.died[person]
    resident = kind == kinds.index("resident")
    of_age = add_years(people.born[person], np.where(resident, 16, 22))
    since = np.where(resident, days(declaration("work")["residents_since"]), _EMPLOYEES_SINCE)
    status = np.where(died != NEVER, 0, np.where(retired, 2, 1))
    public = kind == kinds.index("public")
    last = work.employer[person % len(work.employees)]
    bodies = city.units.bodies
    last = np.where((last >= bodies.start) & (last < bodies.stop), last, city.units.towns.start)
    return pl.DataFrame(
        {
            "enrollment_no": _enrollment_no(2 * _KINDS * len(work.employees) + slot),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "insurance_type": pick([declared["pension"][name] for name in kinds], kind),
            "employer_uscc": pick(city.units.uscc, np.where(public, last, -1)),
            "insured_division": city.places.division_codes(people.address[person]),
            "status": pick([_ENDED, _PAYING, _RETIRED], status),
            "started_on": dates(np.maximum(of_age, since)),
            "ended_on": dates(died),
        }
    )


def _pension_kind(city: City, person: Ints) -> tuple[Bools, Ints]:
    """Whether each draws a pension, and of which kind; 0, a resident's, for who does not."""
    pensioners = city.work.pensioners
    at = np.searchsorted(pensioners, person) % max(len(pensioners), 1)
    retired = (pensioners[at] == person) if len(pensioners) else np.zeros(len(person), dtype=bool)
    kind = city.work.pension[at] if len(pensioners) else np.zeros(len(person), dtype=np.int64)
    return retired, np.where(retired, kind, 0)


@table(
    "human_resources/contributions",
    slots=lambda city: MONTHS * _KINDS * len(city.work.employees),
)
def contributions(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a month, employee and insurance, the oldest month first; amounts in 元.

    None for months after the employee's death. Total = employer's and personal amount.
    """
    people, units, work, declared = city.people, city.units, city.work, _declared()
    slot = np.arange(start, stop)
    place, kind = slot // _KINDS, slot % _KINDS
    employee = place % len(work.employees)
    month = months_before(city.today, MONTHS)[place // len(work.employees)]
    alive = work.ended[employee] >= first_days(month)
    slot, kind, employee, month = (values[alive] for values in (slot, kind, employee, month))
    employer = work.employer[employee]
    rates = declared["rates"]
    order = [declared["pension"]["enterprise"], *declared["others"]]
    share = np.array([[rates[code]["employer"], rates[code]["personal"]] for code in order])[kind]
    base = work.wage[employee]
    by_employer, personal = base * share[:, 0] // 100, base * share[:, 1] // 100
    total = by_employer + personal
    draws = city.draws("human_resources/contributions")
    unpaid = draws.chance(employer * 1000 + month % 1000, declared["arrears"])
    paid_on = np.minimum(
        first_days(month) + draws.integers(employer * 1000 + month % 1000, 5, 25, 1), city.today
    )
    return pl.DataFrame(
        {
            "detail_no": joined(
                numbers((month // 12 + 1970) * 100 + month % 12 + 1, 6), numbers(slot + 1, 12)
            ),
            "id_no": people.id_no.gather(work.employees[employee]),
            "employer_uscc": units.uscc.gather(employer),
            "insurance_type": _types(city, employer, kind),
            "period": month_texts(month),
            "base": base.astype(np.float64),
            "employer_amount": by_employer / 100,
            "personal_amount": personal / 100,
            "total": total / 100,
            "due_amount": total / 100,
            "paid_amount": np.where(unpaid, 0, total) / 100,
            "paid_on": dates(paid_on, ~unpaid),
        }
    )


@table("human_resources/benefits", slots=lambda city: MONTHS * len(city.work.pensioners))
def benefits(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a month and pensioner, the oldest month first; amounts in 元.

    From the month in which the pension begins to the month of death.
    """
    people, work = city.people, city.work
    slot = np.arange(start, stop)
    count = len(work.pensioners)
    at, month = slot % count, months_before(city.today, MONTHS)[slot // count]
    first = first_days(month)
    drawn = (work.pension_from[at] <= first) & (people.died[work.pensioners[at]] >= first)
    slot, at, month = slot[drawn], at[drawn], month[drawn]
    person, kind = work.pensioners[at], work.pension[at]
    pensions = _declared()["pensions"]
    kinds = [pensions[name] for name in declaration("work")["pension"]]
    median, spread = np.array([[entry["median"], entry["spread"]] for entry in kinds])[kind].T
    cents = np.round(
        median * np.exp(spread * city.draws("human_resources/pension").normal(person, 0, 1)) * 100
    )
    return pl.DataFrame(
        {
            "payment_no": joined(
                "F", numbers((month // 12 + 1970) * 100 + month % 12 + 1, 6), numbers(slot + 1, 12)
            ),
            "id_no": people.id_no.gather(person),
            "item": pick([entry["item"] for entry in kinds], kind),
            "amount": np.maximum(cents, 10_000) / 100,
            "period": month_texts(month),
            "entitled_from": dates(work.pension_from[at]),
            "entitled_to": dates(people.died[person]),
        }
    )
