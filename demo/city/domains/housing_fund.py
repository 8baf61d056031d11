"""公积金: the accounts of employees.

Belongs here: this dataset. Who works where stands in `demo.city.work`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.table import table
from demo.city.text import NEVER, joined, numbers, pick

_PAYING, _WITHDRAWN = "01", "05"
"""Codes of housing_fund_account_status."""


@table("housing_fund/accounts", slots=lambda city: len(city.work.employees))
def accounts(city: City, start: int, stop: int) -> pl.DataFrame:
    """At most one account an employee, in 元: base as for social insurance, balance of what was
    paid in (a tenth of the base a month) and not drawn. The heirs of the dead have withdrawn it."""
    people, work = city.people, city.work
    employee, draws = np.arange(start, stop), city.draws("housing_fund")
    share = city.scale.rows("housing_fund/accounts") / max(city.scale.entities("employees"), 1)
    employee = employee[draws.chance(employee, share)]
    person, base = work.employees[employee], work.wage[employee]
    alive = work.ended[employee] == NEVER
    months = np.minimum((city.today - work.started[employee]) // 30, 120)
    kept = 0.2 + 0.8 * draws.uniform(employee, 1)
    balance = np.where(alive, np.round(base * 0.1 * months * kept, 2), 0.0)
    return pl.DataFrame(
        {
            "account_no": joined("3703", numbers(employee + 1, 11)),
            "id_no": people.id_no.gather(person),
            "name": people.name.gather(person),
            "employer_uscc": city.units.uscc.gather(work.employer[employee]),
            "base": base.astype(np.float64),
            "balance": balance,
            "status": pick([_WITHDRAWN, _PAYING], alive.astype(np.int64)),
        }
    )
