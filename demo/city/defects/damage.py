"""A damage: what makes some rows' values wrong.

Belongs here: what a damage is given, and the registry of damages by name. The damages stand in
`cells`, `numbers`, `places` and `subjects`.

A damage gets rows as they would be written and gives the columns it changes. A row whose damaged
column stays as it was can't be hit in this way; another kind is tried on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from catalog.models import Dataset, Element
from demo.city.city import City
from demo.city.defects.kinds import Target
from demo.city.defects.knowledge import Knowledge
from demo.city.form import Form
from demo.city.rng import Bits, Ints


@dataclass(frozen=True, slots=True)
class Hit:
    """Rows to damage in one way.

    `text` holds them as they would be written, `facts` in standard values; `bits` is 64 random
    bits a row.
    """

    know: Knowledge
    dataset: Dataset
    form: Form
    target: Target
    text: pl.DataFrame
    facts: pl.DataFrame
    bits: Bits

    @property
    def city(self) -> City:
        """The city that the rows tell of."""
        return self.know.city

    @property
    def element(self) -> Element:
        """The element of the damaged column."""
        return self.city.catalog.element_of(self.dataset.ref, self.target.column)

    @property
    def written(self) -> pl.Series:
        """The damaged column as it would be written."""
        return self.text[self.target.column]

    @property
    def fact(self) -> pl.Series:
        """The damaged column's standard values."""
        return self.facts[self.target.column]

    def number(self, below: int, turn: int = 0) -> Ints:
        """A number from 0 for each row; `turn` tells several of one row apart."""
        rolled = self.bits >> np.uint64(8 * turn + 3)
        return ((rolled % np.uint64(2**24)) % np.uint64(below)).astype(np.int64)

    def pick(self, values: Sequence[str] | pl.Series, turn: int = 0) -> pl.Series:
        """One of the values for each row."""
        series = values if isinstance(values, pl.Series) else pl.Series(list(values))
        return series.gather(self.number(len(series), turn))

    def day_text(self, days: pl.Series) -> pl.Series:
        """Dates or times as the file's agency writes them."""
        if isinstance(days.dtype, pl.Datetime):
            return days.dt.strftime("%Y-%m-%d %H:%M:%S")
        return days.dt.strftime(self.form.dates)


Changes = dict[str, pl.Series]
Damage = Callable[[Hit], Changes]

_DAMAGES: Final[dict[str, Damage]] = {}


def damage(*names: str) -> Callable[[Damage], Damage]:
    """Registers the decorated function under these names."""

    def register(function: Damage) -> Damage:
        for name in names:
            if name in _DAMAGES:
                raise ValueError(f"two damages are called {name}")
            _DAMAGES[name] = function
        return function

    return register


def damages() -> dict[str, Damage]:
    """Every damage by name."""
    from demo.city.defects import cells, numbers, places, subjects  # noqa: F401, PLC0415

    return _DAMAGES


def mapped(values: pl.Series, change: Callable[[str, int], str | None], picks: Ints) -> pl.Series:
    """The texts changed one by one; blank ones stay blank. For the few rows that are damaged."""
    changed = [
        None if value is None else change(value, pick)
        for value, pick in zip(values.to_list(), picks.tolist(), strict=True)
    ]
    return pl.Series(values.name, changed, dtype=pl.String)


def where(condition: pl.Series | NDArray[np.bool_], new: pl.Series, old: pl.Series) -> pl.Series:
    """`new` where the condition holds and `new` is not null, else `old`."""
    frame = pl.DataFrame({"c": condition, "n": new, "o": old})
    chosen = pl.when(pl.col("c") & pl.col("n").is_not_null()).then("n").otherwise("o")
    return frame.select(chosen).to_series()
