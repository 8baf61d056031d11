"""12345热线、城市管理: tickets and incidents.

Belongs here: these two datasets. A ticket or incident lies at an address of the city and goes to
the agency in charge, or to the town government there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.odds import Parts, below, parts, positions
from demo.city.offices import offices, town_governments
from demo.city.rng import Bits, Draws, Ints
from demo.city.table import table
from demo.city.text import from_symbols, moments, pick, year_month_day
from demo.city.workdays import working_days_after

_TOWN: Final = "town"
"""In the declaration: the town government of the place."""
_HEX: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_RATES: Final = ("1", "2", "3", "9")
"""Codes of satisfaction_levels."""


def _declared(kind: str) -> list[dict[str, Any]]:
    return list(declaration("domains/city_services")[kind])


@lru_cache(maxsize=4)
def _in_charge(city: City, kind: str) -> Ints:
    """The unit in charge by declared entry and division; -1 for town governments."""
    return np.stack(
        [
            np.full(len(city.places.divisions), -1)
            if entry["line"] == _TOWN
            else offices(city, entry["line"])
            for entry in _declared(kind)
        ]
    )


def _responsible(city: City, kind: str, entry: Ints, address: Ints) -> pl.Series:
    unit = _in_charge(city, kind)[entry, city.places.division(address)]
    unit = np.where(unit < 0, town_governments(city, address), unit)
    return city.units.uscc.gather(unit)


@lru_cache(maxsize=2)
def _seasonal(kind: str) -> Ints:
    """For each month a table of positions in the declared entries, by 16 random bits."""
    entries = _declared(kind)
    months = []
    for month in range(12):
        weights = [
            entry["weight"] * (entry["months"].get(month + 1, 1) if "months" in entry else 1)
            for entry in entries
        ]
        months.append(positions(weights))
    return np.stack(months)


@dataclass(frozen=True)
class _Reports:
    """What was reported when and where: day and second of the day, declared entry, address; and
    random bits to go on with."""

    draws: Draws
    day: Ints
    second: Ints
    entry: Ints
    address: Ints
    moment: Parts
    takes: Parts
    mood: Parts


def _reports(city: City, kind: str, stream: str, slot: Ints, count: int) -> _Reports:
    """Reports of the past year, the oldest day first: by day, seldom at night."""
    draws = city.draws(stream)
    what, moment, takes, mood = parts(draws, slot)
    day = city.today - 364 + slot * 365 // count
    hours = positions(declaration("domains/city_services")["hours"])
    second = hours[moment] * 3600 + (slot * 7919) % 3600
    entry = _seasonal(kind)[_month(day), what]
    address = draws.integers(slot, 0, city.places.count, 1)
    return _Reports(draws, day, second, entry, address, moment, takes, mood)


def _month(day: Ints) -> Ints:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12


def _hexadecimal(bits: Bits) -> pl.Series:
    """64 bits as 16 hexadecimal digits."""
    nibbles = bits[:, None] >> np.arange(60, -4, -4, dtype=np.uint64) & np.uint64(15)
    return from_symbols(_HEX[nibbles.astype(np.int64)])


@table("hotline/tickets", slots=lambda city: city.scale.rows("hotline/tickets"))
def tickets(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a call of the past year, the oldest day first. Due after five working days; the
    newest are not answered yet. A caller's key is the same for all its calls."""
    slot, count = np.arange(start, stop), city.scale.rows("hotline/tickets")
    entries, known = _declared("tickets"), _reports(city, "tickets", "hotline/tickets", slot, count)
    day, entry, address = known.day, known.entry, known.address
    caller = known.draws.integers(slot, 0, city.people.registered, 2)
    key = city.draws("hotline/caller").bits(caller)
    days = below(known.takes, 100)
    answer = working_days_after(day, 1 + days * 5 // 100)
    replied = answer < city.today
    rate = positions([62, 14, 8, 16])[known.mood]
    texts = [text for e in entries for text in e["texts"]]
    starts = np.cumsum([0, *(len(e["texts"]) for e in entries)])
    wide = (starts[entry + 1] - starts[entry]) * (slot * 31 % 101) // 101
    names = {code.code: code.name for code in city.catalog.codes("zibo_divisions")}
    towns = city.places.columns(address)["town"]
    content = pl.select(
        pl.concat_str(
            pick([names[c] for c in city.places.divisions], city.places.division(address)),
            towns,
            pick(texts, starts[entry] + wide),
        )
    ).to_series()
    return pl.DataFrame(
        {
            "ticket_no": pl.Series(year_month_day(day) * 10**8 + slot).cast(pl.String),
            "called_at": moments(day, known.second),
            "caller_key": _hexadecimal(key),
            "category": pick([e["category"] for e in entries], entry),
            "division": city.places.division_codes(address),
            "responsible_uscc": _responsible(city, "tickets", entry, address),
            "content": content,
            "due_at": moments(working_days_after(day, 5), np.full(len(slot), 18 * 3600)),
            "replied_at": moments(answer, 9 * 3600 + known.moment % 28_800, replied),
            "satisfied": pick(_RATES, np.where(replied, rate, -1)),
        }
    )


@table(
    "urban_management/city_incidents",
    slots=lambda city: city.scale.rows("urban_management/city_incidents"),
)
def city_incidents(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an incident of the past year, the oldest day first; closed within days, the newest
    not yet."""
    slot, count = np.arange(start, stop), city.scale.rows("urban_management/city_incidents")
    entries = _declared("incidents")
    known = _reports(city, "incidents", "urban_management/incidents", slot, count)
    entry, address = known.entry, known.address
    lon, lat = city.places.points(address)
    hours = 1 + below(known.takes, 97)
    closed = known.day * 86_400 + known.second + hours * 3600 + known.takes % 60
    return pl.DataFrame(
        {
            "incident_no": pl.Series(year_month_day(known.day) * 10**8 + slot).cast(pl.String),
            "category": pick([e["category"] for e in entries], entry),
            "division": city.places.division_codes(address),
            "lon": lon,
            "lat": lat,
            "found_at": moments(known.day, known.second),
            "closed_at": moments(0, closed, closed < (city.today + 1) * 86_400),
            "responsible_uscc": _responsible(city, "incidents", entry, address),
        }
    )
