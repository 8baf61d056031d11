"""交通、公共交通: commercial vehicles and bus ridership.

Belongs here: these two datasets. Vehicles belong to hauliers of the register.
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
from demo.city.text import dates, joined, numbers, pick

_SYMBOLS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of number plates: without I and O (GA 36-2018)."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/transport"))


@lru_cache(maxsize=2)
def _operators(city: City) -> Ints:
    """Firms that carry goods or people for hire, in existence; any firm where there is none."""
    units = city.units
    firms = units.in_industry(*_declared()["industries"])
    firms = firms[units.active[firms]]
    return firms if len(firms) else np.flatnonzero(units.active[: units.firms])


@table(
    "transport/commercial_vehicles",
    slots=lambda city: city.scale.rows("transport/commercial_vehicles"),
)
def commercial_vehicles(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a vehicle with its certificate; a few have expired."""
    units, kinds = city.units, _declared()["vehicles"]
    slot, draws = np.arange(start, stop), city.draws("transport/vehicles")
    operators = _operators(city)
    firm = operators[draws.integers(slot, 0, len(operators))]
    kind = draws.choice(slot, list(kinds.values()), 1)
    trailer = np.array([code[0] in "BG" for code in kinds])[kind]
    valid_to = city.today + draws.integers(slot, -60, 4 * 365, 2)
    return pl.DataFrame(
        {
            "plate_no": joined("鲁C", _plates(slot, trailer, draws.integers(slot, 0, 10**6, 3))),
            "certificate_no": joined("3703", numbers(slot + 1, 8)),
            "uscc": units.uscc.gather(firm),
            "vehicle_type": pick(list(kinds), kind),
            "valid_to": dates(valid_to),
        }
    )


def _plates(serial: Ints, trailer: Bools, last: Ints) -> pl.Series:
    """The five characters after 鲁C: four that no other has, then one more, 挂 for a trailer."""
    size, symbols = len(_SYMBOLS), list(_SYMBOLS)
    more = pick([*symbols, "挂"], np.where(trailer, size, last % size))
    return joined(
        pick(symbols, serial // 10 // size**2 % size),
        pick(symbols, serial // 10 // size % size),
        pick(symbols, serial // 10 % size),
        numbers(serial % 10, 1),
        more,
    )


def _lines(city: City) -> int:
    return max(city.scale.rows("public_transit/bus_ridership") // 365, 3)


@table(
    "public_transit/bus_ridership",
    slots=lambda city: (
        max(city.scale.rows("public_transit/bus_ridership") // _lines(city), 1) * _lines(city)
    ),
)
def bus_ridership(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a day and line, the oldest day first; fewer trips and riders at weekends."""
    lines, slot = _lines(city), np.arange(start, stop)
    days = max(city.scale.rows("public_transit/bus_ridership") // lines, 1)
    line, day = slot % lines, city.today - days + 1 + slot // lines
    draws, own = city.draws("public_transit/day"), city.draws("public_transit/line")
    usual = own.integers(line, 24, 190)
    weekend = (day + 3) % 7 >= 5
    trips = np.where(weekend, usual * 85 // 100, usual) - draws.integers(slot, 0, 3)
    riders = (18 + 40 * own.uniform(line, 1)) * np.where(weekend, 0.8, 1.0)
    passengers = trips * riders * (0.85 + 0.3 * draws.uniform(slot, 1))
    punctual = trips * (0.88 + 0.12 * draws.uniform(slot, 2))
    return pl.DataFrame(
        {
            "line_no": pl.Series(line + 1).cast(pl.String),
            "service_date": dates(day),
            "trips": trips,
            "passengers": passengers.astype(np.int64),
            "punctual_trips": punctual.astype(np.int64),
        }
    )
