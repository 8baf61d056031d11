"""Damages that only the rest of the city shows: people and firms that can't be what the row says.

Belongs here: rows that are right by themselves, and wrong beside other datasets or other rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

import numpy as np

from demo.city.defects.damage import Changes, Hit, damage, like, midnight
from demo.city.rng import Ints
from demo.city.table import tables
from demo.city.text import EPOCH

_PEOPLE: Final = "public_security/registered_population"
_MARRIAGES: Final = "civil_affairs/marriages"
_FIRMS: Final = "market_supervision/business_entities"
_REGISTERS: Final = (
    _FIRMS,
    "institutional_commission/public_bodies",
    "civil_affairs/social_organizations",
)
_TRIES: Final = 8
"""Records tried for one that no defect hits."""


def _person(hit: Hit, person: int, name: str = "name") -> Changes:
    """Another person's number, and name where the row has one."""
    people = hit.city.people
    changes: Changes = {hit.target.column: people.id_no[person]}
    if name in hit.written:
        changes[name] = people.name[person]
    return changes


def _one_of(hit: Hit, people: Ints) -> int | None:
    """One of the people, unless there is none or the row names nobody."""
    if not len(people) or hit.text() is None:
        return None
    return int(people[hit.number(len(people))])


def _sound_one_of(hit: Hit, numbers: Ints, ref: str, key: Callable[[int], str]) -> int | None:
    """One of these whose record in a dataset, of that key, no defect hits: else nothing there would
    tell that the row is wrong."""
    if not len(numbers) or hit.text() is None:
        return None
    first = hit.number(len(numbers))
    tried = (int(numbers[(first + turn) % len(numbers)]) for turn in range(_TRIES))
    return next((number for number in tried if hit.are_sound(ref, key(number))), None)


@damage("dead_person")
def dead_person(hit: Hit) -> Changes | None:
    """Someone who died is insured, or is paid for a month after the death."""
    id_no = hit.city.people.id_no
    person = _sound_one_of(hit, hit.know.dead, _PEOPLE, lambda dead: str(id_no[dead]))
    if person is None:
        return None
    died = EPOCH + datetime.timedelta(days=int(hit.city.people.died[person]))
    if "period" in hit.known and not hit.fact("period") > f"{died:%Y-%m}":
        return None
    return _person(hit, person)


@damage("contribution_without_enrolment")
def contribution_without_enrolment(hit: Hit) -> Changes | None:
    """A contribution for a child, whom nobody employs."""
    person = _one_of(hit, hit.know.children)
    return None if person is None else _person(hit, person)


@damage("parent_younger")
def parent_younger(hit: Hit) -> Changes | None:
    """A mother who is a child herself."""
    person = _one_of(hit, hit.know.girls)
    return None if person is None else _person(hit, person, "mother_name")


@damage("overlapping_marriage")
def overlapping_marriage(hit: Hit) -> Changes | None:
    """A man who had married before, and whose other marriage lasts."""
    registered_on, (weddings, days) = hit.fact("registered_on"), hit.know.weddings
    if registered_on is None:
        return None
    earlier = int(np.searchsorted(days, (registered_on - EPOCH).days))

    def certificate_no(wedding: int) -> str:
        row = tables()[_MARRIAGES].rows(hit.city, wedding, wedding + 1)
        return str(row["certificate_no"][0])

    wedding = _sound_one_of(hit, weddings[:earlier], _MARRIAGES, certificate_no)
    if wedding is None:
        return None
    return _person(hit, int(hit.city.marriages.husband[wedding]), "name_a")


@damage("double_enrolment")
def double_enrolment(hit: Hit) -> Changes | None:
    """A second number for a pupil: a temporary one, for who has one already."""
    return {"student_no": f"L{hit.fact()[:17]}0"} if hit.fact() else None


@damage("deregistered_licensed")
def deregistered_licensed(hit: Hit) -> Changes | None:
    """A licence in force of a firm that is no more."""
    units = hit.city.units
    firm = _sound_one_of(hit, hit.know.deregistered, _FIRMS, lambda firm: str(units.uscc[firm]))
    return None if firm is None else {"uscc": units.uscc[firm], "holder": units.name[firm]}


@damage("holder_differs")
def holder_differs(hit: Hit) -> Changes | None:
    """The name of another firm, beside a code that its register can be asked about."""
    uscc = hit.fact("uscc")
    if uscc is None or not all(hit.are_sound(register, uscc) for register in _REGISTERS):
        return None
    return hit.changed(hit.city.units.name[hit.number(hit.city.units.firms)])


@damage("unknown_unit")
def unknown_unit(hit: Hit) -> Changes | None:
    """A well-formed code that no organisation has."""
    return None if hit.text() is None else hit.changed(hit.pick(hit.know.unknown_units))


@damage("ownership_cycle")
def ownership_cycle(hit: Hit) -> Changes | None:
    """A firm that belongs to one of its own, or to itself."""
    uscc = hit.fact("uscc")
    child = hit.know.child_of.get(uscc, uscc)
    return hit.changed(child if hit.are_sound(_FIRMS, child) else uscc)


@damage("shares_above_100")
def shares_above_100(hit: Hit) -> Changes | None:
    """All shares for one of several holders."""
    share = hit.fact()
    return hit.changed("100") if share is not None and 0 < share < 95 else None


@damage("deadline_missed")
def deadline_missed(hit: Hit) -> Changes | None:
    """Done one to thirty days after the day by which it was due."""
    done, due = hit.fact(), hit.fact("due_at" if "due_at" in hit.known else "deadline")
    if done is None or due is None:
        return None
    late = midnight(due) + datetime.timedelta(days=1 + hit.number(30))
    return hit.changed(hit.day_text(like(late, done))) if late.date() <= hit.city.day else None


@damage("stuck_reading")
def stuck_reading(hit: Hit) -> Changes | None:
    """One value for a whole day of a station: the day's, whatever the hour."""
    return None if hit.text() is None else hit.changed(str(40 + hit.number(60)))


@damage("duplicate_key", "ragged_row", "unclosed_quote", "broken_record")
def of_the_record(hit: Hit) -> Changes | None:
    """Nothing in the row itself: the record is written twice, or so that it can't be read."""
    return {}
