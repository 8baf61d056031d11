"""发改(信用): administrative licences as disclosed.

Belongs here: this dataset. A disclosed licence is one that its own dataset knows (food,
discharges), or a licence of a kind that no dataset lists.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.disclosure import category_of, decided_by, representative_of
from demo.city.domains.ecology import discharges, permit_numbers
from demo.city.domains.food_safety import licenses
from demo.city.granted import Granted
from demo.city.lives import day_within, firms_alive_since, window
from demo.city.offices import offices
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import NEVER, add_years, dates, joined, numbers, pick, year_of


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/credit"))


@lru_cache(maxsize=2)
def _other_licenses(city: City) -> tuple[Ints, Ints, Ints]:
    """Holder, kind and day of the licences of kinds that no dataset lists."""
    declared = _declared()["other_licenses"]
    listed = len(licenses(city).unit) + len(discharges(city).unit)
    wanted = city.scale.rows("development_reform/administrative_licenses") - listed
    index, draws = np.arange(max(wanted, 0)), city.draws("credit/licenses")
    since = city.today - 365 * _declared()["years"]
    firms = firms_alive_since(city, since)
    firm = firms[draws.integers(index, 0, len(firms))]
    kind = draws.choice(index, [entry["weight"] for entry in declared], 1)
    return firm, kind, day_within(draws, index, window(city, firm, since), 2)


def _license_slots(city: City) -> int:
    return len(licenses(city).unit) + len(discharges(city).unit) + len(_other_licenses(city)[0])


@table("development_reform/administrative_licenses", slots=_license_slots)
def administrative_licenses(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a decision: food licences, discharge permits, then others."""
    food, waste = licenses(city), discharges(city)
    slot = np.arange(start, stop)
    second, third = len(food.unit), len(food.unit) + len(waste.unit)
    return pl.concat(
        [
            _food(city, slot[slot < second]),
            _discharges(city, slot[(slot >= second) & (slot < third)] - second),
            _others(city, slot[slot >= third] - third),
        ]
    )


def _licenses(
    city: City, unit: Ints, day: Ints, until: Ints, office: Ints, facts: dict[str, pl.Series]
) -> pl.DataFrame:
    """Rows of licences; `facts` holds document_no, kind and what the certificate says."""
    units = city.units
    lapsed = (units.ended[unit] != NEVER) | (until < city.today)
    return pl.DataFrame(
        {
            "name": units.name.gather(unit),
            "category": category_of(city, unit),
            "uscc": units.uscc.gather(unit),
            **representative_of(city, unit, unit < units.firms),
            "document_name": pick(["准予行政许可决定书"], np.zeros(len(unit), dtype=np.int64)),
            **facts,
            "decided_on": dates(day),
            "valid_from": dates(day),
            "valid_to": dates(until),
            **decided_by(city, office, "agency"),
            "status": pick(["1", "2"], lapsed.astype(np.int64)),
        }
    )


def _document_nos(word: pl.Series | str, day: Ints, serial: Ints) -> pl.Series:
    return joined("淄", word, "准字〔", numbers(year_of(day), 4), "〕",
                  pl.Series(serial + 1).cast(pl.String), "号")  # fmt: skip


def _listed(
    city: City, known: Granted, at: Ints, office: Ints, words: tuple[str, str],
    number: pl.Series, content: pl.Series,
) -> pl.DataFrame:  # fmt: skip
    """Rows of licences that their own dataset lists; `words`: of the decision's number, and the
    certificate's name."""
    unit, day = known.unit[at], known.valid_from[at].astype(np.int64)
    same = np.zeros(len(at), dtype=np.int64)
    facts = {
        "document_no": _document_nos(words[0], day, at),
        "kind": pick(["1"], same),
        "certificate_name": pick([words[1]], same),
        "certificate_no": number,
        "content": content,
    }
    return _licenses(city, unit, day, known.valid_to[at].astype(np.int64), office, facts)


def _food(city: City, at: Ints) -> pl.DataFrame:
    known = licenses(city)
    office = offices(city, "administrative_approval")[city.units.division[known.unit[at]]]
    content = pick(_declared()["food_content"], known.form[at] - 1)
    words = ("食许", "食品经营许可证")
    return _listed(city, known, at, office, words, known.numbers(city, at), content)


def _discharges(city: City, at: Ints) -> pl.DataFrame:
    known = discharges(city)
    office = np.full(len(at), city.units.of_agency("ecology"))
    content = pl.repeat("排放水污染物、大气污染物", len(at), eager=True)
    words, number = ("环许", "排污许可证"), permit_numbers(city, known.unit[at])
    return _listed(city, known, at, office, words, number, content)


def _others(city: City, at: Ints) -> pl.DataFrame:
    declared = _declared()["other_licenses"]
    unit, kind, day = (part[at] for part in _other_licenses(city))
    years = np.array([entry["years"] for entry in declared])[kind]
    word = pick([entry["word"] for entry in declared], kind)
    number = joined(pick(city.places.divisions, city.units.division[unit]), numbers(at + 1, 8))
    facts = {
        "document_no": _document_nos(word, day, at),
        "kind": pick([entry["kind"] for entry in declared], kind),
        "certificate_name": pick([entry["name"] for entry in declared], kind),
        "certificate_no": number,
        "content": pick([entry["content"] for entry in declared], kind),
    }  # fmt: skip
    office = offices(city, "administrative_approval")[city.units.division[unit]]
    return _licenses(city, unit, day, add_years(day, years) - 1, office, facts)
