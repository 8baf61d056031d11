"""The key of a row as text.

Belongs here: joining key parts the way that findings name a record, and hashing them. Source: the
contract of keys: parts in standard form, joined with U+001F.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from catalog.models.datasets import Dataset, FirstOf
from demo.city.rng import Bits

UNIT: Final = "\x1f"


def key_texts(frame: pl.DataFrame, dataset: Dataset) -> pl.Series:
    """The key of each row; null where a part is missing. Columns that the frame lacks are blank."""
    parts = [_part(frame, part) for part in dataset.key]
    key = pl.concat_str(parts, separator=UNIT, ignore_nulls=False).alias("key")
    return frame.select(key).to_series()


def _part(frame: pl.DataFrame, part: str | FirstOf) -> pl.Expr:
    if isinstance(part, str):
        return _text(frame, part)
    first = pl.coalesce(*(_text(frame, column) for column in part.first_of))
    return first.fill_null("") if part.may_be_absent else first


def _text(frame: pl.DataFrame, column: str) -> pl.Expr:
    if column not in frame.columns:
        return pl.lit(None, pl.String)
    dtype = frame.schema[column]
    if dtype == pl.Date:
        return pl.col(column).dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%S")
    return pl.col(column).cast(pl.String)


def hashed(texts: pl.Series) -> Bits:
    """A number for each text: what it has in common with other rows of the text alone."""
    bits: Bits = texts.fill_null("").hash(seed=0).to_numpy()
    return bits
