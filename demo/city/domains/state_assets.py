"""国资: state enterprises and their monthly reports.

Belongs here: these two datasets. State enterprises are firms of `demo.city.units`, a tree below the
agency for state assets; who holds what share is what the register of shareholders says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.market_supervision import holding_firm, holdings, share_of
from demo.city.rng import Bools, Floats, Ints
from demo.city.table import table
from demo.city.text import month_texts, months_before, pick

_CONSOLIDATED, _OWN = "1", "2"
"""Codes of statement_bases."""


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/state_assets"))


@lru_cache(maxsize=2)
def _owned(city: City) -> tuple[Ints, Ints, Ints, Ints]:
    """Firm, its holder (the agency or a state enterprise), level, share in percent.

    State enterprises first, wholly owned; then other companies that one of them has a share in.
    """
    units = city.units
    firms, counts = holdings(city)
    holder = holding_firm(city, firms)
    top = units.of_agency("state_assets")
    state = units.is_kind("state")
    own = holder == top
    own |= (holder >= 0) & state[np.clip(holder, 0, units.firms - 1)] & (holder < units.firms)
    firms, counts, holder = firms[own], counts[own], holder[own]
    level = np.zeros(units.firms, dtype=np.int64)
    for _ in range(10):  # parents before children: at most as many passes as levels
        above = level[np.clip(holder, 0, units.firms - 1)]
        level[firms] = np.where(holder == top, 1, np.where(above > 0, above + 1, 0))
    share = share_of(city, firms, counts, np.zeros(len(firms), dtype=np.int64))
    known = (level[firms] > 0) & (level[firms] <= 10)
    order = np.lexsort((firms[known], ~state[firms[known]]))
    level = level[firms][known][order]
    return firms[known][order], holder[known][order], level, share[known][order]


@table("state_assets/enterprises", slots=lambda city: len(_owned(city)[0]))
def enterprises(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row an enterprise and its holder; held by more than half is controlled."""
    firm, holder, level, share = (part[start:stop] for part in _owned(city))
    return pl.DataFrame(
        {
            "uscc": city.units.uscc.gather(firm),
            "parent_uscc": city.units.uscc.gather(holder),
            "name": city.units.name.gather(firm),
            "level": level,
            "share_percent": share.astype(np.float64),
            "controlled": share > 50,
        }
    )


@lru_cache(maxsize=2)
def _reporting(city: City) -> tuple[Ints, Bools]:
    """Wholly owned enterprises, and which of them has others below it."""
    firm, holder, _, _ = _owned(city)
    own = city.units.is_kind("state")[firm]
    return firm[own], np.isin(firm[own], holder)


def _months(city: City) -> Ints:
    """Months reported so far: as many as the size of the table allows, at least one."""
    firms = len(_reporting(city)[0])
    count = max(round(city.scale.rows("state_assets/financial_reports") / max(firms, 1)), 1)
    return months_before(city.today, count)


@table(
    "state_assets/financial_reports",
    slots=lambda city: len(_reporting(city)[0]) * len(_months(city)),
)
def financial_reports(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a month and enterprise, the oldest month first; amounts in 万元.

    Revenue and profit add up over the year; capital grows by the profit, liabilities and capital
    make the assets. Who has others below it reports consolidated.
    """
    units, declared = city.units, _declared()
    firms, parents = _reporting(city)
    slot = np.arange(start, stop)
    at, month = slot % len(firms), _months(city)[slot // len(firms)]
    firm, of_year = firms[at], month % 12 + 1
    draws = city.draws("state_assets/own")
    size = np.maximum(units.capital[firm], 100) * (1 + 2 * draws.uniform(firm))
    year = firm * 10_000 + month // 12
    margin = declared["margin"] * (draws.normal(year, 1.0, 1.2, 1))
    revenue = _cumulative(size * (0.4 + draws.uniform(firm, 2)), of_year)
    profit = np.round(revenue * margin, 2)
    opening = np.round(size * (1 + 0.1 * draws.uniform(year, 3)), 2)
    closing = np.maximum(np.round(opening + profit * 0.75, 2), 0.0)
    debt = closing * (0.4 + 1.6 * draws.uniform(firm, 4)) * (0.97 + 0.06 * draws.uniform(slot, 5))
    liabilities = np.round(debt, 2)
    return pl.DataFrame(
        {
            "uscc": units.uscc.gather(firm),
            "period": month_texts(month),
            "basis": pick([_OWN, _CONSOLIDATED], parents[at].astype(np.int64)),
            "assets": np.round(liabilities + closing, 2),
            "liabilities": liabilities,
            "revenue": revenue,
            "profit": profit,
            "opening_capital": opening,
            "closing_capital": closing,
        }
    )


def _cumulative(of_year: Floats, months: Ints) -> Floats:
    """The part of a year's sum that so many months bring: a little more towards its end."""
    share = (months / 12) ** 1.05
    part: Floats = np.round(of_year * share, 2)
    return part
