"""The declared chances of agreement by chance, counted again on the real registration."""

from __future__ import annotations

import os

import pytest
from pydantic import ValidationError

from quality.linking.settings import Weights, weights
from quality.linking.steps import prepare
from tests.quality.linking.conftest import Standard
from tests.quality.linking.test_real_names import registration

DELIVERIES = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")


@pytest.mark.skipif(not DELIVERIES, reason="LAKEHOUSE_REAL_DELIVERIES names no folder")
@pytest.mark.parametrize("attribute", ["name", "address"])
def test_no_chance_of_agreement_is_declared_smaller_than_real_firms_show(
    standard: Standard, attribute: str
) -> None:
    rows = registration()
    standard.firms(*({**row, "_key": row["uscc"]} for row in rows))
    standard.listed(*({**row, "_key": row["uscc"], "uscc": None} for row in rows))
    prepare(standard.con, standard.catalog, weights())
    (declared,) = [each for each in weights().comparisons if each.column == attribute]
    degrees = " ".join(
        f"WHEN {level.agrees} THEN {number}"
        for number, level in enumerate(declared.levels)
        if level.agrees
    )
    columns = ", ".join(
        f"{side}.{name} AS {name}_{side}"
        for side in ("l", "r")
        for name in ("uscc", "name", "core", "address", "at_address")
    )
    # What is one character apart has its beginning or its end in common: most are spared the look.
    column = {"name": "core", "address": "address"}[attribute]
    likely = (
        f"left(l.{column}, 2) = left(r.{column}, 2) OR right(l.{column}, 2) = right(r.{column}, 2)"
        f" OR contains(l.{column}, r.{column}) OR contains(r.{column}, l.{column})"
    )
    counted = standard.con.execute(
        f"SELECT CASE {degrees} END AS degree, count(*) FROM (SELECT {columns}"
        " FROM linking_holders AS l JOIN linking_holders AS r ON l.uscc < r.uscc"
        f" WHERE {likely}) GROUP BY degree HAVING degree IS NOT NULL"
    ).fetchall()
    pairs = len(rows) * (len(rows) - 1) / 2
    found = {degree: count / pairs for degree, count in counted}
    for number, level in enumerate(declared.levels[:-1]):
        assert found.get(number, 0) <= level.u * 1.15, level.told


def test_chances_that_do_not_add_up_are_refused() -> None:
    told = weights().model_dump()
    told["comparisons"][0]["levels"][0]["m"] = 0.4
    with pytest.raises(ValidationError, match="name: m adds up to"):
        Weights.model_validate(told)


def test_only_the_last_degree_is_without_condition() -> None:
    told = weights().model_dump()
    told["comparisons"][1]["levels"][0]["agrees"] = ""
    with pytest.raises(ValidationError, match="address: the last level"):
        Weights.model_validate(told)
