"""Coverage of rules: columns of which nothing is asked beyond their type.

Belongs here: how much is asked of each column, and comparing the rules that follow from the
catalogue with the reasons that elements state for having none. Which datasets were ever delivered
stands in `quality.coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog.entries import Catalog
from catalog.findings import Finding
from catalog.models import Column, Dataset
from quality.between.model import between_rules
from quality.rules.derive import unnumbered_rules

BEYOND_NOTHING = frozenset({"null_word", "unreadable", "max_length"})
"""Kinds of rules that every column of its type has."""
NOT_OF_THE_VALUE = BEYOND_NOTHING | {"required", "duplicate_key"}
"""Kinds of rules that ask for a value, or for another one, and nothing of the value itself."""


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
        for _, column, kinds in _asked(catalog, dataset):
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


def columns_without_rule(catalog: Catalog) -> list[Finding]:
    """Findings, without an article, in the order of the catalogue.

    A column (not retired) whose only rules are those of its type, and whose element does not say
    why (`unchecked`); and an element that says why although each of its columns is asked something
    of its value.
    """
    kinds: dict[str, list[frozenset[str]]] = {}
    findings = []
    for dataset in catalog.datasets.values():
        for index, column, asked in _asked(catalog, dataset):
            kinds.setdefault(column.element, []).append(asked)
            if asked <= BEYOND_NOTHING and not catalog.elements[column.element].unchecked:
                findings.append(_unasked(dataset, index, column))
    needless = (
        _needless(catalog, name)
        for name, of_columns in kinds.items()
        if catalog.elements[name].unchecked
        and all(not asked <= NOT_OF_THE_VALUE for asked in of_columns)
    )
    return [*findings, *needless]


def _asked(catalog: Catalog, dataset: Dataset) -> Iterator[tuple[int, Column, frozenset[str]]]:
    """Columns in use with their place and the kinds of all rules that name them."""
    if dataset.retired is not None:
        return
    rules = unnumbered_rules(catalog, dataset.ref)
    for index, column in enumerate(dataset.columns):
        if column.retired is None:
            asked = frozenset(rule.kind for rule in rules if column.id in rule.columns)
            yield index, column, asked


def _unasked(dataset: Dataset, index: int, column: Column) -> Finding:
    return Finding(
        f"datasets/{dataset.ref}.yaml",
        f"columns[{index}]({column.id})",
        f"{column.name}除类型和长度外没有任何规则",
        f"数据元 {column.element} 写明格式、代码表、取值范围等，或注明不设规则的理由（unchecked）",
    )


def _needless(catalog: Catalog, name: str) -> Finding:
    return Finding(
        "elements",
        f"{name}.unchecked",
        f"注明了不设规则的理由，而{catalog.elements[name].name}的取值已有规则",
        "有规则的数据元不写 unchecked",
    )
