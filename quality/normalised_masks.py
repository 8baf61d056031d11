"""The mask columns that say which normalisations changed a value.

Belongs here: packing the notes that reading leaves in each column into masks. Which normalisations
there are stands in `quality.rules.derive`, what they do in `quality.standards`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from quality.rules.derive import Normalisation, normalisations_of
from quality.standards.reading import NOTE_BIT

if TYPE_CHECKING:
    from catalog.load import Catalog

READING = "_reading_"
"""Prefix of the columns of structs (value, notes, failure) that reading a row gives."""


def normalised_masks(catalog: Catalog, ref: str) -> list[pl.Expr]:
    """`_normalised`, `_normalised_2`, …, over the columns that reading gave."""
    found = normalisations_of(catalog, ref)
    names = dict.fromkeys(["_normalised", *(each.mask_column for each in found)])
    return [_packed([n for n in found if n.mask_column == name]).alias(name) for name in names]


def _packed(normalisations: Sequence[Normalisation]) -> pl.Expr:
    """The notes of all columns packed into one mask column.

    Each column's notes index a table of mask values; a batch without a note in a column costs
    nothing there.
    """
    columns = list(dict.fromkeys(n.column for n in normalisations))
    if not columns:
        return pl.lit(0, pl.Int64)
    tables = [_note_table([n for n in normalisations if n.column == column]) for column in columns]
    return pl.map_batches(
        [pl.col(READING + column).struct.field("notes") for column in columns],
        _packer(tables),
        return_dtype=pl.Int64(),
        is_elementwise=True,
    )


def _note_table(
    normalisations: Sequence[Normalisation],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Notes of a column → its part of one mask column, by the notes' lower bits.

    As long as the highest of these kinds asks for, a power of two; higher notes belong to the next
    mask column.
    """
    highest = max(NOTE_BIT[normalisation.kind] for normalisation in normalisations)
    notes = np.arange(highest * 2, dtype=np.uint32)
    table = np.zeros(len(notes), np.int64)
    for normalisation in normalisations:
        noted = (notes & NOTE_BIT[normalisation.kind]) != 0
        table[noted] |= normalisation.mask_value
    return table


def _packer(
    tables: list[np.ndarray[tuple[int], np.dtype[np.int64]]],
) -> Callable[[Sequence[pl.Series]], pl.Series]:
    def pack(columns: Sequence[pl.Series]) -> pl.Series:
        mask = np.zeros(len(columns[0]), np.int64)
        for table, notes in zip(tables, columns, strict=True):
            if notes.max():
                mask |= table[notes.to_numpy() & np.uint32(len(table) - 1)]
        return pl.Series(mask)

    return pack
