"""What another agency's data say is told as far as the reader may see them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from catalog.entries import Catalog
from quality.between.model import BetweenRule, between_rules
from quality.between.telling import rules_open_to
from tests.this_catalog import this_catalog

DEATHS = "public_security/registered_population"
RULE = "between.dead_person"


def graded(grade: int) -> Catalog:
    """The catalogue in which the day of a cancelled household registration has this grade."""
    catalog = this_catalog()
    dataset = catalog.datasets[DEATHS]
    columns = tuple(
        column.model_copy(update={"grade": grade}) if column.id == "cancelled_on" else column
        for column in dataset.columns
    )
    changed = dataset.model_copy(update={"columns": columns})
    datasets = MappingProxyType(dict(catalog.datasets) | {DEATHS: changed})
    return replace(catalog, datasets=datasets, _codes={})


@pytest.mark.parametrize("rule", between_rules(), ids=lambda rule: rule.name)
def test_what_a_rule_tells_of_is_read_by_its_query(rule: BetweenRule) -> None:
    catalog = this_catalog()
    for told in rule.tells:
        ref, _, column = told.rpartition(".")
        assert ref in rule.sources
        assert catalog.datasets[ref].column(column).id == column


def test_anybody_reads_what_is_not_masked() -> None:
    assert RULE in rules_open_to(graded(2), "medical_insurance")
    assert RULE in rules_open_to(graded(2), None)


def test_only_who_delivered_it_alone_reads_what_is_masked() -> None:
    readers = ("medical_insurance", "public_security", None)
    assert [RULE in rules_open_to(graded(3), reader) for reader in readers] == [False, True, False]


def test_what_the_catalogue_no_longer_has_is_open_to_nobody() -> None:
    catalog = this_catalog()
    datasets = {ref: each for ref, each in catalog.datasets.items() if ref != DEATHS}
    left = replace(catalog, datasets=MappingProxyType(datasets), _codes={})
    assert RULE not in rules_open_to(left, "public_security")
