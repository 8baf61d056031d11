"""What the disclosed lists of licences and penalties (双公示) say of subject and agency.

Belongs here: the columns that both lists have. The decisions stand in `demo.city.domains`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.rng import Bools, Ints
from demo.city.text import pick

FIRM, PERSON, TRADER = "1", "2", "3"
"""Codes of counterparty_categories."""
ID_CARD: Final = "111"
"""Code of document_types."""


def category_of(city: City, unit: Ints) -> pl.Series:
    """The counterparty category of each unit: sole traders are told from other organisations."""
    units = city.units
    firm = unit < units.firms
    trader = units.is_kind("trader")[np.minimum(unit, units.firms - 1)] & firm
    return pick([FIRM, TRADER], trader.astype(np.int64))


def representative_of(city: City, unit: Ints, present: Bools) -> dict[str, pl.Series]:
    """The legal representative and its document, null where not present."""
    person = np.where(present, city.units.representative[unit], -1)
    return {
        "legal_representative": pick(city.people.name, person),
        "representative_document_type": pick([ID_CARD], np.where(present, 0, -1)),
        "representative_id_no": pick(city.people.id_no, person),
    }


def decided_by(city: City, office: Ints, word: str) -> dict[str, pl.Series]:
    """The deciding agency and the source of the row, which are the same unit."""
    name, code = city.units.name.gather(office), city.units.uscc.gather(office)
    return {
        f"{side}_{field}": series
        for side in (word, "source")
        for field, series in (("name", name), ("uscc", code))
    }
