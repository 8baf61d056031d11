"""The air quality index of an hour, HJ 633, by the breakpoints in force on the day.

Belongs here: the formula over whole arrays. Concentrations are made in `demo.city.domains.air`.

Source: HJ 633-2012 with the limits of PM2.5 and PM10 that hold from 2026-03-01. Of the particles
the hour's own mean is used, as the national platform does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from demo.city.rng import Floats, Ints
from demo.city.text import days

NEW_LIMITS: Final = days("2026-03-01")
POLLUTANTS: Final = ("SO2", "NO2", "CO", "O3_1H", "PM10", "PM2_5")
"""Codes of the table `pollutants`, in the order of the last axis of concentrations."""
_INDEX: Final = (0, 50, 100, 150, 200, 300, 400, 500)
_LIMITS: Final = (
    (0, 150, 500, 650, 800),
    (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    (0, 5, 10, 35, 60, 90, 120, 150),
    (0, 160, 200, 300, 400, 800, 1000, 1200),
    (0, 50, 150, 250, 350, 420, 500, 600),
    (0, 35, 75, 115, 150, 250, 350, 500),
)
_SECOND: Final = {"PM10": 120, "PM2_5": 60}
"""The limit of index 100 from NEW_LIMITS on."""


def individual(concentration: Floats, day: Ints) -> Ints:
    """The individual index of each pollutant (last axis), rounded up.

    `day` (days since 1970-01-01) has the shape of the other axes.
    """
    columns = []
    for place, (pollutant, limits) in enumerate(zip(POLLUTANTS, _LIMITS, strict=True)):
        values, index = concentration[..., place], _INDEX[: len(limits)]
        found = np.interp(values, limits, index)
        if pollutant in _SECOND:
            newer = (*limits[:2], _SECOND[pollutant], *limits[3:])
            found = np.where(day >= NEW_LIMITS, np.interp(values, newer, index), found)
        # Binary fractions are a hair off: 50.0000000001 is 50, not 51.
        columns.append(np.ceil(np.round(found, 9)).astype(np.int64))
    return np.stack(columns, axis=-1)


def index_of(individuals: Ints, monitored: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The index and, above 50, the primary pollutants as bits by place in POLLUTANTS.

    `monitored` says for each pollutant (last axis) whether the station measures it.
    """
    known = np.where(monitored, individuals, -1)
    index = known.max(axis=-1)
    primary = (known == index[..., None]) & (index > 50)[..., None]
    return index, primary @ (1 << np.arange(len(POLLUTANTS)))


def primary_texts() -> list[str]:
    """For each value of the bits the code of the table `pollutants`: one pollutant, or two joined
    by +; of three, which the table has no code for, the first two."""
    texts = []
    for bits in range(1 << len(POLLUTANTS)):
        named = [name for place, name in enumerate(POLLUTANTS) if bits >> place & 1]
        texts.append("+".join(named[:2]))
    return texts
