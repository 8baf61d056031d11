"""住建、自然资源: construction permits and real estate.

Belongs here: these two datasets. Homes belong to the households that live in them, premises to the
firms that sit there; permits are of builders of the register.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.grouping import rank_within
from demo.city.lives import SETTLED, day_within, keeper, window
from demo.city.people import Days
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import (
    add_years,
    blank_unless,
    dates,
    days,
    joined,
    numbers,
    pick,
    year_month_day,
    year_of,
)

_REGISTERED_SINCE: Final = days("2016-03-01")
"""Since then one register keeps all real estate."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/construction"))


@lru_cache(maxsize=2)
def _builders(city: City) -> tuple[Ints, Ints, Ints]:
    """Builder, day and serial within its day and division of each permit, by day."""
    units, declared = city.units, _declared()
    draws, since = city.draws("housing/permits"), city.today - 365 * declared["years"]
    firms = units.in_industry(*declared["builders"])
    firms = firms if len(firms) else np.arange(units.state.start, units.state.stop)
    first, last = window(city, firms, since)
    firms = firms[first <= last]
    index = np.arange(city.scale.rows("housing/construction_permits") if len(firms) else 0)
    builder = firms[draws.integers(index, 0, max(len(firms), 1))]
    day = day_within(draws, index, window(city, builder, since), 1)
    order = np.argsort(day, kind="stable")
    return builder[order], day[order], order


@table("housing/construction_permits", slots=lambda city: len(_builders(city)[0]))
def construction_permits(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a permit, by day; price in 万元, area in m² (none for municipal works)."""
    places, declared = city.places, _declared()
    builders, issued, key = _builders(city)
    site = city.draws("housing/site").integers(key, 0, places.count)
    division = places.division(site)
    serial = rank_within(issued * 100 + division) + 1
    builder, day, key, site, division, serial = (
        part[start:stop] for part in (builders, issued, key, site, division, serial)
    )
    draws = city.draws("housing/project")
    kind = draws.choice(key, [entry["weight"] for entry in declared["projects"]])
    municipal = np.array([entry["word"] == "道路工程" for entry in declared["projects"]])[kind]
    area = np.round(800 * np.exp(draws.normal(key, 2.2, 0.9, 1)), 2)
    price = draws.integers(key, 1600, 4200, 2)
    code = pick(places.divisions, division)
    approved = year_month_day(day - draws.integers(key, 60, 400, 3)) // 100 % 10_000
    words = [entry["word"] for entry in declared["projects"]]
    brands = declaration("units")["brand"]
    brand = draws.integers(key, 0, len(brands) - 1, 4)
    return pl.DataFrame(
        {
            "permit_no": joined(code, numbers(year_month_day(day), 8), numbers(serial, 4)),
            "project_code": joined(numbers(approved, 4), "-", code, "-04-01-",
                                   numbers(draws.integers(key, 0, 10**6, 5), 6)),
            "project": joined(places.columns(site)["road"],
                              pick([brands[i:i + 2] for i in range(len(brands) - 1)], brand),
                              pick(words, kind)),
            "builder_uscc": city.units.uscc.gather(builder),
            "cost": np.round(np.where(municipal, area / 8, area * price / 10_000), 2),
            "area": blank_unless(pl.Series(area), ~municipal),
            "division": code,
            "issued_on": dates(day),
        }
    )  # fmt: skip


@lru_cache(maxsize=2)
def _owned(city: City) -> tuple[Ints, Ints]:
    """Homes (by household) and premises (by firm) that are registered."""
    units = city.units
    wanted = city.scale.rows("natural_resources/real_estate")
    homes = np.arange(min(city.people.households, round(wanted * _declared()["homes"])))
    firms = np.arange(units.state.start, units.firms)
    firms = firms[units.active[firms] & (units.established[firms] < city.today - SETTLED)]
    return homes, firms[: wanted - len(homes)]


@lru_cache(maxsize=2)
def real_estate_days(city: City) -> Days:
    """Day of registration of each piece of real estate: its owner was of age, or existed."""
    homes, firms = _owned(city)
    owner = keeper(city)[homes]
    of_age = add_years(city.people.born[owner], 18)
    first = np.concatenate([of_age, city.units.established[firms].astype(np.int64) + 1])
    first = np.maximum(first, _REGISTERED_SINCE)
    index = np.arange(len(first))
    day = city.draws("natural_resources/day").integers(index, first, city.today)
    registered: Days = np.minimum(np.maximum(day, first), city.today).astype(np.int32)
    return registered


def real_estate_count(city: City) -> int:
    """How many pieces of real estate there are."""
    homes, firms = _owned(city)
    return len(homes) + len(firms)


def real_estate_owner(city: City, at: Ints) -> tuple[Ints, Ints, Ints]:
    """Person (-1: none), unit (-1: none) that owns each piece, and its address."""
    homes, firms = _owned(city)
    home = at < len(homes)
    person = keeper(city)[homes[np.minimum(at, len(homes) - 1)]]
    unit = firms[np.maximum(at - len(homes), 0)] if len(firms) else np.zeros(len(at), np.int64)
    address = np.where(home, city.people.address[person], city.units.address[unit])
    return np.where(home, person, -1), np.where(home, -1, unit), address


def real_estate_certificates(city: City, at: Ints) -> pl.Series:
    """Numbers of the certificates."""
    _, _, address = real_estate_owner(city, at)
    names = {code.code: code.name for code in city.catalog.codes("zibo_divisions")}
    county = [names[code] for code in city.places.divisions]
    year = year_of(real_estate_days(city)[at].astype(np.int64))
    return joined("鲁（", numbers(year, 4), "）淄博", pick(county, city.places.division(address)),
                  "不动产权第", numbers(at + 1, 8), "号")  # fmt: skip


@table("natural_resources/real_estate", slots=real_estate_count)
def real_estate(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a home or premises; a few are cancelled, and free of mortgages then."""
    people, units, declared = city.people, city.units, _declared()
    at = np.arange(start, stop)
    person, unit, address = real_estate_owner(city, at)
    firm = unit >= 0
    draws, day = city.draws("natural_resources/estate"), real_estate_days(city)[at]
    code = city.places.codes(address)
    serial = code.str.slice(12).cast(pl.Int64).to_numpy()
    village = city.places.is_village(address)
    use = draws.choice(at, list(declared["uses"].values()))
    dwelling = np.where(village, len(declared["uses"]) + 1, len(declared["uses"]))
    median = np.where(firm, 420.0, np.where(village, 130.0, 98.0))
    area = np.clip(median * np.exp(draws.normal(at, 0.0, 0.3, 1)), 18, 1900)
    cancelled = draws.chance(at, declared["cancelled"], 3) & (day < city.today - 30)
    mortgaged = draws.chance(at, declared["mortgaged"], 4) & ~cancelled & ~village
    owner_id = pick(people.id_no, person).zip_with(pl.Series(~firm), pick(units.uscc, unit))
    owner = pick(people.name, person).zip_with(pl.Series(~firm), pick(units.name, unit))
    return pl.DataFrame(
        {
            "unit_no": joined(code.str.slice(0, 12),
                              pick(["GB", "JC"], village.astype(np.int64)),
                              numbers(serial // 24 % 10**5, 5), "F", numbers(serial, 8)),
            "certificate_no": real_estate_certificates(city, at),
            "owner_id": owner_id,
            "owner": owner,
            "area": np.round(area, 2),
            "use": pick([*declared["uses"], "11", "12"], np.where(firm, use, dwelling)),
            "mortgaged": mortgaged,
            "address_code": code,
            "registered_on": dates(day),
            "cancelled_on": dates(draws.integers(at, day + 1, city.today, 5), cancelled),
        }
    )  # fmt: skip
