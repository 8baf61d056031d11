"""Numbers, days and times as text, by looking up what was written before.

Belongs here: the look-ups. A year has 365 texts and most amounts are small, so a table of them is
several times quicker than writing each value anew. What is written is what Polars' own casts and
`strftime` write.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

_SMALL: Final = 100_000
"""Hundredths up to which amounts are looked up: 999.99."""
_DAY: Final = 86_400
_MICROSECONDS: Final = 1_000_000


@cache
def _amounts() -> pl.Series:
    """0, 0.01, 0.02, … as text."""
    return _written(pl.Series(np.arange(_SMALL) / 100))


def _written(values: pl.Series) -> pl.Series:
    return values.cast(pl.String).str.strip_suffix(".0")


def amount_texts(values: pl.Series) -> pl.Series:
    """The shortest text of each number, without `.0`, and 0 for minus 0; null for null."""
    # Not by adding zero, which Polars takes for doing nothing.
    values = pl.select(
        pl.when(values == 0).then(0.0).otherwise(values).alias(values.name)
    ).to_series()
    if values.null_count() or not len(values):
        return _written(values)
    numbers = values.to_numpy()
    cents = np.round(numbers * 100)
    other = (cents / 100 != numbers) | (cents < 0) | (cents >= _SMALL)
    count = int(np.count_nonzero(other))
    if 2 * count > len(numbers):
        return _written(values)
    at = cents.astype(np.int64)
    at[other] = _SMALL + np.arange(count)
    texts = pl.concat([_amounts(), _written(values.filter(pl.Series(other)))], rechunk=True)
    return texts.gather(at).alias(values.name)


def day_texts(values: pl.Series, pattern: str) -> pl.Series:
    """Dates by a strftime pattern; null for null."""
    if values.null_count() == len(values):
        return values.cast(pl.String)
    days = values.to_physical()
    first, last = int(days.min()), int(days.max())  # type: ignore[arg-type]
    if last - first > len(values):
        return values.dt.strftime(pattern)
    known = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True).cast(pl.Date)
    return known.dt.strftime(pattern).gather(days - first).alias(values.name)


@cache
def _times() -> pl.Series:
    """The seconds of a day as ` HH:MM:SS`."""
    seconds = pl.Series(np.arange(_DAY) * _MICROSECONDS).cast(pl.Datetime("us"))
    return seconds.dt.strftime(" %H:%M:%S")


def moment_texts(values: pl.Series) -> pl.Series:
    """Times (in µs, whole seconds) as `YYYY-MM-DD HH:MM:SS`; null for null."""
    seconds = values.to_physical() // _MICROSECONDS
    day = day_texts((seconds // _DAY).cast(pl.Int32).cast(pl.Date), "%Y-%m-%d")
    return pl.select(pl.concat_str(day, _times().gather(seconds % _DAY))).to_series()
