"""Coverage of rules: columns of which nothing is asked beyond their type.

Belongs here: comparing the rules that follow from the catalogue with the reasons that elements
state for having none. How much is asked of each column, rules between datasets included:
`quality.rule_coverage`; which datasets were ever delivered: `quality.coverage`.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.findings import Finding
from catalog.models.datasets import Column, Dataset
from quality.rules.derive import unnumbered_rules

BEYOND_NOTHING = frozenset({"null_word", "unreadable", "max_length"})
"""Kinds of rules that every column of its type has."""
NOT_OF_THE_VALUE = BEYOND_NOTHING | {"required", "duplicate_key"}
"""Kinds of rules that ask for a value, or for another one, and nothing of the value itself."""


def columns_without_rule(catalog: Catalog) -> list[Finding]:
    """Findings, without an article, in the order of the catalogue.

    A column (not retired) whose only rules are those of its type, and whose element does not say
    why (`unchecked`); and an element that says why although each of its columns is asked something
    of its value.
    """
    kinds: dict[str, list[frozenset[str]]] = {}
    findings = []
    for dataset in catalog.datasets.values():
        for index, column, asked in columns_asked(catalog, dataset):
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


def columns_asked(
    catalog: Catalog, dataset: Dataset
) -> Iterator[tuple[int, Column, frozenset[str]]]:
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
