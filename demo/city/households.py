"""Households: who lives with whom in which role, and when each was born.

Belongs here: the layout of registered people into households, and birth days that agree within
one. What else a person is stands in `demo.city.people`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demo.city.basis import Basis
from demo.city.declared import declaration
from demo.city.rng import Bools, Draws, Floats, Ints

ROLES: Final = ("head", "spouse", "younger", "older", "father", "mother")
HEAD, SPOUSE, YOUNGER, OLDER, FATHER, MOTHER = range(6)
YEAR: Final = 365.2425

Small = NDArray[np.int8]


class Households:
    """`count` households with `registered` people, numbered by household, the head first.

    The last household may be cut short.
    """

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self.registered = registered = basis.scale.entities("registered")
        self._declared: dict[str, Any] = declaration("people")
        kinds = self._declared["households"]
        weights = np.array([kind["weight"] for kind in kinds], dtype=float)
        sizes = np.array([len(kind["members"]) for kind in kinds])
        roles = np.full((len(kinds), sizes.max()), -1, np.int8)
        for place, kind in enumerate(kinds):
            roles[place, : sizes[place]] = [ROLES.index(member) for member in kind["members"]]
        enough = int(registered / (weights @ sizes / weights.sum()) * 1.1) + 50
        drawn = self._draws("household").choice(np.arange(enough), weights)
        ends = np.cumsum(sizes[drawn])
        self.count = int(np.searchsorted(ends, registered)) + 1
        self.kind = drawn[: self.count].astype(np.int8)
        self.homes = self.count + basis.scale.entities("migrants")
        """One a household, then one a migrant."""
        starts = np.concatenate([[0], ends[: self.count]])
        self.first = starts[:-1]
        """The head of each household."""
        size = np.diff(np.minimum(starts, registered))
        self.household = np.repeat(np.arange(self.count, dtype=np.int32), size)
        within = np.arange(registered) - self.first[self.household]
        self.role: Small = roles[self.kind[self.household], within]
        self._has_spouse = np.isin(self.kind, [p for p, k in enumerate(roles) if SPOUSE in k])
        self._has_child = np.isin(self.kind, [p for p, k in enumerate(roles) if YOUNGER in k])
        self._has_older = np.isin(self.kind, [p for p, k in enumerate(roles) if OLDER in k])

    def _draws(self, name: str) -> Draws:
        return self._basis.draws(f"people/{name}")

    @cached_property
    def male_head(self) -> Bools:
        """Of each household."""
        index = np.arange(self.count)
        draws = self._draws("head")
        man = np.where(
            self._has_spouse,
            self._declared["male_head"],
            np.where(
                self._has_child,
                1 - self._declared["single_parent_mother"],
                1 - self._declared["single_female"],
            ),
        )
        return draws.chance(index, man)

    def births(self) -> Ints:
        """Birth days by role and household, whether or not the household has the role."""
        declared, draws = self._declared, self._draws("birth")
        index, today = np.arange(self.count), self._basis.today
        mother, older = declared["mother_at_birth"], declared["husband_older"]

        def husband(wife: Floats, draw: int) -> Floats:
            return wife - draws.normal(index, older["mean"], older["deviation"], draw) * YEAR

        youngest = draws.choice(index, declared["child_age"], 1) + draws.uniform(index, 2)
        younger = today - np.floor(youngest * YEAR)
        gap = declared["sibling_gap"]
        apart = gap["least"] + draws.uniform(index, 3) * (gap["most"] - gap["least"])
        sibling = younger - np.floor(apart * YEAR)
        first = np.where(self._has_older, sibling, younger)
        at_birth = np.clip(
            draws.normal(index, mother["mean"], mother["deviation"], 4),
            mother["least"],
            mother["most"],
        )
        woman = first - at_birth * YEAR
        man = np.minimum(husband(woman, 5), first - declared["father_least"] * YEAR)
        alone = today - draws.banded(index, declared["single_age"], 6) * YEAR
        wife = today - draws.banded(index, declared["wife_age"], 8) * YEAR
        partner = np.minimum(
            husband(wife, 10),
            today - (declared["father_least"] + 3 * draws.uniform(index, 13)) * YEAR,
        )
        pair, single = self._has_spouse & ~self._has_child, ~self._has_spouse & ~self._has_child
        woman = np.where(pair, wife, np.where(single, alone, woman))
        man = np.where(pair, partner, np.where(single, alone, man))
        head = np.where(self.male_head, man, woman)
        spouse = np.where(self.male_head, woman, man)
        at_birth = np.clip(draws.normal(index, 25.0, 3.0, 11), mother["least"], 33.0)
        grandmother = head - at_birth * YEAR
        grandfather = np.minimum(husband(grandmother, 12), head - declared["father_least"] * YEAR)
        births = np.stack([head, spouse, younger, sibling, grandfather, grandmother])
        floored: Ints = np.floor(births).astype(np.int64)
        return floored
