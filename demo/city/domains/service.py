"""行政审批: service items and cases.

Belongs here: these two datasets. Electronic licences stand in
`demo.city.domains.electronic_licenses`. Items belong to the approval offices of the city and its
districts; cases are of items, by people and firms of the registers, in working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.lives import adults, firms_alive_since
from demo.city.odds import SIZE, below, parts, positions, two_below
from demo.city.places import CITY
from demo.city.rng import Bools, Ints
from demo.city.table import table
from demo.city.text import blank_unless, joined, moments, numbers, pick, year_month_day
from demo.city.workdays import working, working_days_after

_YEAR: Final = 365
_OPEN, _OFFICE_HOURS = 9 * 3600, 8 * 3600
_PERSON, _UNIT = "1", "2"
"""Codes of subject_types."""
_WAITING, _RETURNED, _ACCEPTED, _REFUSED, _GRANTED, _DENIED, _PAUSED, _WITHDRAWN = range(8)
_STATES: Final = ("01", "02", "03", "04", "05", "06", "07", "08")
"""Codes of service_case_states."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/service"))


@dataclass(frozen=True)
class Items:
    """All service items, by agency and matter; arrays over items unless said otherwise."""

    agency: Ints
    """Unit of the agency."""
    division: pl.Series
    name: pl.Series
    code: pl.Series
    promised: Ints
    statutory: Ints
    licenses: pl.Series
    """Codes of license_types, joined by `;`; null where none is asked for."""
    of_firms: Bools
    weight: Ints


@lru_cache(maxsize=2)
def items(city: City) -> Items:
    """The items: every matter and action at the city's office, then at those of the districts."""
    declared, units = _declared(), city.units
    line = "administrative_approval"
    agencies = city.catalog.agencies
    names = [line, *(name for name, agency in agencies.items() if agency.parent == line)]
    things = [(matter, action) for matter in declared["matters"] for action in declared["actions"]]
    count = min(city.scale.rows("administrative_approval/service_items"), len(names) * len(things))
    item = np.arange(count)
    at, thing = item % len(names), item // len(names)
    agency = np.array([units.of_agency(name) for name in names])[at]
    matter = [things[place][0] for place in thing]
    action = [things[place][1] for place in thing]
    statutory = np.array([entry["days"] for entry in matter])
    share = np.array([entry["share"] for entry in action])
    code = joined(units.uscc.gather(agency), "4", numbers(370_000_000_000 + thing + 1, 12))
    return Items(
        agency=agency,
        division=pick([agencies[name].division or CITY for name in names], at),
        name=pl.Series(
            [f"{m['name']}（{a['word']}）" for m, a in zip(matter, action, strict=True)],
            dtype=pl.String,
        ),
        code=code,
        promised=np.maximum(np.round(statutory * share), 1).astype(np.int64),
        statutory=statutory,
        licenses=pl.Series([m.get("licenses") for m in matter], dtype=pl.String),
        of_firms=np.array([bool(m["firms"]) for m in matter]),
        weight=np.array([m["weight"] * a["weight"] for m, a in zip(matter, action, strict=True)]),
    )


@table("administrative_approval/service_items", slots=lambda city: len(items(city).agency))
def service_items(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an item; promised within the days that the law allows."""
    known, chosen = items(city), slice(start, stop)
    return pl.DataFrame(
        {
            "item_code": known.code[chosen],
            "name": known.name[chosen],
            "agency_uscc": city.units.uscc.gather(known.agency[chosen]),
            "promised_days": known.promised[chosen],
            "statutory_days": known.statutory[chosen],
            "required_license_types": known.licenses[chosen],
        }
    )


@lru_cache(maxsize=2)
def _drawn(city: City) -> Ints:
    return positions(items(city).weight)


@lru_cache(maxsize=2)
def _applicants(city: City) -> Ints:
    """Firms that exist and did a year ago."""
    units, firms = city.units, firms_alive_since(city, city.today - 2 * _YEAR)
    old = units.active[firms] & (units.established[firms] < city.today - _YEAR - 60)
    return firms[old]


@table(
    "administrative_approval/service_cases",
    slots=lambda city: city.scale.rows("administrative_approval/service_cases"),
)
def service_cases(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a case of the past year, the oldest day first, accepted and finished on working days.

    A few in a hundred take longer than promised, the pause not counted; the newest are open.
    """
    slot = np.arange(start, stop)
    count = city.scale.rows("administrative_approval/service_cases")
    day = working(city.today - 364 + slot * _YEAR // count)
    draws, known = city.draws("service/cases"), items(city)
    what, takes, ends, moment = parts(draws, slot)
    item = _drawn(city)[what]
    firm = known.of_firms[item]
    grown, firms = adults(city), _applicants(city)
    one, other = two_below(draws, slot, SIZE * SIZE // 2, 1)
    person = grown[(one * len(grown)) >> 31]
    unit = firms[(other * len(firms)) >> 31]
    promised = known.promised[item]
    paused = np.where(ends % 50 == 0, 3 + below(takes, 12), 0)
    late = below(takes, 1000) >= 965
    took = np.where(late, promised + 1 + ends % 7, below(takes, 1000) * (promised + 1) // 966)
    finished = working_days_after(day, np.minimum(took, 300) + paused)
    state = _state(city, ends, finished, paused)
    accepted = ~np.isin(state, (_WAITING, _RETURNED, _REFUSED))
    decided = np.isin(state, (_GRANTED, _DENIED))
    second = _OPEN + below(moment, _OFFICE_HOURS)
    later = np.where(finished == day, second + 600, _OPEN + below(ends, _OFFICE_HOURS))
    asked = known.licenses.gather(item)
    return pl.DataFrame(
        {
            "case_no": joined(
                known.division.gather(item),
                pl.Series(year_month_day(day) * 10**8 + slot).cast(pl.String),
            ),
            "item_code": known.code.gather(item),
            "agency_uscc": city.units.uscc.gather(known.agency[item]),
            "division": known.division.gather(item),
            "applicant_type": pick([_PERSON, _UNIT], firm.astype(np.int64)),
            "applicant_id": _either(firm, city.units.uscc, unit, city.people.id_no, person),
            "applicant": _either(firm, city.units.name, unit, city.people.name, person),
            "submitted_license_types": blank_unless(asked, ends % 20 != 1),
            "accepted_at": moments(day, second, accepted),
            "promised_days": promised,
            "paused_days": paused,
            "finished_at": moments(finished, later, decided),
            "state": pick(_STATES, state),
        }
    )


def _state(city: City, ends: np.typing.NDArray[np.uint16], finished: Ints, paused: Ints) -> Ints:
    """What has become of each case by the city's day."""
    share = below(ends, 1000)
    decided = np.select(
        [share < 970, share < 980, share < 988, share < 993],
        [_GRANTED, _DENIED, _RETURNED, _REFUSED],
        _WITHDRAWN,
    )
    open_state = np.where(paused > 0, _PAUSED, np.where(share < 60, _WAITING, _ACCEPTED))
    return np.where(finished < city.today, decided, open_state)


def _either(
    firm: Bools, of_units: pl.Series, unit: Ints, of_people: pl.Series, person: Ints
) -> pl.Series:
    """What the one series says of units where `firm`, else what the other says of people."""
    return of_units.gather(unit).zip_with(pl.Series(firm), of_people.gather(person))
