"""Who is and who was married to whom.

Belongs here: marriages of couples that live together, and earlier ones that ended in divorce, of
people who live alone now or are married again. A marriage of someone who is no resident is not
known here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np

from demo.city.basis import Basis
from demo.city.declared import declaration
from demo.city.grouping import rank_within
from demo.city.households import FATHER, HEAD, MOTHER, OLDER, SPOUSE, YOUNGER
from demo.city.people import MALE, People
from demo.city.places import Places
from demo.city.rng import Ints
from demo.city.text import NEVER, add_years, days, year_of

_FIRST: Final = days("1950-05-01")
"""The first Marriage Law: before it there were no certificates."""


class Marriages:
    """All registrations: `husband`, `wife` (people), `married`, `ended` (days), in an order where
    the couples of today come first, then the marriages that ended in divorce."""

    def __init__(self, basis: Basis, people: People, places: Places) -> None:
        self._basis, self._people, self._places = basis, people, places
        declared = declaration("people")
        self._law = declared["married_by_law"]
        self._draws = basis.draws("marriages")
        husband, wife, until = self._couples()
        married = self._wedding(husband, wife, until, 1)
        died = np.minimum(people.died[husband], people.died[wife])
        former = self._former(husband, wife, married)
        self.couples = len(husband)
        self.husband = np.concatenate([husband, former[0]])
        self.wife = np.concatenate([wife, former[1]])
        self.married = np.concatenate([married, former[2]])
        self.ended = np.concatenate([died.astype(np.int64), former[3]])
        self.count = len(self.husband)

    def _couples(self) -> tuple[Ints, Ints, Ints]:
        """Husband, wife, and the day by which they were married: their first child's birth."""
        people = self._people
        registered = people.registered
        spouse = np.flatnonzero(people.role == SPOUSE)
        head = people.first[people.household[spouse]]
        children = np.isin(people.role, (YOUNGER, OLDER))
        first_child = np.full(people.households, self._basis.today)
        np.minimum.at(first_child, people.household[children], people.born[:registered][children])
        father = np.flatnonzero((people.role == FATHER)[:-1] & (people.role == MOTHER)[1:])
        own_child = people.born[people.first[people.household[father]]]
        male = people.sex[head] == MALE
        husband = np.concatenate([np.where(male, head, spouse), father])
        wife = np.concatenate([np.where(male, spouse, head), father + 1])
        until = np.concatenate([first_child[people.household[spouse]], own_child])
        return husband, wife, until

    def _of_age(self, husband: Ints, wife: Ints) -> Ints:
        """The first day on which both were old enough."""
        born = self._people.born
        of_age = np.maximum(
            add_years(born[husband], self._law["man"]), add_years(born[wife], self._law["woman"])
        )
        return np.maximum(of_age, _FIRST)

    def _wedding(self, husband: Ints, wife: Ints, until: Ints, draw: int) -> Ints:
        """A day between coming of age and `until`, at most twelve years later."""
        first = self._of_age(husband, wife)
        last = np.minimum(np.minimum(until, self._basis.today), first + 12 * 365)
        return self._draws.integers(husband, first, last, draw)

    def _former(self, husband: Ints, wife: Ints, married: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Marriages that ended in divorce: husband, wife, married, divorced."""
        man, woman = self._divorced()
        before = np.full(len(man), self._basis.today)
        again = np.flatnonzero(
            self._draws.chance(husband, declaration("people")["married_before"], 2)
        )
        again = again[np.argsort(self._people.born[husband[again]], kind="stable")]
        pairs = again[: len(again) // 2 * 2].reshape(-1, 2)
        man = np.concatenate([man, husband[pairs[:, 0]]])
        woman = np.concatenate([woman, wife[pairs[:, 1]]])
        before = np.concatenate([before, married[pairs].min(axis=1)])
        first = self._of_age(man, woman)
        possible = first + 800 < before
        man, woman, first, before = (values[possible] for values in (man, woman, first, before))
        divorced = self._draws.integers(man, first + 500, before - 200, 3)
        wedding = self._draws.integers(man, first, divorced - 100, 4)
        return man, woman, wedding, divorced

    def _divorced(self) -> tuple[Ints, Ints]:
        """Divorced men and women who live alone, each man with the woman nearest in age."""
        people = self._people
        registered = slice(people.registered)
        size = np.bincount(people.household, minlength=people.households)
        age = people.ages()[registered]
        alone = (people.role == HEAD) & (size[people.household] == 1) & (age >= 30) & (age < 65)
        person = np.flatnonzero(alone & (people.died[registered] == NEVER))
        person = person[self._draws.chance(person, declaration("people")["divorced"], 5)]
        person = person[np.argsort(people.born[person], kind="stable")]
        male = people.sex[person] == MALE
        pairs = min(int(male.sum()), int((~male).sum()))
        return person[male][:pairs], person[~male][:pairs]

    @cached_property
    def place(self) -> Ints:
        """Position of the division that registered each: where the husband lives."""
        places, people = self._places, self._people
        return places.division(people.address[self.husband])

    @cached_property
    def serial(self) -> Ints:
        """The number of each wedding within its division and year, from 1."""
        return rank_within(self.place * 10_000 + year_of(self.married)) + 1

    @cached_property
    def divorce_serial(self) -> Ints:
        """The number of each divorce (from `couples` on) within its division and year, from 1."""
        divorced = slice(self.couples, self.count)
        return rank_within(self.place[divorced] * 10_000 + year_of(self.ended[divorced])) + 1
