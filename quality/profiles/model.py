"""The table of profiles: `quality/profiles`, one row a delivery and column.

Belongs here: its columns and what they mean. How they are measured stands in
`quality.profiles.measure`.

Whole file, exactly (from the footers of its Parquet files):
- `rows`: rows that say something; those that only declare a deletion have no columns to measure.
- `nulls`: of these, how many have no standard value: not delivered, blank or unreadable.
- `minimum`, `maximum`: of numbers, dates and times.

A sample of `sampled` rows, all of a small file:
- `shortest`, `longest`: characters of the text as delivered, where it is not blank.
- `patterns`: the most frequent shapes of that text (`quality.profiles.shapes`), with their rows.
- `distinct`: different standard values.
- `p05` to `p95`: quantiles of numbers, dates and times; the lower of two neighbours, so that each
  is a value that occurs.
- `top`: the most frequent standard values, with their rows.

A column that publication masks keeps no value: minimum, maximum, quantiles and top are null or
empty. One whose element declares a mask or holds names of persons keeps no top, whatever its grade.
Values are text: ISO 8601, decimal numbers without exponent.
"""

from __future__ import annotations

from typing import Final

import polars as pl

QUANTILES: Final = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

PROFILES: Final = pl.Schema(
    {
        "delivery": pl.String(),
        "dataset": pl.String(),
        "agency": pl.String(),
        "seq": pl.Int64(),
        "column": pl.String(),
        "delivered": pl.Boolean(),
        "rows": pl.Int64(),
        "nulls": pl.Int64(),
        "minimum": pl.String(),
        "maximum": pl.String(),
        "sampled": pl.Int64(),
        "shortest": pl.Int64(),
        "longest": pl.Int64(),
        "patterns": pl.List(pl.Struct({"pattern": pl.String(), "rows": pl.Int64()})),
        "distinct": pl.Int64(),
        **{name: pl.String() for name in QUANTILES},
        "top": pl.List(pl.Struct({"value": pl.String(), "rows": pl.Int64()})),
    }
)
"""`agency` is the deliverer, `seq` the delivery's order; `delivered`: the file has the column."""
