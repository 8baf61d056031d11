"""市场监管: food licences and food samplings.

Belongs here: these two datasets. Licences belong to firms that sell or serve food, and to canteens
of schools and hospitals; samples are taken where a licence is valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.granted import Granted, granted
from demo.city.identity import food_license_numbers
from demo.city.lives import day_within, first_chosen, window
from demo.city.places import CITY
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, dates, joined, numbers, pick, year_month_day

_VALID, _EXPIRED, _CANCELLED = "10", "02", "03"
"""Codes of license_status."""
_YEARS: Final = 5
"""A licence's validity, by 食品经营许可和备案管理办法."""
_ITEMS: Final = 2
"""Tests of a sample that are reported."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/food_safety"))


@dataclass(frozen=True)
class Licenses(Granted):
    """All food licences, with their business form."""

    form: Ints

    def numbers(self, city: City, at: Ints) -> pl.Series:
        """The licences' numbers."""
        codes = np.array([int(code) for code in city.places.divisions])
        division = codes[city.units.division[self.unit[at]]]
        return food_license_numbers(self.form[at], division, at + 1)


@lru_cache(maxsize=2)
def licenses(city: City) -> Licenses:
    """The food licences of the city, in the order of their numbers."""
    units, declared = city.units, _declared()
    draws = city.draws("food_safety/licenses")
    wanted = city.scale.rows("market_supervision/food_licenses")
    forms = {int(form): units.in_industry(*codes) for form, codes in declared["industries"].items()}
    canteens = np.array([*units.schools, *units.hospitals])[: wanted // 10]
    traders = np.concatenate([*forms.values()])
    kind = np.concatenate([np.full(len(firms), form) for form, firms in forms.items()])
    first, last = window(city, traders, city.today - 365 * declared["years"])
    chosen = first_chosen(np.flatnonzero(first <= last), wanted - len(canteens), draws)
    unit = np.concatenate([traders[chosen], canteens])
    form = np.concatenate([kind[chosen], np.full(len(canteens), 3)])
    start = day_within(draws, unit, window(city, unit, city.today - 365 * declared["years"]), 1)
    given = granted(unit, start, _YEARS)
    return Licenses(given.unit, given.valid_from, given.valid_to, form)


@table("market_supervision/food_licenses", slots=lambda city: len(licenses(city).unit))
def food_licenses(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a licence. Cancelled with the firm; expired five years after its first day."""
    units, known, at = city.units, licenses(city), np.arange(start, stop)
    unit = known.unit[at]
    ended = units.ended[unit] != NEVER
    status = np.where(ended, 2, np.where(known.valid_to[at] < city.today, 1, 0))
    return pl.DataFrame(
        {
            "license_no": known.numbers(city, at),
            "uscc": units.uscc.gather(unit),
            "holder": units.name.gather(unit),
            "business_form": numbers(known.form[at], 1),
            "division": pick(city.places.divisions, units.division[unit]),
            "address": units.addresses(unit),
            **known.where_and_when(city, at),
            "status": pick([_VALID, _EXPIRED, _CANCELLED], status),
        }
    )


@lru_cache(maxsize=2)
def _sampled_licenses(city: City) -> Ints:
    """Licences that have been valid for two months and are still."""
    known = licenses(city)
    valid = (known.valid_from < city.today - 60) & (known.valid_to >= city.today)
    return np.flatnonzero(valid & city.units.active[known.unit])


@lru_cache(maxsize=2)
def _producers(city: City) -> Ints:
    """Firms that make food, and have for more than a year."""
    makers = city.units.in_industry(*_declared()["producers"])
    old = city.units.established[makers] < city.today - 500
    return makers[old & city.units.active[makers]]


@table(
    "market_supervision/food_samplings",
    slots=lambda city: (
        city.scale.rows("market_supervision/food_samplings") // _ITEMS * _ITEMS
        if len(_sampled_licenses(city))
        else 0
    ),
)
def food_samplings(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a sample and test, the oldest day first; processed food names its producer."""
    units, declared = city.units, list(_declared()["categories"].items())
    slot = np.arange(start, stop)
    count = city.scale.rows("market_supervision/food_samplings")
    sample, turn = slot // _ITEMS, slot % _ITEMS
    day = city.today - 364 + sample * _ITEMS * 365 // count
    draws = city.draws("food_safety/samplings")
    options, known = _sampled_licenses(city), licenses(city)
    license_at = options[draws.integers(sample, 0, len(options))]
    unit = known.unit[license_at]
    day = np.maximum(day, known.valid_from[license_at])
    category = draws.choice(sample, [entry["weight"] for _, entry in declared], 1)
    makers = _producers(city)
    processed = np.array([code not in ("91", "92") for code, _ in declared])[category]
    maker = makers[draws.integers(sample, 0, max(len(makers), 1), 2)] if len(makers) else unit
    products = [product for _, entry in declared for product in entry["products"]]
    starts = np.cumsum([0, *(len(entry["products"]) for _, entry in declared)])
    product = draws.integers(sample, starts[category], starts[category + 1], 3)
    items = [item for _, entry in declared for item in entry["items"]]
    made = day - draws.integers(sample, 3, 60, 4)
    return pl.DataFrame(
        {
            "sample_no": joined("DBJ", numbers(year_month_day(day) // 10_000 % 100, 2), CITY,
                                numbers(sample + 1, 9)),
            "item": pick(items, category * _ITEMS + turn),
            "uscc": units.uscc.gather(unit),
            "producer_uscc": pick(units.uscc, np.where(processed, maker, -1)),
            "product": pick(products, product),
            "category": pick([code for code, _ in declared], category),
            "batch": numbers(year_month_day(made), 8),
            "standard": pick([entry["standard"] for _, entry in declared], category),
            "result": pick(["1", "2"], draws.chance(slot, _declared()["failed"], 5).astype("i8")),
            "sampled_division": pick(city.places.divisions, units.division[unit]),
            "sampled_on": dates(day),
        }
    )  # fmt: skip
