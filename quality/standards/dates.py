"""Dates and times, GB/T 7408 (ISO 8601).

Belongs here: the written forms of dates that deliveries bring, and the dates that say "unknown".
Whether a date may lie in the future is the element's to say (`quality.rules.derive`).

Read: `2024-01-31`, `2024/1/31`, `2024.1.31`, `2024年1月31日`, `20240131`, each with or without a
time, `20240131080000`, and the five-digit serial number of a spreadsheet (1900 date system). Not
read: two-digit years, month before year and other orders, which nobody can tell apart, and years
before 1 or after 9999.
Times are Asia/Shanghai; a value that states another offset is converted.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from catalog.models.elements import ElementType
from quality.standards.reading import (
    NOTE_BIT,
    UNREADABLE,
    Context,
    Format,
    frame,
    in_order,
    is_true,
    where_put,
)
from quality.standards.text import (
    FULLWIDTH_ALL,
    Cleaning,
    clean,
    drop_invisible,
    drop_quotes,
    halfwidth,
    null_word_pattern,
)

SENTINELS: tuple[date, ...] = (
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(9999, 12, 31),
)
"""Days that programs write for "no date" (quality.md, defect 1)."""
FIRST_SENTINEL_YEAR = 2099
"""From this year on every date stands for "never"."""

SERIAL_ORIGIN = date(1899, 12, 30)
"""Day 0 of the 1900 date system as it counts from 1900-03-01 on."""


def _tidy_blanks(text: pl.Series) -> pl.Series:
    """One blank at most, between date and time; none around separators."""
    collapsed = text.str.replace_all(r"\s+", " ").str.strip_chars(" ")
    return collapsed.str.replace_all(r" ?([年月/.:时点分-]) ?| ([日秒T])", "$1$2")


DATE_CLEANING = Cleaning(
    rf"^$|[^0-9T:. -]|^ | $|  |{null_word_pattern()}",
    (
        ("invisible_characters", drop_invisible),
        ("fullwidth", halfwidth(FULLWIDTH_ALL)),
        ("blanks", _tidy_blanks),
        ("quote", drop_quotes),
    ),
)

_REGULAR_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_REGULAR_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}$"
_TIME_OF_DAY = (
    r"(?:[T ]?(?P<H>[0-9]{1,2})[:时点]"
    r"(?:(?P<M>[0-9]{1,2})(?:[:分](?:(?P<S>[0-9]{1,2})(?P<f>\.[0-9]{1,6})?秒?)?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_HYPHEN = r"^(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})" + _TIME_OF_DAY
_SLASH = r"^(?P<y>[0-9]{4})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})" + _TIME_OF_DAY
_DOT = r"^(?P<y>[0-9]{4})\.(?P<m>[0-9]{1,2})\.(?P<d>[0-9]{1,2})" + _TIME_OF_DAY
_CHINESE = r"^(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日?" + _TIME_OF_DAY
_COMPACT = (
    r"^(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
    r"(?:[T ]?(?P<H>[0-9]{2}):?(?P<M>[0-9]{2})(?::?(?P<S>[0-9]{2})(?P<f>\.[0-9]{1,6})?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_FORMS = (_HYPHEN, _SLASH, _DOT, _CHINESE, _COMPACT)
_SERIAL = r"^[0-9]{5}(?:\.[0-9]{1,15})?$"

_SHANGHAI_MINUTES = 8 * 60


def _of_form(text: pl.Expr, form: str) -> pl.Expr:
    """Moments written in one form; null where the text has another one or no such moment exists."""
    groups = text.str.extract_groups(form)

    def group(name: str, absent: str) -> pl.Expr:
        return groups.struct.field(name).fill_null(absent)

    midnight = (
        (group("H", "0") == "24")
        & group("M", "0").is_in(["0", "00"])
        & group("S", "0").is_in(["0", "00"])
    )
    hour = pl.when(midnight).then(pl.lit("0")).otherwise(group("H", "0"))
    written = pl.format(
        "{}-{}-{} {}:{}:{}{}",
        group("y", "-"),
        *(group(part, "-").str.zfill(2) for part in "md"),
        hour.str.zfill(2),
        *(group(part, "0").str.zfill(2) for part in "MS"),
        group("f", ".0"),
    )
    zone = group("zone", "+08:00").str.replace("Z", "+00:00", literal=True).str.replace(":", "")
    offset = zone.str.slice(1, 2).cast(pl.Int32) * 60 + zone.str.slice(3, 2).cast(pl.Int32)
    offset = pl.when(zone.str.starts_with("-")).then(-offset).otherwise(offset)
    later = pl.duration(days=midnight.cast(pl.Int32), minutes=_SHANGHAI_MINUTES - offset)
    return written.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False) + later


def moments_of(text: pl.Series) -> pl.Series:
    """Moments (Datetime, Shanghai wall time) of dates in any form; null where unreadable."""
    column = pl.first()
    seconds = column.str.extract(f"({_SERIAL})").cast(pl.Float64) * 86_400
    serial = pl.lit(SERIAL_ORIGIN).cast(pl.Datetime("us")) + pl.duration(
        seconds=seconds.round().cast(pl.Int64)
    )
    forms = [_of_form(column, form) for form in _FORMS]
    return text.to_frame("text").select(pl.coalesce(*forms, serial)).to_series()


def _in_calendar(moments: pl.Series) -> pl.Series:
    """Null before year 1 and after year 9999, which Polars knows and no date of SQL or Python."""
    years = moments.dt.year()
    beyond = (years < 1) | (years > 9999)
    return moments.set(beyond, None) if beyond.any() else moments


def _read(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, DATE_CLEANING)
    if context.dtype == pl.Date():
        regular = is_true(text.str.contains(_REGULAR_DATE))
        value = text.str.to_date("%Y-%m-%d", strict=False)
    else:
        regular = is_true(text.str.contains(_REGULAR_TIME))
        written = text.str.replace("T", " ", literal=True)
        value = written.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    other = ~regular & is_true(text.is_not_null())
    if other.any():
        moments = moments_of(text.filter(pl.Series(other)))
        value = where_put(value, other, moments.cast(context.dtype))
        notes[other] |= NOTE_BIT["date_form"]
    value = _in_calendar(value)
    failure[is_true(value.is_null() & text.is_not_null())] = UNREADABLE
    return frame(value, notes, failure)


DATE = Format(
    "date",
    "日期",
    _read,
    in_order(*DATE_CLEANING.kinds, "date_form"),
    (ElementType.DATE,),
    can_be_unreadable=True,
    repetitive=True,
)
DATETIME = Format(
    "datetime",
    "日期时间",
    _read,
    in_order(*DATE_CLEANING.kinds, "date_form"),
    (ElementType.DATETIME,),
    can_be_unreadable=True,
    repetitive=True,
)
