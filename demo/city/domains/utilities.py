"""供水、供电、供气、供热: bills of four suppliers, one shape.

Belongs here: who has an account with whom, and what is used and paid each month. Homes and units
stand in `demo.city`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.lives import keeper
from demo.city.odds import SIZE, below, lognormal, parts
from demo.city.rng import Bools, Floats, Ints
from demo.city.table import table
from demo.city.text import month_texts, months_before, pick

MONTHS: Final = 12
_SETTLED: Final = 400
"""Days since its foundation from which on a firm has accounts: longer than the bills go back."""


@dataclass(frozen=True)
class Accounts:
    """The accounts with one supplier, homes before firms; as long as each other."""

    holder_id: pl.Series
    division: pl.Series
    address_code: pl.Series
    firm: Bools
    months: Ints
    """Months in which the supplier bills, since 1970-01."""

    @property
    def count(self) -> int:
        """How many accounts there are."""
        return len(self.firm)


def _declared(supplier: str) -> dict[str, Any]:
    return dict(declaration("domains/utilities")[supplier])


@lru_cache(maxsize=2)
def _sites(city: City) -> tuple[Ints, pl.Series, pl.Series]:
    """Address, holder and address code of everything that may have an account: households by
    number, migrants' homes, then all units."""
    people, units = city.people, city.units
    migrants = np.arange(people.registered, people.count)
    holder = np.concatenate([keeper(city), migrants])
    address = np.concatenate([people.address[holder], units.address])
    holder_id = pl.concat([people.document_no.gather(holder).alias("id"), units.uscc.alias("id")])
    return address, holder_id, city.places.codes(address)


@lru_cache(maxsize=4)
def accounts(city: City, supplier: str) -> Accounts:
    """The accounts with a supplier, so many that its year's bills are as many as `scale` says."""
    declared, people, units = _declared(supplier), city.people, city.units
    months = months_before(city.today, MONTHS)
    months = months[np.isin(months % 12 + 1, declared["months"])]
    wanted = city.scale.rows(f"{supplier}/bills") // max(len(months), 1)
    address, holder_id, codes = _sites(city)
    homes = np.arange(people.households + people.count - people.registered)
    if not declared["villages"]:
        homes = homes[~city.places.is_village(address[homes])]
    firms = np.flatnonzero(units.active & (units.established < city.today - _SETTLED))
    of_firms = int(wanted * declared["firms"])
    site = np.concatenate(
        [
            _some(city, supplier, homes, wanted - min(of_firms, len(firms))),
            _some(city, supplier, firms, of_firms) + len(address) - units.count,
        ]
    )
    return Accounts(
        holder_id.gather(site),
        city.places.division_codes(address[site]),
        codes.gather(site),
        site >= len(address) - units.count,
        months,
    )


def _some(city: City, supplier: str, options: Ints, wanted: int) -> Ints:
    """About so many of the options, in their order."""
    share = wanted / max(len(options), 1)
    return options[city.draws(f"{supplier}/account").chance(options, share)]


@cache
def _usage(supplier: str) -> Floats:
    """Tables of a month's usage in tenths, of homes and of firms, by 16 random bits."""
    declared = _declared(supplier)
    rows = [declared["home"], declared["firm"]]
    return np.stack([lognormal(10 * row["median"], row["spread"]) for row in rows])


def _bills(supplier: str, city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a month and account, the oldest month first; amounts in 元.

    Usage is an account's own, by season; empty homes use nothing. Arrears are of a few months.
    """
    declared, known = _declared(supplier), accounts(city, supplier)
    slot = np.arange(start, stop)
    at, month = slot % known.count, known.months[slot // known.count]
    firm = known.firm[at].astype(np.int64)
    own, empty, _, _ = parts(city.draws(f"{supplier}/own"), at)
    noise, owes, _, _ = parts(city.draws(f"{supplier}/bill"), slot)
    season = np.array(declared["season"])[month % 12]
    varies = 1 + (below(noise, 1000) - 500) / 1000 * declared["varies"]
    unit = np.array([declared["home"]["step"], declared["firm"]["step"]])[firm]
    tenths = _usage(supplier)[firm, own] * season * varies // unit * unit
    tenths[(empty < declared["empty"] * SIZE) & (firm == 0)] = 0
    usage = tenths.astype(np.int64)
    price = np.array([declared["home"]["price"], declared["firm"]["price"]])[firm]
    cents = usage * price // 1000
    behind = owes < declared["behind"] * SIZE
    number = declared["number"] * 10**8 + at + 1
    return pl.DataFrame(
        {
            "account_no": pl.Series(number).cast(pl.String),
            "period": month_texts(month),
            "holder_id": known.holder_id.gather(at),
            "division": known.division.gather(at),
            "address_code": known.address_code.gather(at),
            "usage": usage / 10,
            "unit": pick([declared["home"]["unit"], declared["firm"]["unit"]], firm),
            "amount": cents / 100,
            "arrears": np.where(behind, cents * (1 + at % 3), 0) / 100,
        }
    )


def _slots(supplier: str, city: City) -> int:
    known = accounts(city, supplier)
    return known.count * len(known.months)


@table("water_supply/bills", slots=lambda city: _slots("water_supply", city))
def water(city: City, start: int, stop: int) -> pl.DataFrame:
    """See `_bills`; usage in m³."""
    return _bills("water_supply", city, start, stop)


@table("power_grid/bills", slots=lambda city: _slots("power_grid", city))
def power(city: City, start: int, stop: int) -> pl.DataFrame:
    """See `_bills`; usage in kWh."""
    return _bills("power_grid", city, start, stop)


@table("gas_supply/bills", slots=lambda city: _slots("gas_supply", city))
def gas(city: City, start: int, stop: int) -> pl.DataFrame:
    """See `_bills`; usage in m³."""
    return _bills("gas_supply", city, start, stop)


@table("heat_supply/bills", slots=lambda city: _slots("heat_supply", city))
def heat(city: City, start: int, stop: int) -> pl.DataFrame:
    """See `_bills`; homes pay by m² heated, firms by GJ, both from November to March. Villages have
    no mains."""
    return _bills("heat_supply", city, start, stop)
