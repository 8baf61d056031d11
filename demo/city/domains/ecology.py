"""生态环境: discharge permits.

Belongs here: this dataset. Air quality stands in `demo.city.domains.air`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.granted import Granted, granted
from demo.city.lives import day_within, first_chosen, window
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import joined, pick

_YEARS: Final = 5
"""A permit's validity, by 排污许可管理条例."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/ecology"))


@lru_cache(maxsize=2)
def discharges(city: City) -> Granted:
    """The permits: one a firm, of the declared industries."""
    draws = city.draws("ecology/discharges")
    firms = city.units.in_industry(*_declared()["industries"])
    since = city.today - 365 * (_YEARS - 1)
    first, last = window(city, firms, since)
    wanted = city.scale.rows("ecology/discharge_permits")
    unit = np.sort(first_chosen(firms[first <= last], wanted, draws))
    start = day_within(draws, unit, window(city, unit, since), 1)
    return granted(unit, start, _YEARS)


def permit_numbers(city: City, unit: Ints) -> pl.Series:
    """The number of each holder's first permit."""
    return joined(city.units.uscc.gather(unit), "001", "P")


@table("ecology/discharge_permits", slots=lambda city: len(discharges(city).unit))
def discharge_permits(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a permit, at its holder's place, in the watershed of its county."""
    units, places, known, declared = city.units, city.places, discharges(city), _declared()
    unit = known.unit[start:stop]
    groups = list(declared["pollutants"])
    codes = [code for code in units.industries]
    group = [declared["industries"].get(code[:2], groups[0]) for code in codes]
    pollutants = np.array([groups.index(name) for name in group])[units.industry[unit]]
    river = places.county_of_community[places.community(units.address[unit])]
    return pl.DataFrame(
        {
            "permit_no": permit_numbers(city, unit),
            "uscc": units.uscc.gather(unit),
            "industry": pick(list(units.industries), units.industry[unit]),
            "division": pick(places.divisions, units.division[unit]),
            "watershed": pick([declared["watersheds"][code] for code in places.counties], river),
            "pollutants": pick(list(declared["pollutants"].values()), pollutants),
            **known.where_and_when(city, np.arange(start, stop)),
        }
    )
