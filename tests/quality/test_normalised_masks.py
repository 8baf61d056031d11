"""Which normalisations a row went through, as the mask columns say it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from catalog.models.datasets import Dataset
from quality.rules.columns import context_of
from quality.rules.derive import MASK_BITS, normalisations_of
from quality.standardise import standardise
from quality.standards.formats import format_of
from tests.this_catalog import this_catalog

CATALOG = this_catalog()
DAY = date(2026, 10, 1)


def _straddles(ref: str) -> bool:
    """Whether some column's kinds of normalisation lie in two mask columns."""
    words: dict[str, set[int]] = {}
    for normalisation in normalisations_of(CATALOG, ref):
        words.setdefault(normalisation.column, set()).add(normalisation.bit // MASK_BITS)
    return any(len(found) > 1 for found in words.values())


STRADDLING = [ref for ref in CATALOG.datasets if _straddles(ref)]


def _row(dataset: Dataset) -> pl.DataFrame:
    """Every element's example, written so that several normalisations have work."""
    texts = {
        column.id: f"\u200b '{CATALOG.elements[column.element].example}' \u3000"
        for column in dataset.columns
    }
    carried = {"_op": None, "_row": 1, "_shape": None, "_delivery": "d", "_seq": 1, "_agency": "a"}
    types = dict.fromkeys(("_op", "_shape", "_delivery", "_agency"), pl.String)
    return pl.DataFrame([texts | carried], schema_overrides=types)


def test_some_columns_straddle():
    assert STRADDLING


@pytest.mark.parametrize("ref", STRADDLING)
def test_no_note_is_lost_where_a_column_s_kinds_lie_in_two_masks(ref):
    dataset = CATALOG.datasets[ref]
    row = _row(dataset)
    noted = sum(
        format_of(CATALOG.elements[column.element])
        .read(row[column.id], context_of(CATALOG, dataset, column, DAY))["notes"]
        .bitwise_count_ones()
        .sum()
        for column in dataset.columns
    )
    staged = standardise(row.lazy(), CATALOG, ref, DAY).collect()
    masks = [name for name in staged.columns if name.startswith("_normalised")]
    assert noted > len(dataset.columns)
    assert sum(staged[name].bitwise_count_ones().sum() for name in masks) == noted
