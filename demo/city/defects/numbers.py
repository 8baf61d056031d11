"""Damages of identifying numbers, amounts and counts.

Belongs here: what makes such a value wrong by itself or against another column of its row. What is
wrong only against other datasets stands in `demo.city.defects.subjects`.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import polars as pl

from demo.city.defects.damage import Changes, Hit, damage, mapped, where

_WAN: Final = 10_000
_LOOK_ALIKES: Final = (("0", "O"), ("1", "I"))


def _each(hit: Hit, change: object, below: int) -> Changes:
    assert callable(change)
    return {hit.target.column: mapped(hit.written, change, hit.number(below))}


@damage("masked_number")
def masked(hit: Hit) -> Changes:
    """Birth and more hidden, as on a public notice."""
    return _each(hit, lambda value, _: f"{value[:6]}{'*' * 8}{value[14:]}", 1)


@damage("truncated_number")
def truncated(hit: Hit) -> Changes:
    """One or two characters short. Three fewer would be an identity number of the old length."""
    return _each(hit, lambda value, cut: value[: -1 - cut], 2)


@damage("scientific_number")
def scientific(hit: Hit) -> Changes:
    """What a spreadsheet makes of a long number."""
    return _each(
        hit, lambda value, _: f"{float(value):.5E}" if value.isdigit() else value, 1
    )


@damage("wrong_check_digit")
def wrong_check_digit(hit: Hit) -> Changes:
    """The last character is another digit."""

    def other(value: str, step: int) -> str:
        last = value[-1]
        return value[:-1] + str((int(last) + 1 + step) % 10 if last.isdigit() else step)

    return _each(hit, other, 9)


@damage("impossible_birth")
def impossible_birth(hit: Hit) -> Changes:
    """A thirteenth month, or the 39th day of a month."""

    def changed(value: str, choice: int) -> str:
        month = value[:10] + "13" + value[12:]
        return month if choice else value[:12] + "39" + value[14:]

    return _each(hit, changed, 2)


@damage("look_alike")
def look_alike(hit: Hit) -> Changes:
    """A letter that looks like the digit it stands for."""
    pattern = re.compile(hit.element.pattern) if hit.element.pattern else None

    def changed(value: str, choice: int) -> str:
        for digit, letter in (_LOOK_ALIKES[choice], _LOOK_ALIKES[1 - choice]):
            at = value.rfind(digit, 0, len(value) - 1)
            if at >= 0:
                new = value[:at] + letter + value[at + 1 :]
                return value if pattern is not None and pattern.fullmatch(new) else new
        return value

    return _each(hit, changed, 2)


@damage("code_and_name_swapped")
def swapped(hit: Hit) -> Changes:
    """A number in the column of the name, and the name in the number's."""
    name = hit.text[hit.target.other]
    both = hit.written.is_not_null() & name.is_not_null()
    return {
        hit.target.column: where(both, name, hit.written),
        hit.target.other: where(both, hit.written, name),
    }


@damage("out_of_range")
def out_of_range(hit: Hit) -> Changes:
    """Beyond the element's maximum, or below its minimum."""
    low, high = hit.element.minimum, hit.element.maximum
    above = [] if high is None else [f"{high + 1:.0f}", f"{high * 2 + 9:.0f}"]
    below = [] if low is None else [f"{low - 1:.0f}", f"{low * 2 - 99:.0f}"]
    new = hit.pick([*above, *below])
    return {hit.target.column: where(hit.written.is_not_null(), new, hit.written)}


def _number(values: pl.Series) -> pl.Series:
    return values.cast(pl.Float64, strict=False)


def _plain(values: pl.Series, scale: int) -> pl.Series:
    """Decimal text without exponent, as exact as the scale."""
    texts = [None if value is None else f"{value:.{scale}f}" for value in values.to_list()]
    series = pl.Series(texts, dtype=pl.String)
    return series.str.strip_chars_end("0").str.strip_suffix(".") if scale else series


@damage("yuan_as_wan")
def yuan_as_wan(hit: Hit) -> Changes:
    """万元 where the column asks for 元."""
    amount = _number(hit.fact)
    return {hit.target.column: where(amount >= 100, _plain(amount / _WAN, 6), hit.written)}


@damage("wan_as_yuan")
def wan_as_yuan(hit: Hit) -> Changes:
    """元 where the column asks for 万元."""
    amount = _number(hit.fact)
    return {hit.target.column: where(amount > 0, _plain(amount * _WAN, 2), hit.written)}


@damage("cumulative_as_monthly")
def cumulative(hit: Hit) -> Changes:
    """What came in since January, in the column of the month; from March on it is told apart."""
    amount, month = _number(hit.fact), hit.facts["period"].str.slice(5, 2).cast(pl.Int64)
    return {
        hit.target.column: where(
            (amount > 0) & (month >= 3), _plain(amount * month, 2), hit.written
        )
    }


@damage("total_off")
def total_off(hit: Hit) -> Changes:
    """A total that lacks a part or counts one twice."""
    amount = _number(hit.fact)
    scale = hit.element.scale
    off = pl.Series(hit.number(900) + 100).cast(pl.Float64)
    return {hit.target.column: where(amount.is_not_null(), _plain(amount + off, scale), hit.written)}


@damage("end_before_start")
def end_before_start(hit: Hit) -> Changes:
    """An end one to sixty days before its start."""
    start = hit.facts[hit.target.other]
    back = pl.Series((hit.number(60) + 1) * 86_400_000_000).cast(pl.Duration("us"))
    end = (start.cast(pl.Datetime("us")) - back).cast(hit.fact.dtype)
    both = hit.written.is_not_null() & (start.cast(pl.Date).dt.year() >= 1955)
    return {hit.target.column: where(both, hit.day_text(end), hit.written)}


@damage("part_above_whole")
def part_above_whole(hit: Hit) -> Changes:
    """More than the column that holds all of it."""
    whole = _number(hit.facts[hit.target.other])
    more = pl.Series(np.round(hit.number(40) + 1.0))
    above = _plain(whole + more, hit.element.scale)
    return {hit.target.column: where(hit.written.is_not_null(), above, hit.written)}
