"""发改(信用)、市场监管: dishonest entities and abnormal operations.

Belongs here: these two lists of firms. Licences and penalties stand in modules of their own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.market_supervision import registrar
from demo.city.lives import firms_alive_since, first_chosen, window
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import dates, days, joined, numbers, pick, year_month_day

_LISTED_SINCE: Final = days("2014-10-01")
"""The list of abnormal operations began then."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/credit"))


@lru_cache(maxsize=2)
def _dishonest(city: City) -> Ints:
    """Firms on a list of dishonest ones, sole traders apart."""
    firms = firms_alive_since(city, city.today - 3650)
    companies = firms[city.units.is_kind("natural", "sole_person", "legal_person")[firms]]
    wanted = city.scale.rows("development_reform/dishonest_entities")
    return first_chosen(companies, wanted, city.draws("credit/dishonest"))


@table("development_reform/dishonest_entities", slots=lambda city: len(_dishonest(city)))
def dishonest_entities(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a list and firm: the one list tells the reason, the other the province."""
    units, declared = city.units, _declared()
    firm = _dishonest(city)[start:stop]
    draws = city.draws("credit/list")
    lists = list(declared["dishonesty_lists"])
    which = draws.choice(firm, list(declared["dishonesty_lists"].values()))
    reason = draws.integers(firm, 0, len(declared["reasons"]), 1)
    code = units.uscc.gather(firm)
    return pl.DataFrame(
        {
            "list": pick(lists, which),
            "name": units.name.gather(firm),
            "uscc": code,
            "organization_code": code.str.slice(8, 9),
            "province": pick(["370000"], np.where(which == lists.index("transport"), 0, -1)),
            "reason": pick(
                declared["reasons"], np.where(which == lists.index("ecommerce"), reason, -1)
            ),
        }
    )


@lru_cache(maxsize=2)
def _abnormal(city: City) -> Ints:
    """Firms that were listed, once each, a year or more after their foundation."""
    firms = np.arange(city.units.clinics.stop, city.units.firms)
    first, last = window(city, firms, city.units.established[firms] + 400)
    firms = firms[np.maximum(first, _LISTED_SINCE) <= last]
    wanted = city.scale.rows("market_supervision/abnormal_operations")
    return np.sort(first_chosen(firms, wanted, city.draws("credit/abnormal")))


@table("market_supervision/abnormal_operations", slots=lambda city: len(_abnormal(city)))
def abnormal_operations(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a listing by the bureau where the firm is registered; many were removed again."""
    units, declared = city.units, _declared()
    firm = _abnormal(city)[start:stop]
    draws = city.draws("credit/listing")
    since = np.maximum(units.established[firm].astype(np.int64) + 400, _LISTED_SINCE)
    first, last = window(city, firm, since)
    day = draws.integers(firm, np.maximum(first, last - 1800), last + 1)
    removed = draws.chance(firm, declared["removed"], 1) & (day < last)
    reasons = declared["abnormal_reasons"]
    place = registrar(city, firm)
    return pl.DataFrame(
        {
            "list_no": joined(place, numbers(year_month_day(day), 8),
                              numbers(np.arange(start, stop) + 1, 7)),
            "uscc": units.uscc.gather(firm),
            "reason": pick(list(reasons), draws.choice(firm, list(reasons.values()), 2)),
            "listed_on": dates(day),
            "removed_on": dates(draws.integers(firm, day + 1, last + 1, 3), removed),
            "_division": place,
        }
    )  # fmt: skip
