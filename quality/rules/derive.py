"""Rules and normalisations of a dataset, derived from its catalogue entry.

Belongs here: the list of row rules with their bits, and the list of normalisations. The checks of
one column stand in `quality.rules.columns`; evaluating them stands in `quality.standardise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from catalog.models.datasets import Dataset, FirstOf
from catalog.models.rules import Dimension
from quality.rules.columns import UNASSIGNED, checks_of
from quality.rules.model import DUPLICATE_KEY, Rule
from quality.standards.formats import format_of
from quality.standards.reading import NORMALISATIONS

if TYPE_CHECKING:
    from catalog.load import Catalog

MASK_BITS = 63
"""Bits used of a mask column: its sign is left alone."""


class UnassignedRule(ValueError):
    """A rule of a dataset with assigned bits has none."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A way in which the pass may change a value of a column without making it a defect.

    `bit` is 0-based over all mask columns `_normalised`, `_normalised_2`, …. It follows from the
    order of the catalogue's columns, so a mask is read with the catalogue of its own delivery.
    """

    column: str
    kind: str
    bit: int
    message: str

    @property
    def id(self) -> str:
        """`<column>.<kind>`."""
        return f"{self.column}.{self.kind}"

    @property
    def mask_column(self) -> str:
        """`_normalised` or `_normalised_2`, …."""
        return mask_column("_normalised", self.bit // MASK_BITS)

    @property
    def mask_value(self) -> int:
        """The bit as a number within its mask column."""
        return 1 << (self.bit % MASK_BITS)


def mask_column(name: str, word: int) -> str:
    """Name of the n-th mask column: `_failed`, `_failed_2`, …."""
    return name if word == 0 else f"{name}_{word + 1}"


def rules_of(catalog: Catalog, ref: str) -> tuple[Rule, ...]:
    """All row rules of a dataset, sorted by bit.

    Bits come from the catalogue's rule_bits. A dataset without any gets them in order (a draft
    that was never published); one that has some but not all raises UnassignedRule.
    """
    return catalog.kept(("rules", ref), lambda: _numbered_rules(catalog, ref))


def _numbered_rules(catalog: Catalog, ref: str) -> tuple[Rule, ...]:
    drafts = unnumbered_rules(catalog, ref)
    bits = catalog.rule_bits.get(ref) or {rule.id: bit for bit, rule in enumerate(drafts)}
    missing = [rule.id for rule in drafts if rule.id not in bits]
    if missing:
        raise UnassignedRule(
            f"{ref} 的规则还没有分配位号：{'、'.join(missing)}；请运行 lakehouse catalog register"
        )
    return tuple(
        sorted((replace(rule, bit=bits[rule.id]) for rule in drafts), key=lambda rule: rule.bit)
    )


def unnumbered_rules(catalog: Catalog, ref: str) -> tuple[Rule, ...]:
    """All row rules of a dataset in the order of the catalogue, without bits."""
    dataset = catalog.datasets[ref]
    of_columns = [
        check.rule for column in dataset.columns for check in checks_of(catalog, dataset, column)
    ]
    across = _cross_field_rules(catalog, dataset, of_columns)
    return (*of_columns, *across, _duplicate_key(dataset))


def normalisations_of(catalog: Catalog, ref: str) -> tuple[Normalisation, ...]:
    """All normalisations that can occur in a dataset, sorted by bit."""
    found: list[Normalisation] = []
    for column in catalog.datasets[ref].columns:
        for kind in format_of(catalog.elements[column.element]).kinds:
            message = f"{column.name}：{NORMALISATIONS[kind]}"
            found.append(Normalisation(column.id, kind, len(found), message))
    return tuple(found)


def _cross_field_rules(
    catalog: Catalog, dataset: Dataset, of_columns: Sequence[Rule]
) -> list[Rule]:
    entry = f"公共数据目录 {dataset.name}"
    return [
        Rule(
            id=f"row.{rule.id}",
            kind="cross_field",
            columns=rule.columns,
            dimension=rule.dimension,
            severity=rule.severity,
            message=rule.message,
            standard=rule.standard or entry,
            how_to_correct=rule.how_to_correct,
            example=rule.example,
            bit=UNASSIGNED,
            version=rule.version,
            check=rule.check,
            after=() if rule.despite_errors else _errors_in(dataset, rule.check, of_columns),
        )
        for rule in dataset.rules
    ]


def _errors_in(dataset: Dataset, check: str, of_columns: Sequence[Rule]) -> tuple[str, ...]:
    """Rules by which a value that the check reads is an error.

    Not that a value is unreadable where another column fills the gap: the check reads that one.
    """
    read = set(pl.sql_expr(check).meta.root_names())
    filled = {f"{column.id}.unreadable" for column in dataset.columns if column.derived is not None}
    return tuple(
        rule.id
        for rule in of_columns
        if rule.severity == "error" and rule.id not in filled and not read.isdisjoint(rule.columns)
    )


def _duplicate_key(dataset: Dataset) -> Rule:
    columns = [
        column
        for part in dataset.key
        for column in (part.first_of if isinstance(part, FirstOf) else (part,))
    ]
    names = "、".join(dataset.column(column).name for column in columns)
    return Rule(
        id=DUPLICATE_KEY,
        kind="duplicate_key",
        columns=tuple(columns),
        dimension=Dimension.ACCURACY,
        severity="error",
        message=f"同一批数据中有多行的{names}相同，以最后一行为准",
        standard="GB/T 36344-2018 数据唯一性",
        how_to_correct="请核对重复的各行，只保留正确的一行。",
        example="",
        bit=UNASSIGNED,
    )
