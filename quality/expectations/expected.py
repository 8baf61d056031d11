"""What can be expected of a stored table.

Belongs here: the shape of such a declaration, and the SQL of packed provenance that is wrong. Does
not belong here: counting (`quality.expectations.tables`), and what a given table must be like
(`assets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from quality.expectations.batch import Question


class Aspect(StrEnum):
    """What is judged of a table; a rule is named `<aspect>:<rule>`."""

    SHAPE = "shape"
    VOLUME = "volume"
    KEY = "key"
    PROVENANCE = "provenance"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Origin:
    """A column with a place in `_src`, and the SQL condition that it has a value."""

    column: str
    has_value: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What a stored table must be like."""

    name: str
    columns: Mapping[str, str]
    """Name → DuckDB type."""
    key: tuple[str, ...]
    """Together different in each row, and none of them null."""
    fewest: int
    most: int
    """Rows, both included."""
    may_lack: bool = False
    """Whether files may lack columns: they were written before these were declared."""
    origins: tuple[Origin, ...] = ()
    """Columns in the order of `_src`; empty where the table has no packed provenance."""
    questions: tuple[Question, ...] = ()
    """What is asked of values that are not null."""


def rules_of_rows(expected: Expected) -> Iterator[str]:
    """The rules that rows are judged by."""
    for name, _ in provenance_faults(expected):
        yield rule_of_provenance(name)
    for question in expected.questions:
        for violation in question.violations:
            yield rule_of_value(question.column.id, violation.kind)


def rule_of_provenance(fault: str) -> str:
    """The rule by the fault's name in `judged`."""
    return f"{Aspect.PROVENANCE}:{fault.removeprefix('_src_')}"


def rule_of_value(column: str, kind: str) -> str:
    """The rule that no value of the column has a fault of this kind."""
    return f"{Aspect.VALUES}:{column}.{kind}"


def provenance_faults(expected: Expected) -> Iterator[tuple[str, str]]:
    """Name in `judged` and SQL condition of each fault that packed provenance can have; a row that
    ends a subject has none."""
    if not expected.origins:
        return
    stands = "_op = 'upsert' AND"
    yield "_src_length", f"{stands} length(_src) IS DISTINCT FROM {len(expected.origins)}"
    given = (
        f"(coalesce(substr(_src, {place}, 1), '-') <> '-') <> ({origin.has_value})"
        for place, origin in enumerate(expected.origins, start=1)
    )
    yield "_src_given", f"{stands} ({' OR '.join(given)})"
    codes = "array_to_string(list_transform(_contributors, lambda source: source.code), '')"
    yield (
        "_src_resolved",
        f"{stands} translate(_src, '-' || coalesce({codes}, ''), '') <> ''",
    )
    complete = "source.code IS NOT NULL AND source.delivery IS NOT NULL AND source.row IS NOT NULL"
    yield (
        "_src_contributors",
        f"{stands} (coalesce(len(_contributors), 0) = 0"
        f" OR len(list_filter(_contributors, lambda source: NOT ({complete}))) > 0)",
    )
