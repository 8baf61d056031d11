"""When things may happen to the city's people and units.

Belongs here: who exists long enough for an event, and the days between which it may lie. What
happens stands with the datasets in `demo.city.domains`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from demo.city.city import City
from demo.city.rng import Draws, Ints

SETTLED = 60
"""Days after its foundation before which nothing happens to a unit."""


def window(city: City, unit: ArrayLike, since: ArrayLike) -> tuple[Ints, Ints]:
    """First and last day (both included) of what may happen to each unit from `since` on: not in
    its first days, not after it ended, not after the city's day. Empty where first > last."""
    units, at = city.units, np.asarray(unit)
    first = np.maximum(units.established[at].astype(np.int64) + SETTLED, np.asarray(since))
    last = np.minimum(units.ended[at].astype(np.int64) - 1, city.today)
    return first, last


def day_within(draws: Draws, index: ArrayLike, span: tuple[Ints, Ints], draw: int = 0) -> Ints:
    """A day of each span, its ends included."""
    first, last = span
    return draws.integers(index, first, last + 1, draw)


@lru_cache(maxsize=8)
def firms_alive_since(city: City, since: int) -> Ints:
    """The firms, agencies apart, to which something may have happened from the day `since` on."""
    firms = np.arange(city.units.state.start, city.units.firms)
    first, last = window(city, firms, since)
    return firms[first <= last]


@lru_cache(maxsize=2)
def adults(city: City) -> Ints:
    """Registered people between 18 and 80 who live in the city."""
    people = city.people
    registered = slice(people.registered)
    age = people.ages()[registered]
    return np.flatnonzero((age >= 18) & (age < 80) & people.present[registered])


def somebody(city: City, draws: Draws, index: ArrayLike, draw: int = 0) -> Ints:
    """An adult for each index."""
    grown = adults(city)
    return grown[draws.integers(index, 0, len(grown), draw)]


def first_chosen(options: Ints, wanted: int, draws: Draws) -> Ints:
    """So many of the options, or all, in a random order."""
    count = min(wanted, len(options))
    return options[draws.shuffled(np.arange(count), len(options))] if count else options[:0]


@lru_cache(maxsize=2)
def keeper(city: City) -> Ints:
    """Of each household the person in whose name things are: the head, or the next one alive."""
    people = city.people
    chosen = people.first.copy()
    size = np.diff(np.append(people.first, people.registered))
    alive = people.present[: people.registered]
    for turn in range(1, int(size.max())):
        next_one = np.minimum(people.first + turn, people.registered - 1)
        grown = people.ages(next_one) >= 18
        change = ~alive[chosen] & (size > turn) & alive[next_one] & grown
        chosen = np.where(change, next_one, chosen)
    return chosen
