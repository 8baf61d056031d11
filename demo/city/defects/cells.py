"""Damages of single cells: dates, blanks, codes.

Belongs here: what makes such a value wrong. Numbers of people and firms, amounts and counts stand
in `demo.city.defects.numbers`.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

import polars as pl

from demo.city.declared import declaration
from demo.city.defects.damage import Changes, Hit, damage, mapped, where

_SENTINELS: Final = ("1899-12-31", "1900-01-01", "9999-12-31", "2099-12-31")
_TIMES: Final = ("25:61:00", "24:30", "08:75:10", "上午")


@damage("sentinel_date")
def sentinel_date(hit: Hit) -> Changes:
    """A day that a program writes for "no date"."""
    form = hit.form.dates
    if isinstance(hit.fact.dtype, pl.Datetime):
        form = "%Y-%m-%d %H:%M:%S"
    days = [datetime.datetime.fromisoformat(day).strftime(form) for day in _SENTINELS]
    return {hit.target.column: where(hit.written.is_not_null(), hit.pick(days), hit.written)}


@damage("future_date")
def future_date(hit: Hit) -> Changes:
    """A day one to three years after the delivery's."""
    ahead = pl.Series(hit.number(700) + 366).cast(pl.Duration("ms")) * 86_400_000
    day = hit.fact.cast(pl.Date)
    later = (pl.Series([hit.city.day]).new_from_index(0, len(day)) + ahead).cast(pl.Date)
    times = hit.fact.cast(pl.Datetime("us")) - day.cast(pl.Datetime("us"))
    moment = later.cast(pl.Datetime("us")) + times
    new = moment if isinstance(hit.fact.dtype, pl.Datetime) else later
    return {hit.target.column: where(hit.written.is_not_null(), hit.day_text(new), hit.written)}


@damage("unreadable_date")
def unreadable_date(hit: Hit) -> Changes:
    """The day before the month, a year of two digits, or a day that no month has."""
    forms = [hit.fact.dt.strftime(form) for form in ("%d/%m/%Y", "%y.%m.%d", "%Y-02-30")]
    choice = hit.number(len(forms))
    new = forms[0]
    for place, form in enumerate(forms[1:], start=1):
        new = form.zip_with(pl.Series(choice == place), new)
    return {hit.target.column: where(hit.written.is_not_null(), new, hit.written)}


@damage("malformed_time")
def malformed_time(hit: Hit) -> Changes:
    """The right day with a time that no clock shows."""
    day, time = hit.fact.dt.strftime("%Y-%m-%d "), hit.pick(_TIMES)
    return {hit.target.column: where(hit.written.is_not_null(), day + time, hit.written)}


@damage("null_word")
def null_word(hit: Hit) -> Changes:
    """A word that says "no value", in place of a value or of a blank."""
    words = declaration("defects")["null_words"]
    table = hit.element.code_table
    if table and hit.know.spoken(table).intersection(words):
        return {}
    return {hit.target.column: hit.pick(words)}


@damage("missing_required", "key_missing")
def missing(hit: Hit) -> Changes:
    """Nothing where there must be something."""
    return {hit.target.column: pl.Series(hit.target.column, [None] * len(hit.bits), pl.String)}


@damage("text_for_code")
def text_for_code(hit: Hit) -> Changes:
    """A remark where a code or its name belongs."""
    remarks = hit.pick(declaration("defects")["no_codes"])
    return {hit.target.column: where(hit.written.is_not_null(), remarks, hit.written)}


@damage("lost_zeros")
def lost_zeros(hit: Hit) -> Changes:
    """A code that was a number for a while, and lost the zeros in front."""
    element = hit.element
    known = hit.know.spoken(element.code_table) if element.code_table else frozenset()
    pattern = re.compile(element.pattern) if element.pattern else None

    def stripped(value: str, _: int) -> str:
        short = value.lstrip("0")
        right = short in known or (pattern is not None and pattern.fullmatch(short))
        return value if right or not short else short

    return {hit.target.column: mapped(hit.written, stripped, hit.number(1))}


@damage("abolished_division")
def abolished_division(hit: Hit) -> Changes:
    """The code of a county that is no more."""
    codes = hit.know.abolished(hit.element.code_table or "")
    if not codes:
        return {}
    new = hit.pick(codes)
    return {hit.target.column: where(hit.written.is_not_null(), new, hit.written)}
