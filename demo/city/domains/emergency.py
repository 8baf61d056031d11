"""应急: major hazards and hidden dangers.

Belongs here: these two datasets. Hazards lie at chemical firms, dangers were found at firms that
existed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.lives import day_within, firms_alive_since, somebody, window
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, dates, joined, numbers, pick, year_month_day
from demo.city.workdays import working_days_after

_STEPS: Final = (10, 50, 100)
"""Values of R from which on the level is the third, second, first (GB 18218-2018, table 6)."""
_DANGER_DAYS: Final = 730


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/emergency"))


@lru_cache(maxsize=2)
def _sites(city: City) -> Ints:
    """Firms with hazards: of the declared industries, in existence."""
    firms = city.units.in_industry(*_declared()["industries"])
    settled = city.units.active[firms] & (city.units.established[firms] < city.today - 200)
    return firms[settled]


@table(
    "emergency/major_hazards",
    slots=lambda city: city.scale.rows("emergency/major_hazards") if len(_sites(city)) else 0,
)
def major_hazards(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an installation; R follows from the quantity, the level from R."""
    units, chemicals = city.units, _declared()["chemicals"]
    slot, draws = np.arange(start, stop), city.draws("emergency/hazards")
    sites = _sites(city)
    firm = sites[draws.integers(slot, 0, len(sites))]
    kind = draws.choice(slot, [entry["weight"] for entry in chemicals], 1)
    threshold, beta = np.array([[c["threshold"], c["beta"]] for c in chemicals], dtype=float)[
        kind
    ].T
    times = np.exp(draws.normal(slot, 1.6, 1.1, 2))
    quantity = np.round(threshold * np.maximum(times, 1.0), 3)
    r_value = np.round(quantity / threshold * beta, 4)
    level = np.searchsorted(_STEPS, r_value, side="right")
    lon, lat = city.places.points(units.address[firm])
    return pl.DataFrame(
        {
            "source_no": joined("BA", pick(city.places.divisions, units.division[firm]),
                                numbers(slot + 1, 6)),
            "uscc": units.uscc.gather(firm),
            "chemical": pick([entry["name"] for entry in chemicals], kind),
            "cas_no": pick([entry["cas"] for entry in chemicals], kind),
            "quantity": quantity,
            "r_value": r_value,
            "level": pick(["4", "3", "2", "1"], level),
            "lon": lon,
            "lat": lat,
        }
    )  # fmt: skip


@table(
    "emergency/hidden_dangers",
    slots=lambda city: city.scale.rows("emergency/hidden_dangers"),
)
def hidden_dangers(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a danger found within two years; most were remedied by their deadline, some are open
    beyond it. Grave ones have a longer one."""
    units, declared = city.units, _declared()
    slot, draws = np.arange(start, stop), city.draws("emergency/dangers")
    since = city.today - _DANGER_DAYS
    firms = firms_alive_since(city, since)
    firm = firms[draws.integers(slot, 0, len(firms))]
    found = day_within(draws, slot, window(city, firm, since), 1)
    grave = draws.chance(slot, declared["grave"], 2)
    allowed = np.where(grave, draws.integers(slot, 30, 91, 3), draws.integers(slot, 3, 16, 3))
    deadline = working_days_after(found, allowed)
    took = draws.integers(slot, 0, allowed, 5)
    closed = working_days_after(found, np.maximum(took, 1))
    ended = units.ended[firm].astype(np.int64)
    closed = np.where((ended != NEVER) & (closed > ended), ended, closed)
    done = (closed <= city.today) & ~draws.chance(slot, declared["open"], 4)
    verifier = somebody(city, draws, slot // 40, 6)
    return pl.DataFrame(
        {
            "danger_no": joined("YH", numbers(year_month_day(found), 8), numbers(slot + 1, 8)),
            "uscc": units.uscc.gather(firm),
            "level": pick(["1", "2"], grave.astype(np.int64)),
            "found_on": dates(found),
            "deadline": dates(deadline),
            "closed_on": dates(closed, done),
            "verifier": pick(city.people.name, np.where(done, verifier, -1)),
        }
    )
