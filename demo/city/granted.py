"""Licences and permits that a register lists: who holds them, where, and from when to when.

Belongs here: what such registers have in common. Each one stands in its module of
`demo.city.domains`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.people import Days
from demo.city.rng import Floats, Ints
from demo.city.text import add_years, dates


@dataclass(frozen=True)
class Granted:
    """All licences of a register: the holder's unit, first and last day of validity."""

    unit: Ints
    valid_from: Days
    valid_to: Days

    def where_and_when(self, city: City, at: Ints) -> dict[str, pl.Series | Floats]:
        """address_code, lon and lat of the holder's seat; valid_from and valid_to."""
        address = city.units.address[self.unit[at]]
        lon, lat = city.places.points(address)
        return {
            "address_code": city.places.codes(address),
            "lon": lon,
            "lat": lat,
            "valid_from": dates(self.valid_from[at]),
            "valid_to": dates(self.valid_to[at]),
        }


def granted(unit: Ints, first: Ints, years: int) -> Granted:
    """Licences that are valid for so many years from their first day on."""
    last = add_years(first, years) - 1
    return Granted(unit, first.astype(np.int32), last.astype(np.int32))
