"""The registry: which function makes the rows of which dataset.

Belongs here: how a dataset is made in pieces. The rows themselves are made in `demo.city.domains`,
one module an agency or a few; files in `demo.city.write`.

A dataset has `slots(city)` places numbered from 0. `rows(city, start, stop)` makes the rows of the
slots in [start, stop): at most one a slot unless its docstring says more, in the order of the
slots, the same whatever the cuts. Columns: the catalogue's ids that the dataset has, of Python-side
standard values (codes as codes, dates as Date, times as Datetime, amounts as Float64 that are exact
to their scale); a column whose name begins with `_` helps to deliver the rows and is not written
(`_division`: the division whose bureau delivers the row, where `division` itself is no column).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from demo.city.city import City

Rows = Callable[[City, int, int], pl.DataFrame]
Slots = Callable[[City], int]

CHUNK: Final = 100_000
"""Slots made at a time."""


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of a dataset are made."""

    ref: str
    slots: Slots
    rows: Rows

    def pieces(self, city: City, slots: range, size: int = CHUNK) -> Iterator[pl.DataFrame]:
        """The rows of these slots in order, a frame for every `size` slots (empty ones included);
        one at least."""
        for start in range(slots.start, max(slots.stop, slots.start + 1), size):
            yield self.rows(city, start, min(start + size, slots.stop))

    def chunks(self, city: City, size: int = CHUNK) -> Iterator[pl.DataFrame]:
        """All rows, in pieces."""
        return self.pieces(city, range(self.slots(city)), size)

    def frame(self, city: City) -> pl.DataFrame:
        """All rows at once: for small cities."""
        return pl.concat(list(self.chunks(city)))


_TABLES: dict[str, Table] = {}


def table(ref: str, slots: Slots) -> Callable[[Rows], Rows]:
    """Registers the decorated function as the maker of the dataset's rows."""

    def register(rows: Rows) -> Rows:
        if ref in _TABLES:
            raise ValueError(f"{ref} has two makers")
        _TABLES[ref] = Table(ref, slots, rows)
        return rows

    return register


def tables() -> dict[str, Table]:
    """Every dataset's maker by ref, from all modules of `demo.city.domains`."""
    package = importlib.import_module("demo.city.domains")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"demo.city.domains.{module.name}")
    return dict(sorted(_TABLES.items()))
