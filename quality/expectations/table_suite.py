"""Which expectation counts what of a stored table.

Belongs here: the suites over the tables that `quality.expectations.tables` prepares. Importing this
module imports Great Expectations: import it inside functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from great_expectations.expectations.expectation import Expectation

from quality.expectations.datasource import Between, NotInSet, NoViolation
from quality.expectations.expected import (
    Aspect,
    Expected,
    provenance_faults,
    rule_of_provenance,
    rule_of_value,
)
from quality.expectations.scope import RULE


def of_facts(expected: Expected, keyed: bool) -> Iterator[Expectation]:
    """Shape, and where the key's columns are there (`keyed`) volume and key."""
    yield _within("wrong_columns", 0, 0, f"{Aspect.SHAPE}:columns")
    if keyed:
        yield _within("rows", expected.fewest, expected.most, f"{Aspect.VOLUME}:rows")
        yield _within("doubled", 0, 0, f"{Aspect.KEY}:unique")
        yield _within("keyless", 0, 0, f"{Aspect.KEY}:not_null")


def _within(fact: str, low: int, high: int, rule: str) -> Expectation:
    return Between(column=fact, min_value=low, max_value=high, meta={RULE: rule})


def of_rows(expected: Expected) -> Iterator[Expectation]:
    """Provenance, and each kind of fault that a value can have."""
    for name, _ in provenance_faults(expected):
        yield NoViolation(
            column=name,
            violation=name,
            meta={RULE: rule_of_provenance(name)},
        )
    for question in expected.questions:
        column = question.column.id
        for violation in question.violations:
            yield NotInSet(
                column="_fault_" + column,
                value_set=[violation.kind],
                meta={RULE: rule_of_value(column, violation.kind)},
            )
