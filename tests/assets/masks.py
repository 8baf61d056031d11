"""The masks of standard rows that nothing is wrong with."""

from __future__ import annotations

import polars as pl


def clean_masks(schema: pl.Schema) -> dict[str, int]:
    """Each mask column of a standard table, no bit of it set."""
    return {name: 0 for name in schema if name.startswith(("_failed", "_normalised"))}
