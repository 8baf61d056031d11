"""Numbers to text and dates, whole columns at a time.

Belongs here: turning numpy arrays into Polars series of a fixed layout. What the text means stands
with those who call.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Ints

EPOCH: Final = datetime.date(1970, 1, 1)
NEVER: Final = np.iinfo(np.int32).max
"""A day that has not come: the end of what has not ended."""


def days(text: str | datetime.date) -> int:
    """Days since 1970-01-01 of an ISO date."""
    day = datetime.date.fromisoformat(text) if isinstance(text, str) else text
    return (day - EPOCH).days


def numbers(values: ArrayLike, width: int) -> pl.Series:
    """Whole numbers with leading zeros; `width` at most 18, no number longer or negative."""
    # A one in front and cut off again: less than half the time that filling up takes.
    return pl.Series(np.asarray(values, dtype=np.int64) + 10**width).cast(pl.String).str.slice(1)


def dates(values: ArrayLike, present: ArrayLike | None = None) -> pl.Series:
    """Days since the epoch as dates; null where `present` is false, and where NEVER stands."""
    array = np.asarray(values)
    known = array != NEVER if present is None else np.asarray(present) & (array != NEVER)
    series = pl.Series(np.where(known, array, 0).astype(np.int32)).cast(pl.Date)
    return blank_unless(series, known)


def blank_unless(series: pl.Series, known: NDArray[np.bool_]) -> pl.Series:
    """The series with nulls where `known` is false."""
    if bool(known.all()):
        return series
    frame = pl.DataFrame({"value": series, "known": known})
    return frame.select(pl.when("known").then("value")).to_series()


def pick(values: Sequence[str] | pl.Series, positions: ArrayLike) -> pl.Series:
    """The values at the positions; null at position -1."""
    series = values if isinstance(values, pl.Series) else pl.Series(list(values), dtype=pl.String)
    at = np.asarray(positions)
    if at.size and int(at.min()) < 0:
        return blank_unless(series.gather(np.maximum(at, 0)), at >= 0)
    return series.gather(at)


def joined(*parts: pl.Series | str) -> pl.Series:
    """The parts one after the other; null where a part is null."""
    columns = [pl.lit(part) for part in parts]
    return pl.select(pl.concat_str(columns)).to_series()


def from_symbols(symbols: NDArray[np.uint8]) -> pl.Series:
    """Rows of ASCII character codes as text, one text a row.

    Through the CSV reader: the fastest public way from a matrix of bytes to a string column.
    """
    rows, _ = symbols.shape
    if rows == 0:
        return pl.Series(dtype=pl.String)
    line_ends = np.full((rows, 1), ord("\n"), np.uint8)
    content = np.hstack([symbols, line_ends]).tobytes()
    frame = pl.read_csv(
        content, has_header=False, schema={"text": pl.String}, separator="\x01", quote_char=None
    )
    return frame["text"]


def digits_of(values: ArrayLike, width: int) -> Ints:
    """The decimal digits of whole numbers as a matrix, the leading digit first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits: Ints = np.asarray(values, dtype=np.int64)[:, None] // powers % 10
    return digits


def years_before(day: int, birth: ArrayLike) -> Ints:
    """Completed years from each birth day to `day`, by the calendar."""
    born = np.asarray(birth).astype("datetime64[D]")
    at = np.datetime64(day, "D")
    months = (at.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
    day_of_month = int((at - at.astype("datetime64[M]")).astype(np.int64))
    birthday = (born - born.astype("datetime64[M]")).astype(np.int64)
    years: Ints = (months - (birthday > day_of_month)) // 12
    return years


def add_years(day: ArrayLike, years: ArrayLike) -> Ints:
    """The day so many years later, by the calendar; 29 February becomes 1 March."""
    start = np.asarray(day).astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    within = (start - month).astype(np.int64)
    later = (month + np.asarray(years).astype(np.int64) * 12).astype("datetime64[D]")
    moved: Ints = later.astype(np.int64) + within
    return moved


def moments(day: ArrayLike, second: ArrayLike, present: ArrayLike | None = None) -> pl.Series:
    """Days since the epoch and seconds within the day as times; null where `present` is false."""
    seconds = np.asarray(day, dtype=np.int64) * 86_400 + np.asarray(second, dtype=np.int64)
    series = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us"))
    return series if present is None else blank_unless(series, np.asarray(present, dtype=bool))


def months_before(day: int, count: int) -> Ints:
    """The `count` months up to the day's own, the oldest first, as months since 1970-01."""
    last = np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64)
    months: Ints = last - count + 1 + np.arange(count)
    return months


def month_texts(month: ArrayLike) -> pl.Series:
    """Months since 1970-01 as `YYYY-MM`."""
    known, at = np.unique(np.asarray(month, dtype=np.int64), return_inverse=True)
    return pick([f"{value // 12 + 1970:04d}-{value % 12 + 1:02d}" for value in known], at)


def first_days(month: ArrayLike) -> Ints:
    """The first day of each month since 1970-01, in days since the epoch."""
    days_of: Ints = (
        np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    )
    return days_of


def year_of(day: Ints) -> Ints:
    """The calendar year of each day."""
    return day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def year_month_day(day: ArrayLike) -> Ints:
    """Days since the epoch as numbers YYYYMMDD."""
    date = np.asarray(day).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    number = month.astype(np.int64)
    written: Ints = (
        (number // 12 + 1970) * 10_000 + (number % 12 + 1) * 100
        + (date - month).astype(np.int64) + 1
    )  # fmt: skip
    return written
