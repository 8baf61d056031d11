"""How much is asked of each column, and which elements are never checked.

Belongs here: the rules of the row and those between datasets seen together, column by column. What
the registry finds fault with stands in `quality.rules.coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalog.entries import Catalog
from quality.between.model import between_rules
from quality.rules.coverage import BEYOND_NOTHING, NOT_OF_THE_VALUE, columns_asked


class Asked(StrEnum):
    """How much the rules ask of a column."""

    VALUE = "value"
    """Something of the value itself: format, code, range, other columns, other datasets."""
    PRESENCE = "presence"
    """That there is one, or no other row with the same: nothing of the value."""
    TYPE = "type"
    """Nothing beyond its type and length."""


@dataclass(frozen=True, slots=True)
class ColumnCoverage:
    """One column in use and what is asked of it."""

    dataset: str
    agency: str
    """Owner of the dataset."""
    column: str
    element: str
    asked: Asked
    kinds: tuple[str, ...]
    """Kinds of its rules beyond its type, sorted; `between` for rules between datasets."""
    reason: str
    """Why its element states that nothing is asked of the value; empty without."""


def rule_coverage(catalog: Catalog) -> list[ColumnCoverage]:
    """Every column in use, in the order of the catalogue."""
    accused = {(each.dataset, each.column) for rule in between_rules() for each in rule.accused}
    found = []
    for ref, dataset in catalog.datasets.items():
        for _, column, kinds in columns_asked(catalog, dataset):
            between = {"between"} if (ref, column.id) in accused else frozenset[str]()
            beyond = (kinds | between) - BEYOND_NOTHING
            if beyond - NOT_OF_THE_VALUE:
                asked = Asked.VALUE
            else:
                asked = Asked.PRESENCE if beyond else Asked.TYPE
            reason = catalog.elements[column.element].unchecked
            found.append(
                ColumnCoverage(
                    ref, dataset.agency, column.id, column.element, asked, tuple(sorted(beyond)),
                    reason,
                )
            )  # fmt: skip
    return found


def share_asked(columns: Iterable[ColumnCoverage]) -> float | None:
    """Share of the columns of whose value something is asked, 0 to 1; None of no columns."""
    known = list(columns)
    asked = sum(each.asked is Asked.VALUE for each in known)
    return asked / len(known) if known else None


def elements_never_checked(columns: Iterable[ColumnCoverage]) -> dict[str, str]:
    """Element → its stated reason, of those of whose value no column is asked anything, sorted."""
    checked: dict[str, bool] = {}
    reasons: dict[str, str] = {}
    for each in columns:
        checked[each.element] = checked.get(each.element, False) or each.asked is Asked.VALUE
        reasons[each.element] = each.reason
    return {name: reasons[name] for name in sorted(checked) if not checked[name]}
