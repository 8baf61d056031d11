"""The standard-source catalogue as it stands: one entry for each element that has a source.

Belongs here: bringing together what is declared, measured and judged. Does not belong here: how it
is shown (`pipelines.sources`, `assets.published.standard_sources`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from catalog.models.elements import Element, SourceRef
from quality.sources.admission import Judgement, judge
from quality.sources.table import Column, Line, Measure


@dataclass(frozen=True, slots=True)
class Use:
    """A column of a base table that takes the element's values, and from whom."""

    place: str
    """`<database>.<table>.<column>`."""
    order: tuple[str, ...]
    """`<agency>/<dataset>.<column>` in the order in which they are asked; what a key says by itself
    is no source. Suspended ones are not asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An element and its standard source."""

    element: Element
    source: SourceRef
    dataset: Dataset
    measure: Measure | None
    judgement: Judgement
    uses: tuple[Use, ...]


def entries(catalog: Catalog, lines: Mapping[Column, Line], today: date) -> list[Entry]:
    """One entry for each element in use with a standard source, in the catalogue's order. `lines`
    are the last stored ones."""
    uses = uses_of_columns(catalog)
    return [
        Entry(
            element, source, dataset, measure,
            judge(catalog, element, dataset, source.column, measure, before, today),
            uses.get(source.place, ()),
        )
        for element, source, dataset in settled(catalog)
        for measure, before in (_stored(lines.get((source.dataset, source.column)), element),)
    ]  # fmt: skip


def settled(catalog: Catalog) -> Iterator[tuple[Element, SourceRef, Dataset]]:
    """Elements in use whose standard source is one column of a catalogued dataset."""
    for element in catalog.elements.values():
        source = element.standard_source
        if element.retired is None and source is not None and source.dataset in catalog.datasets:
            yield element, source, catalog.datasets[source.dataset]


def uses_of_columns(catalog: Catalog) -> dict[str, tuple[Use, ...]]:
    """`<agency>/<dataset>.<column>` → columns of base tables that may take its values."""
    found: dict[str, list[Use]] = {}
    for table in catalog.base.values():
        for column in table.columns:
            asked = catalog.sources_of(table, column)
            use = Use(
                f"{table.ref}.{column.id}",
                tuple(
                    dict.fromkeys(table.place_of(each) for each in asked if not each.of_key)
                ),
            )  # fmt: skip
            for place in {table.place_of(each) for each in column.sources if not each.of_key}:
                found.setdefault(place, []).append(use)
    return {place: tuple(uses) for place, uses in found.items()}


def _stored(line: Line | None, element: Element) -> tuple[Measure | None, str | None]:
    """Measurement and state; of a column that held another element then, nothing."""
    if line is None or line.measure.element != element.id:
        return None, None
    return line.measure, line.state
