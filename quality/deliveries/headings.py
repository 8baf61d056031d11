"""Columns under the wrong heading: their values belong to another column.

Belongs here: telling from values whether two headings were exchanged. Rows are judged as they stand
(`quality.standardise`); this is one finding a column, so that nobody corrects a thousand cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from catalog.models.datasets import Column, Dataset
from quality.deliveries.model import Found, thresholds
from quality.profiles.shapes import patterns
from quality.rules.columns import checks_of, context_of
from quality.standards.formats import format_of

if TYPE_CHECKING:
    from catalog.load import Catalog

_LETTERS = "汉9A"


def wrong_headings(
    catalog: Catalog,
    ref: str,
    texts: Callable[[], pl.DataFrame],
    failed: Mapping[str, int],
    rows: int,
    as_of: date,
) -> Iterator[Found]:
    """`<column>.wrong_heading` for both columns of each exchanged pair.

    `texts` gives rows as delivered, by column id, columns that the file does not have left out;
    `failed`: rows that fail, by rule, of `rows` in the delivery. Rows are read only where many fail
    in one column: a sound delivery costs nothing here.
    """
    dataset = catalog.datasets[ref]
    limits = thresholds().heading
    suspects = [
        column
        for column in dataset.columns
        if sum(failed.get(check.rule.id, 0) for check in checks_of(catalog, dataset, column))
        > (1 - limits.failing) * rows
    ]
    if not suspects:
        return
    seen = texts()
    columns = [column for column in dataset.columns if column.id in seen.columns]
    judge = _Judge(catalog, dataset, seen.gather_every(max(1, seen.height // limits.sample)), as_of)
    pairs = {
        frozenset((column.id, other.id)): (column, other)
        for column in suspects
        if column in columns
        for other in judge.exchanged_with(column, columns)
    }
    for column, other in pairs.values():
        for wrong, right in ((column, other), (other, column)):
            yield Found(
                f"{wrong.id}.wrong_heading",
                f"“{wrong.name}”栏的值不是{wrong.name}，而像“{right.name}”栏的值，疑似表头错位",
                wrong.id,
                kind="column",
            )


class _Judge:
    """Reads the texts of one column as if they were another's."""

    def __init__(
        self, catalog: Catalog, dataset: Dataset, texts: pl.DataFrame, as_of: date
    ) -> None:
        self._catalog, self._dataset, self._texts, self._as_of = catalog, dataset, texts, as_of
        self._said = {
            name: texts[name].filter(texts[name].str.strip_chars().fill_null("") != "")
            for name in texts.columns
        }

    def exchanged_with(self, column: Column, others: Sequence[Column]) -> list[Column]:
        """The column whose values belong here while these belong there; one at most.

        Of several the best fitting one, then the nearest.
        """
        limits = thresholds().heading
        own = self._fit(column, column.id)
        if own is None or own > 1 - limits.failing:
            return []
        fitting = []
        for place, other in enumerate(others):
            theirs = self._fit(column, other.id) if other.element != column.element else None
            if theirs is not None and theirs >= limits.fitting and self._takes(other, column):
                fitting.append((-theirs, abs(place - others.index(column)), place))
        return [others[place] for _, _, place in sorted(fitting)[:1]]

    def _takes(self, other: Column, column: Column) -> bool:
        """Whether the column's values may be the other's, and the other's own may not.

        An element that takes any text cannot tell; then the two must at least be written
        differently, or a damaged code beside a free number would pass for an exchange.
        """
        limits = thresholds().heading
        theirs = self._fit(other, column.id)
        if theirs is None or theirs < limits.fitting:
            return False
        own = self._fit(other, other.id)
        tells = own is not None and own <= 1 - limits.failing
        return tells or self._writing(column.id) != self._writing(other.id)

    def _fit(self, column: Column, texts_of: str) -> float | None:
        """Share of another column's texts that are sound as this one's; None of too few."""
        said = self._said[texts_of]
        if len(said) < thresholds().heading.rows:
            return None
        context = context_of(self._catalog, self._dataset, column, self._as_of)
        chosen = format_of(self._catalog.elements[column.element])
        read = said.to_frame("text").select(chosen.reading(pl.col("text"), context).alias("as"))
        value, failure = (pl.col("as").struct.field(name) for name in ("value", "failure"))
        wrong = value.is_null() | (failure != 0)
        for check in checks_of(self._catalog, self._dataset, column):
            if check.violated is not None:
                wrong |= check.violated(value, self._as_of).fill_null(value=False)
        return float(read.select((~wrong).mean()).item())

    def _writing(self, texts_of: str) -> str:
        """Which kind of letter the column is mostly written in."""
        counted = Counter("".join(patterns(self._said[texts_of]).to_list()))
        return max(_LETTERS, key=lambda letter: counted[letter])
