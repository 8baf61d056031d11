"""Which expectation counts what of a stored table.

Belongs here: the suites over the tables that `quality.expectations.tables` prepares. Importing this
module imports Great Expectations: import it inside functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from great_expectations.expectations.expectation import Expectation

from quality.expectations.datasource import NoViolation
from quality.expectations.expected import (
    Aspect,
    Expected,
    provenance_faults,
    rule_of_provenance,
    rule_of_value,
)
from quality.expectations.scope import RULE
from warehouse.engine import literal, quoted


def of_facts(expected: Expected, keyed: bool) -> Iterator[Expectation]:
    """Shape, and where the key's columns are there (`keyed`) volume and key."""
    yield _fact("wrong_columns <> 0", f"{Aspect.SHAPE}:columns")
    if keyed:
        within = f"rows NOT BETWEEN {expected.fewest} AND {expected.most}"
        yield _fact(within, f"{Aspect.VOLUME}:rows")
        yield _fact("doubled <> 0", f"{Aspect.KEY}:unique")
        yield _fact("keyless <> 0", f"{Aspect.KEY}:not_null")


def _fact(violation: str, rule: str) -> Expectation:
    return NoViolation(
        column=violation.split(maxsplit=1)[0], violation=violation, meta={RULE: rule}
    )


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
            yield NoViolation(
                column=column,
                violation=f"{quoted('_fault_' + column)} = {literal(violation.kind)}",
                meta={RULE: rule_of_value(column, violation.kind)},
            )
