"""统计: indicators of the city and its districts, gross domestic product of the provinces.

Belongs here: these two datasets. Population and enterprises are counted from the city itself; the
rest are declared levels, in proportion to the residents. A city's value is the sum of its
districts' wherever sums make sense. Values are whole ten-thousandths until they are written.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.places import CITY
from demo.city.rng import Bools, Floats, Ints
from demo.city.table import table
from demo.city.text import NEVER, dates, days, pick

_SCALE: Final = 10_000
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
"""Months of a period."""
_BASIS: Final = {"flow": "cumulative", "stock": "end", "rate": "current", "micro": "end"}
"""Codes of statistical_bases by the kind of indicator."""
_PRELIMINARY, _FINAL = "preliminary", "final"
_PUBLISHED_DAY: Final = 18
"""Of the month after the period; a year's final figures follow in its next December."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/statistics"))


def _indicators() -> dict[str, dict[str, Any]]:
    return dict(_declared()["indicators"])


@lru_cache(maxsize=2)
def _home(city: City) -> Ints:
    """The division of every person."""
    return city.places.division(city.people.address)


@lru_cache(maxsize=2)
def _shares(city: City) -> Floats:
    """Of each division its part of the people present."""
    here = np.bincount(_home(city)[city.people.present], minlength=len(city.places.divisions))
    shares: Floats = (here + 1) / (here + 1).sum()
    return shares


def _month_end(month: int) -> int:
    """The last day of a month since 1970-01."""
    return int(np.datetime64(month + 1, "M").astype("datetime64[D]").astype(np.int64)) - 1


def _counted(city: City, chosen: Bools, division: Ints) -> Ints:
    return np.bincount(division[chosen], minlength=len(city.places.divisions)).astype(np.int64)


@lru_cache(maxsize=4096)
def _micro(city: City, what: str, month: int) -> Ints:
    """By division what the city itself says at the end of a month: people as such, firms as such,
    rates in thousandths over the past year."""
    people, units, day = city.people, city.units, _month_end(month)
    firm = units.division[: units.firms]
    founded, ended = units.established[: units.firms], units.ended[: units.firms]
    registered = slice(people.registered)
    home = _home(city)
    if what == "firms":
        return _counted(city, (founded <= day) & (ended > day), firm)
    if what == "new_firms":
        return _counted(
            city, (founded > _month_end(month - month % 12 - 1)) & (founded <= day), firm
        )
    if what == "residents":
        return _counted(city, people.present, home)
    born, died = people.born[registered], people.died[registered]
    if what == "registered":
        here = (born <= day) & (died > day) & (people.moved_out[registered] > day)
        return _counted(city, here, home[registered])
    gone = died != NEVER if what == "deaths" else born > city.today - 365
    return _counted(city, gone, home[registered])


def _noise(city: City, code: str, key: Ints) -> Floats:
    return city.draws(f"statistics/{code}").uniform(key) - 0.5


def _base(city: City, code: str, month: int) -> Ints:
    """Values of an indicator by division, the city last, for the period that ends with the month;
    flows since the year began."""
    facts = _indicators()[code]
    if "sum" in facts:
        total: Ints = np.sum([_base(city, part, month) for part in facts["sum"]], axis=0)
        return total
    if "per_head" in facts:
        people = np.maximum(_base(city, "P01", month), 1)
        each = np.round(_base(city, facts["per_head"], month) / people * 10_000)
        shared: Ints = (each * _SCALE).astype(np.int64)
        return shared
    places = np.arange(len(city.places.divisions) + 1)
    if facts["kind"] == "micro":
        return _from_city(city, facts, month)
    year, of_year = month // 12, month % 12 + 1
    ago = city.day.year - 1970 - year
    trend = (1 + facts["growth"]) ** -ago
    if facts["kind"] == "rate":
        noise = _noise(city, code, places + 1000 * month)
        level = facts["city"] * trend * (1 + facts["varies"] * noise)
        if facts.get("cumulative"):
            level = level * of_year / 12
        step = _SCALE if facts["unit"] == "元" else _SCALE // 100
        own: Ints = (np.round(level * _SCALE / step) * step).astype(np.int64)
        return own
    share = _shares(city) * city.residents / int(declaration("scale")["residents"])
    level = (
        facts["city"] * trend * share * (1 + 0.06 * _noise(city, code, places[:-1] + 1000 * year))
    )
    if facts["kind"] == "flow":
        level = level * (of_year / 12) ** 1.03
    else:
        level = level * (1 + facts["growth"] * (of_year - 12) / 12)
    parts = np.round(level * _SCALE).astype(np.int64)
    return np.append(parts, parts.sum())


def _from_city(city: City, facts: dict[str, Any], month: int) -> Ints:
    """Counts, or events per thousand of the registered."""
    parts = _micro(city, facts["counts"], month)
    parts = np.append(parts, parts.sum())
    if facts["unit"] == "‰":
        of = _micro(city, "registered", month)
        of = np.maximum(np.append(of, of.sum()), 1)
        rates: Ints = np.round(np.round(parts * 1000 / of, 2) * _SCALE).astype(np.int64)
        return rates
    return parts if facts["unit"] == "万人" else parts * _SCALE


def _periods(city: City, every: str, years: int) -> Iterator[tuple[int, str]]:
    """Last month and text of each period of so many years, the oldest first."""
    last = (city.day.year - 1970) * 12 + city.day.month - 1
    for month in range(last - 12 * years, last + 1):
        year, of_year = month // 12 + 1970, month % 12 + 1
        if of_year % _MONTHS[every] == 0:
            texts = {
                "month": f"{year}-{of_year:02d}",
                "quarter": f"{year}Q{of_year // 3}",
                "year": f"{year}",
            }
            yield month, texts[every]


def _published(month: int) -> int:
    return days(datetime.date((month + 1) // 12 + 1970, (month + 1) % 12 + 1, _PUBLISHED_DAY))


def _rows_of(city: City, code: str, years: int) -> Iterator[dict[str, Any]]:
    """The rows of an indicator: its values, and their growth over the year before, as columns."""
    facts = _indicators()[code]
    kind, every, unit = facts["kind"], facts["every"], facts["unit"]
    basis = "year" if every == "year" and kind != "micro" else facts.get("basis", _BASIS[kind])
    for month, period in _periods(city, every, years):
        if _published(month) > city.today:
            continue
        values = _base(city, code, month)
        facts_of = {"code": code, "period": period, "published": _published(month)}
        yield {**facts_of, "basis": basis, "unit": unit, "version": _PRELIMINARY, "values": values}
        final = days(datetime.date(month // 12 + 1971, 12, 20))
        if every == "year" and final <= city.today:
            yield {**facts_of, "basis": basis, "unit": unit, "version": _FINAL, "values": values,
                   "published": final}  # fmt: skip
        if kind in ("flow", "stock"):
            before = np.maximum(_base(city, code, month - 12), 1)
            growth = np.round((values / before - 1) * 100, 1)
            yield {**facts_of, "basis": "yoy", "unit": "%", "version": _PRELIMINARY,
                   "values": np.round(growth * _SCALE).astype(np.int64)}  # fmt: skip


@lru_cache(maxsize=2)
def _all(city: City) -> pl.DataFrame:
    """The whole table, by indicator and period: as many years as its size allows, at least one."""
    a_year = sum(
        12 // _MONTHS[facts["every"]] * (2 if facts["kind"] in ("flow", "stock") else 1)
        for facts in _indicators().values()
    ) * (len(city.places.divisions) + 1)
    years = max(city.scale.rows("statistics/indicator_values") // a_year, 1)
    rows = [row for code in _indicators() for row in _rows_of(city, code, years)]
    size = len(city.places.divisions) + 1
    at = np.repeat(np.arange(len(rows)), size)

    def column(name: str) -> pl.Series:
        return pick([row[name] for row in rows], at)

    return pl.DataFrame(
        {
            "indicator_code": column("code"),
            "period": column("period"),
            "division": pick([*city.places.divisions, CITY], np.tile(np.arange(size), len(rows))),
            "basis": column("basis"),
            "version": column("version"),
            "value": np.concatenate([row["values"] for row in rows]) / _SCALE,
            "unit": column("unit"),
            "published_on": dates(np.array([row["published"] for row in rows])[at]),
        }
    )


@table("statistics/indicator_values", slots=lambda city: _all(city).height)
def indicator_values(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an indicator, period, division, basis and version, published by the city's day."""
    return _all(city)[start:stop]


@table("statistics/regional_gdp", slots=lambda city: city.scale.rows("statistics/regional_gdp"))
def regional_gdp(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a year and province, the oldest year first; 亿元, shares with four decimals.

    The levels are of the size of the real ones, the figures invented.
    """
    provinces = _declared()["provinces"]
    slot, count = np.arange(start, stop), city.scale.rows("statistics/regional_gdp")
    place = slot % len(provinces)
    ago = (count - 1 - slot) // len(provinces)
    year = city.day.year - 1 - ago
    level, primary, secondary = np.array(list(provinces.values()), dtype=float)[place].T
    noise = city.draws("statistics/gdp").uniform(slot) - 0.5
    total = level * 1.062**-ago * (1 + 0.01 * noise)
    secondary = secondary + 0.002 * ago
    parts = np.stack([primary, secondary, 1 - primary - secondary])
    cents = np.round(total * 100 * parts).astype(np.int64)
    gdp = cents.sum(axis=0)
    share = np.round(cents / gdp, 4)
    return pl.DataFrame(
        {
            "year": year,
            "province": pick(list(provinces), place),
            "gdp": gdp / 100,
            "primary_industry": cents[0] / 100,
            "secondary_industry": cents[1] / 100,
            "tertiary_industry": cents[2] / 100,
            "primary_industry_share": share[0],
            "secondary_industry_share": share[1],
            "tertiary_industry_share": share[2],
        }
    )
