"""The residents: registered ones by household, then migrants with a residence permit.

Belongs here: who lives in the city, with whom and since when; births, deaths, documents, names.
Person p is a number: 0 .. registered - 1 by household, then the migrants. Arrays are over all
people unless said otherwise; days are counted from 1970-01-01. Who married whom stands in
`demo.city.marriages`, who works where in `demo.city.work`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from demo.city.basis import Basis
from demo.city.declared import declaration
from demo.city.grouping import rank_within
from demo.city.households import FATHER, HEAD, MOTHER, SPOUSE, YEAR, Households, Small
from demo.city.identity import id_numbers
from demo.city.places import Places
from demo.city.rng import Bools, Draws, Ints
from demo.city.text import NEVER, days, joined, numbers, pick, years_before

MALE, FEMALE = 1, 2
"""Codes of GB/T 2261.1."""
_SEQUENCES: Final = 498
"""Sequence numbers of one sex, date and division below 996, which are kept for centenarians."""

_PERMIT_DIVISION: Final = {"810": 810000, "820": 830000}
"""First digits of the residence permits of people from Hong Kong and Taiwan."""

Days = NDArray[np.int32]


class People:
    """All residents of a city."""

    def __init__(self, basis: Basis, homes: Households, places: Places) -> None:
        self._basis, self._homes, self._places = basis, homes, places
        self.registered = homes.registered
        self.count = self.registered + basis.scale.entities("migrants")
        self._declared: dict[str, Any] = declaration("people")
        self.homes = homes.homes
        self.households = homes.count
        self.household = homes.household
        """Of each registered person, as are `role` and, of each household, `first`: its head."""
        self.role = homes.role
        self.first = homes.first

    def _draws(self, name: str) -> Draws:
        return self._basis.draws(f"people/{name}")

    @cached_property
    def sex(self) -> Small:
        """MALE or FEMALE."""
        man = self._homes.male_head[self.household]
        child = self._draws("sex").chance(np.arange(self.count), 0.515)
        role = self.role
        male = np.select(
            [role == HEAD, role == SPOUSE, role == FATHER, role == MOTHER],
            [man, ~man, np.True_, np.False_],
            child[: self.registered],
        )
        everyone = np.concatenate([male, child[self.registered :]])
        return np.where(everyone, MALE, FEMALE).astype(np.int8)

    @cached_property
    def born(self) -> Days:
        """Birth days. A child is at least 20 years younger than its parents."""
        household = self._homes.births()[self.role, self.household]
        draws = self._draws("migrant")
        index = np.arange(self.count - self.registered)
        age = draws.banded(index, self._declared["migrants"]["age"], 1)
        migrants = self._basis.today - np.ceil(age * YEAR)
        return np.concatenate([household, migrants]).astype(np.int32)

    def ages(self, people: ArrayLike | None = None) -> Ints:
        """Completed years on the city's day (as if alive)."""
        born = self.born if people is None else self.born[np.asarray(people)]
        return years_before(self._basis.today, born)

    @cached_property
    def died(self) -> Days:
        """Day of death within the past year, NEVER for the living. Parents of a newborn live."""
        index = np.arange(self.registered)
        draws, rate = self._draws("death"), self._declared["death"]
        age = self.ages(index)
        chance = np.where(age < 1, 0.0, rate["base"] * np.exp(rate["slope"] * (age - 30.0)))
        newborn = np.zeros(self.households, dtype=bool)
        newborn[self.household[age < 1]] = True
        dies = draws.chance(index, np.minimum(chance, 0.5)) & ~newborn[self.household]
        day = self._basis.today - draws.integers(index, 1, 365, 1)
        left = np.full(self.count - self.registered, NEVER)
        return np.concatenate([np.where(dies, day, NEVER), left]).astype(np.int32)

    @cached_property
    def moved_out(self) -> Days:
        """Day on which a registered person moved away within the year, NEVER for who stayed.

        Whole households move, those without deaths and births of the year.
        """
        index = np.arange(self.households)
        draws = self._draws("moved_out")
        moves = draws.chance(index, self._declared["moved_out"])
        registered = slice(self.registered)
        young = self.ages()[registered] < 1
        stays = (self.died[registered] != NEVER) | young
        moves[self.household[stays]] = False
        day = np.where(moves, self._basis.today - draws.integers(index, 1, 365, 1), NEVER)
        left = np.full(self.count - self.registered, NEVER)
        return np.concatenate([day[self.household], left]).astype(np.int32)

    @cached_property
    def permit_ended(self) -> Days:
        """Day on which a migrant left the city again, by migrant; NEVER for who is here."""
        index = np.arange(self.count - self.registered)
        draws = self._draws("permit")
        leaves = draws.chance(index, self._declared["migrants"]["left"])
        day = self._basis.today - draws.integers(index, 1, 300, 1)
        return np.where(leaves, day, NEVER).astype(np.int32)

    @cached_property
    def present(self) -> Bools:
        """Who lives in the city on its day: alive and not moved away."""
        here: Bools = (self.died == NEVER) & (self.moved_out == NEVER)
        here[self.registered :] &= self.permit_ended == NEVER
        return here

    @cached_property
    def address(self) -> Ints:
        """Where each lives: a household or a migrant has an address of its own."""
        own = self.households + np.arange(self.count - self.registered)
        home = np.concatenate([self.household.astype(np.int64), own])
        taken = np.arange(self.homes)
        address: Ints = self._draws("address").shuffled(taken, self._places.count)[home]
        return address

    @cached_property
    def ethnic_group(self) -> Ints:
        """Position in the declared ethnic groups, one for a household."""
        home = np.concatenate(
            [self.household, self.households + np.arange(self.count - self.registered)]
        )
        weights = list(self._declared["ethnic_group"].values())
        return self._draws("ethnic").choice(home, weights)

    @cached_property
    def first_issue(self) -> Ints:
        """The division (six digits) in the identity number: valid at the birth day or later."""
        rows = [
            (int(code.code), NEVER if code.valid_to is None else days(code.valid_to))
            for code in self._basis.catalog.codes("gbt2260")
            if not code.code.endswith("00") and code.name not in ("市辖区", "县")
        ]
        anywhere, until = np.array(rows, dtype=np.int64).T
        local = np.array([int(code) for code in self._places.counties])
        index, draws = np.arange(self.count), self._draws("first_issue")
        places = self._places
        home = local[places.county_of_community[places.community(self.address)]]
        other = draws.integers(index, 0, len(anywhere), 2)
        weights = [declaration("places")["population"][str(code)] for code in local]
        town = local[draws.choice(index, weights, 3)]
        drawn, share = draws.uniform(index, 1), self._declared["first_issue"]
        migrant = index >= self.registered
        far = (migrant | (drawn >= share["home"] + share["city"])) & (until[other] >= self.born)
        near = np.where(migrant | (drawn < share["home"]), home, town)
        return np.where(far, anywhere[other], near)

    @cached_property
    def sequence(self) -> Ints:
        """Digits 15 to 17 of the identity number: odd for men, no two alike with one division,
        birth day and sex."""
        group = (self.first_issue * 10**6 + self.born + 10**5) * 2 + (self.sex == MALE)
        rank = rank_within(group)
        offset = self._draws("sequence").integers(group, 0, _SEQUENCES)
        sequence: Ints = (rank + offset) % _SEQUENCES * 2 + (self.sex == MALE)
        return sequence

    @cached_property
    def id_no(self) -> pl.Series:
        """公民身份号码 of everyone, foreigners' documents apart (see `document_no`)."""
        return id_numbers(self.first_issue, self.born, self.sequence)

    @cached_property
    def document_type(self) -> tuple[tuple[str, ...], Ints]:
        """The declared document types, and each migrant's position among them."""
        documents = self._declared["migrants"]["document"]
        index = np.arange(self.count - self.registered)
        return tuple(documents), self._draws("document").choice(index, list(documents.values()))

    @cached_property
    def document_no(self) -> pl.Series:
        """id_no, and for migrants with another document that document's invented number."""
        kinds, kind = self.document_type
        migrants = np.arange(self.registered, self.count)
        issuer = np.array([_PERMIT_DIVISION.get(code, 0) for code in kinds])[kind]
        permits = id_numbers(
            np.where(issuer > 0, issuer, self.first_issue[migrants]),
            self.born[migrants],
            self.sequence[migrants],
        )
        passports = self._draws("passport").shuffled(migrants, 10**8)
        frame = pl.DataFrame(
            {
                "number": permits,
                "passport": joined("E", numbers(passports, 8)),
                "foreign": (kind != kinds.index("111")) & (issuer == 0),
            }
        )
        shown = frame.select(pl.when("foreign").then("passport").otherwise("number")).to_series()
        return pl.concat([self.id_no[: self.registered], shown.alias(self.id_no.name)])

    @cached_property
    def holds_id_no(self) -> Bools:
        """Whose document is an identity number."""
        kinds, kind = self.document_type
        return np.concatenate([np.ones(self.registered, dtype=bool), kind == kinds.index("111")])

    @cached_property
    def name(self) -> pl.Series:
        """Names drawn from common characters; wives and mothers keep a family name of their own."""
        declared, draws = self._declared, self._draws("name")
        index = np.arange(self.count)
        home = np.concatenate(
            [self.household, self.households + index[: self.count - self.registered]]
        )
        role = np.concatenate([self.role, np.full(self.count - self.registered, HEAD)])
        own = (self.sex == FEMALE) & np.isin(role, (HEAD, SPOUSE, MOTHER))
        weights = list(declared["surnames"].values())
        family = np.where(own, draws.choice(index, weights, 1), draws.choice(home, weights, 2))
        given = declared["given"]
        first = ["", *given["first"]]
        middle = draws.integers(index, 1, len(first), 3)
        middle[~draws.chance(index, declared["two_characters"], 4)] = 0
        male, female = given["male"], given["female"]
        last = np.where(
            self.sex == MALE,
            draws.integers(index, 0, len(male), 5),
            len(male) + draws.integers(index, 0, len(female), 5),
        )
        return joined(
            pick(list(declared["surnames"]), family),
            pick(first, middle),
            pick([*male, *female], last),
        )
