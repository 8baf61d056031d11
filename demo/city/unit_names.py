"""What units are called.

Belongs here: names put together from places, invented brands and words of the trade.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.declared import declaration, table
from demo.city.rng import Ints
from demo.city.text import joined, pick
from demo.city.unit_traits import UnitTraits


def unit_names(units: UnitTraits) -> pl.Series:
    """Names of all units in their order."""
    return pl.concat(
        [_firms(units), _agencies(units), _towns(units), _schools(units), _hospitals(units),
         _institutions(units), _social(units)]
    ).alias("name")  # fmt: skip


def _brand(units: UnitTraits, index: Ints) -> pl.Series:
    """Three characters, repeated only after all combinations were used."""
    brand = declaration("units")["brand"]
    size = len(brand)
    at = units.basis.draws("units/brand").shuffled(index % size**3, size**3)
    return joined(
        pick(brand, at % size), pick(brand, at // size % size), pick(brand, at // size**2)
    )


def _county(units: UnitTraits, index: Ints) -> pl.Series:
    """The county or zone a unit sits in, by name."""
    names = {code.code: code.name for code in units.basis.catalog.codes("zibo_divisions")}
    return pick([names[code] for code in units.places.divisions], units.division[index])


def _firms(units: UnitTraits) -> pl.Series:
    declared = declaration("units")
    index = np.arange(units.firms)
    words = [row["word"] for row in table("industries")]
    words += [""] * (len(units.industries) - len(words))
    word = pick(words, units.industry)
    company = joined("淄博", _brand(units, index), word, pick(units.kinds("suffix"), index))
    draws, first = units.basis.draws("units/ending"), declared["trader_endings"]
    endings = [*first, *declared["clinic_endings"]]
    clinic = np.isin(index, units.clinics)
    ending = draws.integers(
        index, np.where(clinic, len(first), 0), np.where(clinic, len(endings), len(first))
    )
    trade = pick(pl.Series(["", *words]), np.where(clinic, 0, units.industry + 1))
    trader = joined(_county(units, index), _brand(units, index), trade, pick(endings, ending))
    parent = np.maximum(units.parent[: units.firms], 0)
    branch = joined(company.gather(parent), _county(units, index), "分公司")
    frame = pl.DataFrame(
        {
            "company": company,
            "trader": trader,
            "branch": branch,
            "is_trader": units.is_kind("trader"),
            "is_branch": units.is_kind("branch") & (units.parent[: units.firms] >= 0),
        }
    )
    names = frame.select(
        pl.when("is_trader").then("trader").when("is_branch").then("branch").otherwise("company")
    ).to_series()
    own = [units.basis.catalog.agencies[agency].name for agency in units.agency_firms]
    return pl.concat([pl.Series(own, dtype=pl.String), names[len(own) :].alias("")])


def _agencies(units: UnitTraits) -> pl.Series:
    agencies = units.basis.catalog.agencies
    return pl.Series([agencies[agency].name for agency in units.agency_bodies], dtype=pl.String)


def _towns(units: UnitTraits) -> pl.Series:
    names = {code.code: code.name for code in units.basis.catalog.codes("zibo_divisions")}
    texts = []
    for town in units.places.towns:
        ending = "办事处" if names[town].endswith("街道") else "人民政府"
        texts.append(f"{names[town[:6]]}{names[town]}{ending}")
    return pl.Series(texts, dtype=pl.String)


def _schools(units: UnitTraits) -> pl.Series:
    index = np.array(units.schools)
    words = [entry["word"] for entry in declaration("units")["schools"]]
    return joined(_county(units, index), _brand(units, index), pick(words, units.school_stage))


def _hospitals(units: UnitTraits) -> pl.Series:
    index = np.array(units.hospitals)
    words = declaration("units")["hospital_words"]
    return joined(_county(units, index), _brand(units, index), pick(words, index % len(words)))


def _institutions(units: UnitTraits) -> pl.Series:
    index = np.array(units.institutions)
    words = declaration("units")["institution_words"]
    word = units.basis.draws("units/institution").choice(index, np.ones(len(words)))
    return joined(_county(units, index), _brand(units, index), pick(words, word))


def _social(units: UnitTraits) -> pl.Series:
    index = np.array(units.social)
    entries = list(declaration("units")["social_organizations"].values())
    words = [word for entry in entries for word in entry["words"]]
    starts = np.cumsum([0, *(len(entry["words"]) for entry in entries)])
    low, high = starts[units.social_type], starts[units.social_type + 1]
    word = units.basis.draws("units/social_word").integers(index, low, high)
    return joined(_county(units, index), _brand(units, index), pick(words, word))
