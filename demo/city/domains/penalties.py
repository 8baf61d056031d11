"""发改(信用): administrative penalties as disclosed.

Belongs here: this dataset. Penalties are of firms while they exist, by the agency in charge of the
violation where the firm sits; a few are of people.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.disclosure import ID_CARD, PERSON, category_of, decided_by, representative_of
from demo.city.lives import day_within, firms_alive_since, somebody, window
from demo.city.offices import offices
from demo.city.table import table
from demo.city.text import add_years, blank_unless, dates, joined, numbers, pick, year_of


def _declared() -> dict[str, Any]:
    return dict(declaration("domains/credit"))


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
            "category": pick([PERSON], np.zeros(len(slot), dtype=np.int64)).zip_with(
                pl.Series(person), category_of(city, firm)
            ),
            "uscc": pick(units.uscc, subject),
            "document_type": pick([ID_CARD], np.where(person, 0, -1)),
            "id_no": pick(city.people.id_no, individual),
            **representative_of(city, firm, ~person),
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
            **decided_by(city, office, "agency"),
            "conduct_ended_on": dates(conduct),
            "performed_on": dates(paid, fined & draws.chance(slot, declared["performed"], 9)),
        }
    )  # fmt: skip
