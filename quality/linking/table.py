"""The stored links: `quality/links`.

Belongs here: its place and the shape of a row. How links are found stands in
`quality.linking.steps`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

LINKS_TABLE: Final = "quality/links"
"""Its place in the lake."""

LINKS: Final = pl.Schema(
    {
        "dataset": pl.String(),
        "agency": pl.String(),
        "key": pl.String(),
        "base_table": pl.String(),
        "linked": pl.String(),
        "method": pl.String(),
        "score": pl.Float64(),
        "alternatives": pl.List(pl.String()),
        "evidence": pl.String(),
        "local": pl.Boolean(),
    }
)
"""Rows without an identifier of their own, one each (`dataset`, `agency`, `key`), and the subject
of `base_table` that they were found to tell of: `linked` is its key, null where none is sure.
`method` and `score` (0 to 1) say how it was found, `alternatives` what else came near, `evidence`
why, in Chinese and without values; `local` whether the row says that it is of this city."""
