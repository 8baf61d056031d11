"""市场监管: business entities, shareholders, registration changes.

Belongs here: these three datasets. The firms stand in `demo.city.units`, food and the list of
abnormal operations in modules of their own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.declared import table as rows_of
from demo.city.places import CITY
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import blank_unless, dates, joined, numbers, pick

_REVOKED, _DEREGISTERED = "2", "3"
"""Codes of entity_status."""
_PERSON, _FIRM = "1", "2"
"""Codes of shareholder_types."""
_MOST_HOLDERS: Final = 12


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/market_supervision"))


def registrar(city: City, firm: Ints) -> pl.Series:
    """The division whose bureau registers the firm: the city's for some kinds, else its own."""
    own = pick(city.places.divisions, city.units.division[firm])
    by_city = city.units.is_kind(*_declared()["city_kinds"])[firm]
    frame = pl.DataFrame({"own": own, "by_city": by_city})
    return frame.select(pl.when("by_city").then(pl.lit(CITY)).otherwise("own")).to_series()


def _scopes(city: City) -> list[str]:
    """Business scope of each of the units' industries."""
    declared = {row["code"]: row["scope"] for row in rows_of("industries")}
    names = {code.code: code.name for code in city.catalog.codes("gbt4754")}
    return [declared.get(code) or names[code] for code in city.units.industries]


@table("market_supervision/business_entities", slots=lambda city: city.units.firms)
def business_entities(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a firm. Sole traders and branches have no capital."""
    units, firm = city.units, np.arange(start, stop)
    address = units.address[firm]
    lon, lat = city.places.points(address)
    capital = units.capital[firm]
    status = np.array(list(declaration("units")["firm_status"]))[units.status[firm]]
    return pl.DataFrame(
        {
            "uscc": units.uscc.gather(firm),
            "name": units.name.gather(firm),
            "entity_type": pl.Series(units.kinds("entity_type")[firm]),
            "legal_representative": city.people.name.gather(units.representative[firm]),
            "registered_capital": blank_unless(
                joined(pl.Series(capital).cast(pl.String), "万元人民币"), capital > 0
            ),
            "currency": blank_unless(pl.repeat("CNY", len(firm), eager=True), capital > 0),
            "industry": pick(list(units.industries), units.industry[firm]),
            "business_scope": pick(_scopes(city), units.industry[firm]),
            "parent_uscc": pick(
                units.uscc, np.where(units.is_kind("branch")[firm], units.parent[firm], -1)
            ),
            "division": city.places.division_codes(address),
            "address": units.addresses(firm),
            "address_code": city.places.codes(address),
            "lon": lon,
            "lat": lat,
            "status": pl.Series(status),
            "established_on": dates(units.established[firm]),
            "revoked_on": dates(units.ended[firm], status == _REVOKED),
            "deregistered_on": dates(units.ended[firm], status == _DEREGISTERED),
            "_division": registrar(city, firm),
        }
    )


@lru_cache(maxsize=2)
def holdings(city: City) -> tuple[Ints, Ints]:
    """Firms with shareholders, and how many each has."""
    units, holders = city.units, _declared()["holders"]
    count = np.zeros(units.firms, dtype=np.int64)
    draws = city.draws("market_supervision/holders")
    for kind, entry in holders.items():
        firm = np.flatnonzero(units.is_kind(kind))
        options = np.array(list(entry["counts"]))
        count[firm] = options[draws.choice(firm, list(entry["counts"].values()))]
    firm = np.flatnonzero(count)
    return firm, count[firm]


def holding_firm(city: City, firm: Ints) -> Ints:
    """The unit that holds the first share of each; -1 where a person does. No firm holds one that
    holds it: a holder has a smaller number, as parents of state enterprises do. State enterprises
    without a parent belong to the agency for state assets."""
    units = city.units
    owned = [kind for kind, entry in _declared()["holders"].items() if entry.get("firms")]
    drawn = city.draws("market_supervision/holder").integers(firm, 0, np.maximum(firm, 1))
    parent = units.parent[firm]
    holder = np.where(parent >= 0, parent, drawn)
    companies = units.is_kind("natural", "legal_person", "stock", "state")[holder]
    fits = companies & units.active[holder] & (holder < firm)
    fits &= units.established[holder] <= units.established[firm]
    held = np.where(units.is_kind(*owned)[firm] & fits, holder, -1)
    top = units.is_kind("state")[firm] & (parent < 0)
    return np.where(top, units.of_agency("state_assets"), held)


@table("market_supervision/shareholders", slots=lambda city: _MOST_HOLDERS * len(holdings(city)[0]))
def shareholders(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a holder of a company; shares are whole percents and add up to 100, the paid-in
    amount is in 万元."""
    people, units = city.people, city.units
    slot = np.arange(start, stop)
    at, turn = slot // _MOST_HOLDERS, slot % _MOST_HOLDERS
    firms, counts = holdings(city)
    held = turn < counts[at]
    firm, count, turn = firms[at[held]], counts[at[held]], turn[held]
    other = np.where(turn == 0, holding_firm(city, firm), -1)
    person = _holder(city, firm, turn)
    share = share_of(city, firm, count, turn)
    paid = city.draws("market_supervision/paid").uniform(firm) ** (1 / _declared()["paid_in"] - 1)
    frame = pl.DataFrame(
        {
            "uscc": units.uscc.gather(firm),
            "person_id": people.id_no.gather(person),
            "person": people.name.gather(person),
            "firm_id": pick(units.uscc, other),
            "firm": pick(units.name, other),
            "share_percent": share.astype(np.float64),
            "paid_in": np.round(units.capital[firm] * share / 100 * paid, 2),
        }
    )
    return frame.select(
        "uscc",
        pl.coalesce("firm_id", "person_id").alias("holder_id"),
        pl.when(pl.col("firm_id").is_null())
        .then(pl.lit(_PERSON))
        .otherwise(pl.lit(_FIRM))
        .alias("holder_type"),
        pl.coalesce("firm", "person").alias("holder"),
        "share_percent",
        "paid_in",
    )


@lru_cache(maxsize=2)
def _grown(city: City) -> Ints:
    """Registered people between 30 and 75."""
    people = city.people
    age = people.ages()[: people.registered]
    return np.flatnonzero((age >= 30) & (age < 75))


def _holder(city: City, firm: Ints, turn: Ints) -> Ints:
    """The person who holds a share: the representative first, then others, none twice."""
    grown = _grown(city)
    first = city.draws("market_supervision/person").integers(firm, 0, len(grown))
    person = grown[(first + turn * 7) % len(grown)]
    representative = city.units.representative[firm]
    clash = (person == representative) & (turn > 0)
    person = np.where(clash, grown[(first + 7 * _MOST_HOLDERS) % len(grown)], person)
    return np.where(turn == 0, representative, person)


def share_of(city: City, firm: Ints, count: Ints, turn: Ints) -> Ints:
    """Whole percents: an equal part each, and what one of them took from the next to last."""
    equal = 100 // count
    first = 100 - equal * (count - 1)
    moved = city.draws("market_supervision/share").integers(firm, 0, equal)
    moved = np.where(count > 1, moved, 0)
    return np.where(turn == 0, first + moved, np.where(turn == count - 1, equal - moved, equal))


@table(
    "market_supervision/registration_changes",
    slots=lambda city: city.scale.rows("market_supervision/registration_changes"),
)
def registration_changes(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a change of address, representative, capital or scope to what the register says
    today. None of firms that lived less than two months."""
    units, declared = city.units, _declared()
    change, draws = np.arange(start, stop), city.draws("market_supervision/changes")
    firm = draws.integers(change, 0, units.firms, 1)
    lived = np.minimum(units.ended[firm].astype(np.int64), city.today) - units.established[firm]
    kept = lived > 60
    change, firm = change[kept], firm[kept]
    items = list(declared["changes"])
    item = draws.choice(change, list(declared["changes"].values()), 2)
    item = np.where((units.capital[firm] == 0) & (item == items.index("04")), 0, item)
    before, after = _contents(city, change, firm, item, items)
    last = np.minimum(units.ended[firm].astype(np.int64), city.today)
    day = draws.integers(change, units.established[firm].astype(np.int64) + 30, last, 3)
    return pl.DataFrame(
        {
            "uscc": units.uscc.gather(firm),
            "change_no": joined("BG", numbers(change + 1, 10)),
            "item": pick(items, item),
            "before": before,
            "after": after,
            "changed_on": dates(day),
            "_division": registrar(city, firm),
        }
    )


def _contents(
    city: City, change: Ints, firm: Ints, item: Ints, items: list[str]
) -> tuple[pl.Series, pl.Series]:
    units, people, places = city.units, city.people, city.places
    draws, dropped = city.draws("market_supervision/before"), _declared()["scope_dropped"]
    grown = _grown(city)
    old_address = draws.integers(change, 0, places.count, 1)
    old_head = grown[draws.integers(change, 0, len(grown), 2)]
    scope = pick(_scopes(city), units.industry[firm])
    frame = pl.DataFrame(
        {
            "item": pick(items, item),
            "old_02": places.texts(old_address),
            "new_02": units.addresses(firm),
            "old_03": people.name.gather(old_head),
            "new_03": people.name.gather(units.representative[firm]),
            "old_04": joined(pl.Series(units.capital[firm] * 2).cast(pl.String), "万元人民币"),
            "new_04": joined(pl.Series(units.capital[firm]).cast(pl.String), "万元人民币"),
            "old_05": joined(scope, dropped),
            "new_05": scope,
        }
    )
    chosen = {
        side: pl.coalesce(
            pl.when(pl.col("item") == code).then(pl.col(f"{side}_{code}")) for code in items
        ).alias(side)
        for side in ("old", "new")
    }
    texts = frame.select(chosen["old"], chosen["new"])
    return texts["old"], texts["new"]
