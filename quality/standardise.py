"""The streaming pass from raw to standard: typing, normalising, the row rules, the key.

Belongs here: the one expression plan over a delivery's rows. What a value must look like stands in
`quality.standards`, which rules there are in `quality.rules`, what happens to the rows afterwards
(duplicates, comparison, appending) in `assets.intake`.

The plan has four steps, each a streaming `with_columns`, so that nothing is computed twice: read
every column once (a struct of value, notes, failure); put the standard values in place, parts
derived; form masks and key from both; ask what concerns several columns where none of them is an
error by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import polars as pl

from catalog.models.datasets import Column, Dataset, FirstOf
from quality.normalised_masks import READING, normalised_masks
from quality.rules.columns import ColumnCheck, checks_of, context_of
from quality.rules.derive import MASK_BITS, mask_column, normalisations_of, rules_of
from quality.rules.model import DUPLICATE_KEY, Rule
from quality.standards.formats import format_of
from quality.standards.reading import dtype_of

if TYPE_CHECKING:
    from catalog.load import Catalog

KEY_SEPARATOR = "\x1f"
"""U+001F UNIT SEPARATOR: cleaning removes it from every value, so keys can't be forged with it."""

CARRIED: dict[str, pl.DataType] = {
    "_op": pl.String(),
    "_row": pl.Int64(),
    "_delivery": pl.String(),
    "_seq": pl.Int64(),
    "_agency": pl.String(),
}
"""Technical columns that pass from raw to standard as they are."""

_DELETED = "_deleted"


def standardise(raw: pl.LazyFrame, catalog: Catalog, ref: str, as_of: date) -> pl.LazyFrame:
    """Raw rows of a delivery → staged rows, one for one and in order; schema `staged_schema`.

    `raw` has the catalogue's columns and `_op`, `_row`, `_shape`, `_delivery`, `_seq`, `_agency`;
    `as_of` is the delivery's date, against which future dates, ages and codes in force are judged.
    A value that cannot be read is null and a failed rule; the original stays in raw. A row of
    operation `delete` keeps its key alone: no business column, no mask.

    Raises UnassignedRule when a rule has no bit, KeyError for an unknown dataset or format.
    """
    dataset = catalog.datasets[ref]
    plan = _Plan(catalog, dataset, as_of)
    return (
        raw.with_columns(*plan.readings(), _deleted())
        .with_columns(plan.values())
        .with_columns(plan.key(), *plan.failed(), *normalised_masks(catalog, ref))
        .with_columns(plan.failed_across())
        .with_columns(plan.deletions())
        .select(staged_schema(catalog, ref).names())
    )


def staged_schema(catalog: Catalog, ref: str) -> pl.Schema:
    """Columns of staged rows: the catalogue's, `_key`, the masks, the technical columns."""
    dataset = catalog.datasets[ref]
    columns = {column.id: dtype_of(catalog.elements[column.element]) for column in dataset.columns}
    masks = [
        *_mask_columns("_failed", [rule.bit for rule in rules_of(catalog, ref)]),
        *_mask_columns("_normalised", [n.bit for n in normalisations_of(catalog, ref)]),
    ]
    return pl.Schema(
        {**columns, "_key": pl.String(), **{mask: pl.Int64() for mask in masks}, **CARRIED}
    )


def standard_schema(catalog: Catalog, ref: str) -> pl.Schema:
    """Columns of the standard table: those of staged rows."""
    return staged_schema(catalog, ref)


def _mask_columns(name: str, bits: Sequence[int]) -> list[str]:
    """The mask columns that the bits need; the first always exists."""
    return [mask_column(name, word) for word in range(max(bits, default=0) // MASK_BITS + 1)]


@dataclass(frozen=True)
class _Plan:
    """The expressions of one dataset's pass."""

    catalog: Catalog
    dataset: Dataset
    as_of: date

    def readings(self) -> list[pl.Expr]:
        """One struct per column. Constants of the row's shape stand in for what it lacks."""
        return [
            format_of(self.catalog.elements[column.element])
            .reading(
                self._delivered(column),
                context_of(self.catalog, self.dataset, column, self.as_of),
            )
            .alias(READING + column.id)
            for column in self.dataset.columns
        ]

    def _delivered(self, column: Column) -> pl.Expr:
        delivered = pl.col(column.id)
        for shape in self.dataset.shapes:
            if column.id in shape.constants:
                constant = pl.when(pl.col("_shape") == shape.id).then(
                    pl.lit(shape.constants[column.id])
                )
                delivered = pl.coalesce(delivered, constant)
        return delivered

    def values(self) -> list[pl.Expr]:
        """The standard values, the delivered one before a derived one."""
        return [self._value(column).alias(column.id) for column in self.dataset.columns]

    def _value(self, column: Column) -> pl.Expr:
        own = _field(column.id, "value")
        if column.derived is None:
            return own
        source = self.catalog.element_of(self.dataset.ref, column.derived.column)
        part = format_of(source).parts[column.derived.part]
        dtype = dtype_of(self.catalog.elements[column.element])
        return pl.coalesce(own, part(pl.col(READING + column.derived.column)).cast(dtype))

    def key(self) -> pl.Expr:
        """The key as delivered once normalised; null where a part of it is missing.

        A part that fails a check still identifies its row, so that the defect has an identity.
        """
        parts = [self._key_part(part) for part in self.dataset.key]
        return pl.concat_str(parts, separator=KEY_SEPARATOR, ignore_nulls=False).alias("_key")

    def _key_part(self, part: str | FirstOf) -> pl.Expr:
        if isinstance(part, FirstOf):
            first = pl.coalesce(*(self._key_text(column) for column in part.first_of))
            return first.fill_null("") if part.may_be_absent else first
        return self._key_text(part)

    def _key_text(self, column_id: str) -> pl.Expr:
        dtype = dtype_of(self.catalog.element_of(self.dataset.ref, column_id))
        if dtype.is_temporal():
            form = "%Y-%m-%d" if dtype == pl.Date() else "%Y-%m-%dT%H:%M:%S"
            return pl.col(column_id).dt.strftime(form)
        return pl.col(column_id).cast(pl.String)

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in rules_of(self.catalog, self.dataset.ref)}

    def failed(self) -> list[pl.Expr]:
        """The mask columns of failed rules of single columns."""
        words = _mask_columns("_failed", [rule.bit for rule in self._rules.values()])
        return [
            _together(self._of_columns(self._rules, word)).alias(name)
            for word, name in enumerate(words)
        ]

    def failed_across(self) -> list[pl.Expr]:
        """The mask columns with cross-field rules. `row.duplicate_key` is set when rows are
        settled."""
        broken: dict[str, list[pl.Expr]] = defaultdict(list)
        for rule in self._rules.values():
            if rule.check is not None and rule.id != DUPLICATE_KEY:
                violated = pl.all_horizontal(~pl.sql_expr(rule.check), *self._sound(rule.after))
                bit = pl.when(violated).then(rule.mask_value).otherwise(0).cast(pl.Int64)
                broken[rule.mask_column].append(bit)
        return [_together([pl.col(mask), *bits]).alias(mask) for mask, bits in broken.items()]

    def _sound(self, after: Sequence[str]) -> list[pl.Expr]:
        masks: dict[str, int] = defaultdict(int)
        for name in after:
            masks[self._rules[name].mask_column] |= self._rules[name].mask_value
        return [pl.col(mask) & bits == 0 for mask, bits in masks.items()]

    def _of_columns(self, rules: dict[str, Rule], word: int) -> list[pl.Expr]:
        masks = []
        for column in self.dataset.columns:
            checks = checks_of(self.catalog, self.dataset, column)
            if any(_in_word(rules[check.rule.id], word) for check in checks):
                masks.append(self._first_failed(column, checks, rules, word))
        return masks

    def _first_failed(
        self,
        column: Column,
        checks: tuple[ColumnCheck, ...],
        rules: dict[str, Rule],
        word: int,
    ) -> pl.Expr:
        """The bit of the first check that the column's value fails, else 0."""
        mask: pl.Expr = pl.lit(0, pl.Int64)
        for check in reversed(checks):
            rule = rules[check.rule.id]
            bit = rule.mask_value if _in_word(rule, word) else 0
            mask = pl.when(self._violation(column, check)).then(bit).otherwise(mask)
        return mask.cast(pl.Int64)

    def _violation(self, column: Column, check: ColumnCheck) -> pl.Expr:
        if check.failure is not None:
            return _field(column.id, "failure") == check.failure
        assert check.violated is not None
        # What fills a gap from another column answers `required` and nothing else: a derived
        # value was never the agency's to correct here.
        required = check.rule.kind == "required"
        value = pl.col(column.id) if required else _field(column.id, "value")
        return check.violated(value, self.as_of)

    def deletions(self) -> list[pl.Expr]:
        """Rows of operation `delete` reduced to their key."""
        schema = staged_schema(self.catalog, self.dataset.ref)
        emptied = {column.id: None for column in self.dataset.columns} | {
            name: 0 for name in schema if name.startswith(("_failed", "_normalised"))
        }
        return [
            pl.map_batches(
                [name, _DELETED], _emptier(value), return_dtype=schema[name], is_elementwise=True
            ).alias(name)
            for name, value in emptied.items()
        ]


def _emptier(value: int | None) -> Callable[[Sequence[pl.Series]], pl.Series]:
    """Replaces a column's value in deleted rows; most batches have none and pass untouched."""

    def empty(columns: Sequence[pl.Series]) -> pl.Series:
        column, deleted = columns
        return column.set(deleted, value) if deleted.any() else column

    return empty


def _deleted() -> pl.Expr:
    return (pl.col("_op") == "delete").fill_null(False).alias(_DELETED)


def _field(column_id: str, field: str) -> pl.Expr:
    return pl.col(READING + column_id).struct.field(field)


def _in_word(rule: Rule, word: int) -> bool:
    return rule.bit // MASK_BITS == word


def _together(masks: list[pl.Expr]) -> pl.Expr:
    """Masks without a common bit as one."""
    return reduce(lambda left, right: left | right, masks, pl.lit(0, pl.Int64))
