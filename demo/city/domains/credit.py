"""发改(信用)、市场监管: licences and penalties disclosed, dishonest entities, abnormal operations.

Belongs here: these four datasets. A disclosed licence is one that its own dataset knows (food,
discharges, construction), or a licence of a kind that no dataset lists.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.ecology import discharges, permit_numbers
from demo.city.domains.food_safety import licenses
from demo.city.domains.market_supervision import registrar
from demo.city.lives import day_within, firms_alive_since, first_chosen, somebody, window
from demo.city.marriages import year_of
from demo.city.offices import offices
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import (
    NEVER,
    add_years,
    blank_unless,
    dates,
    days,
    joined,
    numbers,
    pick,
    year_month_day,
)

_FIRM, _PERSON, _TRADER = "1", "2", "3"
"""Codes of counterparty_categories."""
_ID_CARD: Final = "111"
_LISTED_SINCE: Final = days("2014-10-01")
"""The list of abnormal operations began then."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/credit"))


def _category(city: City, unit: Ints) -> pl.Series:
    units = city.units
    firm = unit < units.firms
    trader = units.is_kind("trader")[np.minimum(unit, units.firms - 1)] & firm
    return pick([_FIRM, _TRADER], trader.astype(np.int64))


def _representative(city: City, unit: Ints, present: Bools) -> dict[str, pl.Series]:
    """The legal representative and its document, null where not present."""
    person = np.where(present, city.units.representative[unit], -1)
    return {
        "legal_representative": pick(city.people.name, person),
        "representative_document_type": pick([_ID_CARD], np.where(present, 0, -1)),
        "representative_id_no": pick(city.people.id_no, person),
    }


def _by(city: City, office: Ints, word: str) -> dict[str, pl.Series]:
    """The deciding agency and the source of the row, which are the same unit."""
    name, code = city.units.name.gather(office), city.units.uscc.gather(office)
    return {
        f"{side}_{field}": series
        for side in (word, "source")
        for field, series in (("name", name), ("uscc", code))
    }


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
            "category": _category(city, unit),
            "uscc": units.uscc.gather(unit),
            **_representative(city, unit, unit < units.firms),
            "document_name": pick(["准予行政许可决定书"], np.zeros(len(unit), dtype=np.int64)),
            **facts,
            "decided_on": dates(day),
            "valid_from": dates(day),
            "valid_to": dates(until),
            **_by(city, office, "agency"),
            "status": pick(["1", "2"], lapsed.astype(np.int64)),
        }
    )


def _document_nos(word: str, day: Ints, serial: Ints) -> pl.Series:
    return joined("淄", word, "〔", numbers(year_of(day), 4), "〕",
                  pl.Series(serial + 1).cast(pl.String), "号")  # fmt: skip


def _food(city: City, at: Ints) -> pl.DataFrame:
    known = licenses(city)
    unit, day = known.unit[at], known.valid_from[at].astype(np.int64)
    same = np.zeros(len(at), dtype=np.int64)
    facts = {
        "document_no": _document_nos("食许准字", day, at),
        "kind": pick(["1"], same),
        "certificate_name": pick(["食品经营许可证"], same),
        "certificate_no": known.numbers(city, at),
        "content": pick(_declared()["food_content"], known.form[at] - 1),
    }
    office = offices(city, "administrative_approval")[city.units.division[unit]]
    return _licenses(city, unit, day, known.valid_to[at].astype(np.int64), office, facts)


def _discharges(city: City, at: Ints) -> pl.DataFrame:
    known = discharges(city)
    unit, day = known.unit[at], known.valid_from[at].astype(np.int64)
    same = np.zeros(len(at), dtype=np.int64)
    facts = {
        "document_no": _document_nos("环许准字", day, at),
        "kind": pick(["1"], same),
        "certificate_name": pick(["排污许可证"], same),
        "certificate_no": permit_numbers(city, unit),
        "content": pick(["排放水污染物、大气污染物"], same),
    }
    office = np.full(len(at), city.units.of_agency("ecology"))
    return _licenses(city, unit, day, known.valid_to[at].astype(np.int64), office, facts)


def _others(city: City, at: Ints) -> pl.DataFrame:
    declared = _declared()["other_licenses"]
    unit, kind, day = (part[at] for part in _other_licenses(city))
    years = np.array([entry["years"] for entry in declared])[kind]
    word = pick([entry["word"] for entry in declared], kind)
    number = joined(pick(city.places.divisions, city.units.division[unit]), numbers(at + 1, 8))
    facts = {
        "document_no": joined("淄", word, "准字〔", numbers(year_of(day), 4), "〕",
                              pl.Series(at + 1).cast(pl.String), "号"),
        "kind": pick([entry["kind"] for entry in declared], kind),
        "certificate_name": pick([entry["name"] for entry in declared], kind),
        "certificate_no": number,
        "content": pick([entry["content"] for entry in declared], kind),
    }  # fmt: skip
    office = offices(city, "administrative_approval")[city.units.division[unit]]
    return _licenses(city, unit, day, add_years(day, years) - 1, office, facts)


@lru_cache(maxsize=2)
def _violations() -> list[dict[str, Any]]:
    return list(_declared()["violations"])


@table(
    "development_reform/administrative_penalties",
    slots=lambda city: city.scale.rows("development_reform/administrative_penalties"),
)
def administrative_penalties(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a decision of the past years against a firm or, seldom, a person; amounts in 万元.

    A suspension lasts ninety days. Disclosed for a year after the conduct ended, or three where it
    was grave; a few fines are unpaid.
    """
    units, declared, violations = city.units, _declared(), _violations()
    slot, draws = np.arange(start, stop), city.draws("credit/penalties")
    since = city.today - 365 * declared["years"]
    firms = firms_alive_since(city, since)
    firm = firms[draws.integers(slot, 0, len(firms))]
    day = day_within(draws, slot, window(city, firm, since), 1)
    kind = draws.choice(slot, [entry["weight"] for entry in violations], 2)
    person = draws.chance(slot, declared["persons"], 3)
    individual = np.where(person, somebody(city, draws, slot, 4), -1)
    low, high = np.array([entry["fine"] for entry in violations]).T
    fine = draws.integers(slot, low[kind], high[kind] + 1, 5) * 100
    confiscates = np.array(["04" in entry["kinds"] for entry in violations])[kind]
    confiscated = draws.integers(slot, 1, 80, 6) * 50
    fined = low[kind] > 0
    suspended = np.array(["06" in entry["kinds"] for entry in violations])[kind]
    conduct = day - draws.integers(slot, 5, 120, 7)
    grave = np.array([entry.get("grave", False) for entry in violations])[kind]
    paid = np.minimum(day + draws.integers(slot, 0, 16, 8), city.today)
    office = np.stack([offices(city, entry["line"]) for entry in violations])[
        kind, units.division[firm]
    ]
    subject = np.where(person, -1, firm)
    texts = {
        name: pick([entry[name] for entry in violations], kind)
        for name in ("type", "facts", "basis", "kinds", "word")
    }
    written = joined("罚款", pl.Series(fine).cast(pl.String), "元")
    also = joined(written, "，没收违法所得", pl.Series(confiscated).cast(pl.String), "元")
    content = also.zip_with(pl.Series(confiscates), written)
    content = joined(written, "，暂扣许可证件90日").zip_with(pl.Series(suspended), content)
    warning = pick(["警告"], np.zeros(len(slot), dtype=np.int64))
    return pl.DataFrame(
        {
            "name": pick(units.name, subject).zip_with(
                pl.Series(~person), pick(city.people.name, individual)
            ),
            "category": pick([_PERSON], np.zeros(len(slot), dtype=np.int64)).zip_with(
                pl.Series(person), _category(city, firm)
            ),
            "uscc": pick(units.uscc, subject),
            "document_type": pick([_ID_CARD], np.where(person, 0, -1)),
            "id_no": pick(city.people.id_no, individual),
            **_representative(city, firm, ~person),
            "document_no": joined("淄", texts["word"], "罚字〔", numbers(year_of(day), 4), "〕",
                                  pl.Series(slot + 1).cast(pl.String), "号"),
            "violation_type": texts["type"],
            "violation_facts": joined("当事人", texts["facts"]),
            "basis": texts["basis"],
            "kind": texts["kinds"],
            "content": content.zip_with(pl.Series(fined), warning),
            "fine_amount": blank_unless(pl.Series(fine / 10_000), fined),
            "confiscated_amount": blank_unless(pl.Series(confiscated / 10_000), confiscates),
            "withheld_certificate": blank_unless(
                joined("道路运输证 3703", numbers(slot + 1, 8)), suspended
            ),
            "decided_on": dates(day),
            "valid_to": dates(day + 90, suspended),
            "disclosure_ends_on": dates(add_years(conduct, np.where(grave, 3, 1)) - 1),
            **_by(city, office, "agency"),
            "conduct_ended_on": dates(conduct),
            "performed_on": dates(paid, fined & draws.chance(slot, declared["performed"], 9)),
        }
    )  # fmt: skip


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
