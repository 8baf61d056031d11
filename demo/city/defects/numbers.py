"""Damages of identifying numbers, amounts and counts.

Belongs here: what makes such a value wrong by itself or against another column of its row. What is
wrong only against other datasets stands in `demo.city.defects.subjects`.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from demo.city.defects.damage import Changes, Hit, damage, like, midnight
from demo.city.defects.keys import UNIT

_WAN: Final = 10_000
_NAMED_UNIT: Final = "元人民币"
_LOOK_ALIKES: Final = (("0", "O"), ("1", "I"))
_TOLD_APART: Final = 3
"""The first month in which a year's sum is no month's."""
_EARLIEST: Final = 1955
"""No date is moved before it: that would be a placeholder."""


@damage("masked_number")
def masked(hit: Hit) -> Changes | None:
    """Birth and more hidden, as on a public notice."""
    value = hit.text()
    return hit.changed(f"{value[:6]}{'*' * 8}{value[14:]}") if value else None


@damage("truncated_number")
def truncated(hit: Hit) -> Changes | None:
    """One or two characters short. Three fewer would be an identity number of the old length."""
    value = hit.text()
    return hit.changed(value[: -1 - hit.number(2)]) if value else None


@damage("scientific_number")
def scientific(hit: Hit) -> Changes | None:
    """What a spreadsheet makes of a long number."""
    value = hit.text()
    return hit.changed(f"{float(value):.5E}") if value and value.isdigit() else None


@damage("wrong_check_digit")
def wrong_check_digit(hit: Hit) -> Changes | None:
    """The last character is another digit."""
    value, step = hit.text(), hit.number(9)
    if not value:
        return None
    last = (int(value[-1]) + 1 + step) % 10 if value[-1].isdigit() else step
    return hit.changed(f"{value[:-1]}{last}")


@damage("impossible_birth")
def impossible_birth(hit: Hit) -> Changes | None:
    """A thirteenth month, or the 39th day of a month."""
    value = hit.text()
    if not value:
        return None
    at, digits = (10, "13") if hit.number(2) else (12, "39")
    return hit.changed(f"{value[:at]}{digits}{value[at + 2 :]}")


@damage("look_alike")
def look_alike(hit: Hit) -> Changes | None:
    """A letter that looks like the digit it stands for."""
    value, pattern, first = hit.text(), hit.element.pattern, hit.number(2)
    for digit, letter in (_LOOK_ALIKES[first], _LOOK_ALIKES[1 - first]) if value else ():
        at = value.rfind(digit, 0, len(value) - 1) if value else -1
        if value and at >= 0:
            new = f"{value[:at]}{letter}{value[at + 1 :]}"
            return None if pattern and re.fullmatch(pattern, new) else hit.changed(new)
    return None


@damage("code_and_name_swapped")
def swapped(hit: Hit) -> Changes | None:
    """A number in the column of the name, and the name in the number's."""
    number, name = hit.text(), hit.text(hit.target.other)
    if not number or not name:
        return None
    return {hit.target.column: name, hit.target.other: number}


@damage("out_of_range")
def out_of_range(hit: Hit) -> Changes | None:
    """Beyond the element's maximum, or below its minimum; with its unit where it must name one."""
    low, high = hit.element.minimum, hit.element.maximum
    values = [] if high is None else [high + 1, high * 2 + 9]
    values += [] if low is None else [low - 1, low * 2 - 99]
    unit = _NAMED_UNIT if hit.element.format == "money" else ""
    return None if hit.text() is None else hit.changed(f"{hit.pick(values):.0f}{unit}")


def plain(value: float, scale: int) -> str:
    """Decimal text without exponent and closing zeros."""
    text = f"{value:.{scale}f}"
    return text.rstrip("0").rstrip(".") if scale else text


@damage("yuan_as_wan")
def yuan_as_wan(hit: Hit) -> Changes | None:
    """万元 where the column asks for 元."""
    amount = hit.fact()
    if amount is None or amount < 100:
        return None
    return hit.changed(plain(amount / _WAN, 6))


@damage("wan_as_yuan")
def wan_as_yuan(hit: Hit) -> Changes | None:
    """元 where the column asks for 万元."""
    amount = hit.fact()
    return hit.changed(plain(amount * _WAN, 2)) if amount is not None and amount > 0 else None


@damage("cumulative_as_monthly")
def cumulative(hit: Hit) -> Changes | None:
    """What came in since January, in the column of the month; from March on it is told apart by the
    months before, and by the same month of other years."""
    insurance, division, period = (
        hit.fact(part) for part in ("insurance_type", "division", "period")
    )
    amount, so_far = hit.fact(), hit.know.income_so_far.get((insurance, division, period))
    if not amount or so_far is None or int(period[5:7]) < _TOLD_APART:
        return None
    beside = (
        month
        for month in hit.know.months_of_income
        if f"{period[:4]}-01" <= month < period or (month[5:] == period[5:] and month != period)
    )
    keys = [UNIT.join((insurance, month, division)) for month in beside]
    if not hit.are_sound(hit.dataset.ref, *keys):
        return None
    return hit.changed(plain(so_far, 2))


@damage("total_off")
def total_off(hit: Hit) -> Changes | None:
    """A total that counts a part twice."""
    total = hit.fact()
    if total is None:
        return None
    return hit.changed(plain(total + 100 + hit.number(900), hit.element.scale))


@damage("end_before_start")
def end_before_start(hit: Hit) -> Changes | None:
    """An end one to sixty days before its start."""
    end, start = hit.fact(), hit.fact(hit.target.other)
    if end is None or start is None or start.year < _EARLIEST:
        return None
    before = midnight(start) - datetime.timedelta(days=1 + hit.number(60))
    return hit.changed(hit.day_text(like(before, end)))


@damage("part_above_whole")
def part_above_whole(hit: Hit) -> Changes | None:
    """More than the column that holds all of it."""
    whole = hit.fact(hit.target.other)
    if whole is None or hit.fact() is None:
        return None
    return hit.changed(plain(whole + 1 + hit.number(40), hit.element.scale))
