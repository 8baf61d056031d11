"""Columns whose values a profile does not name.

Belongs here: which columns. What a profile holds of the others stands in `quality.profiles.model`.
"""

from __future__ import annotations

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from warehouse.publish.masking import masked_columns


def columns_without_top(catalog: Catalog, dataset: Dataset) -> frozenset[str]:
    """Ids of the columns of which no top values are kept or shown.

    Those that publication masks, and those whose element declares a mask or holds names of persons,
    whatever its grade: a row may name a firm's representative, a list of the most frequent names
    tells of persons. A derived column is as the one it comes from.
    """
    return masked_columns(catalog, dataset) | {
        column.id for column in dataset.columns if _tells_of_persons(catalog, dataset, column.id)
    }


def _tells_of_persons(catalog: Catalog, dataset: Dataset, column_id: str) -> bool:
    element = catalog.element_of(dataset.ref, column_id)
    if element.mask not in ("none", "code") or element.format == "person_name":
        return True
    derived = dataset.column(column_id).derived
    return derived is not None and _tells_of_persons(catalog, dataset, derived.column)
