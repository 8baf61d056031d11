"""Damages of single cells: dates, blanks, codes.

Belongs here: what makes such a value wrong. Numbers of people and firms, amounts and counts stand
in `demo.city.defects.numbers`.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from demo.city.declared import declaration
from demo.city.defects.damage import Changes, Hit, damage

_SENTINELS: Final = tuple(
    datetime.datetime.fromisoformat(day)
    for day in ("1899-12-31", "1900-01-01", "9999-12-31", "2099-12-31")
)
_TIMES: Final = ("25:61:00", "24:30", "08:75:10", "上午")
_UNREADABLE: Final = ("%d/%m/%Y", "%y.%m.%d", "%Y-02-30")


@damage("sentinel_date")
def sentinel_date(hit: Hit) -> Changes | None:
    """A day that a program writes for "no date"."""
    if hit.fact() is None:
        return None
    moment = hit.pick(_SENTINELS)
    timed = isinstance(hit.fact(), datetime.datetime)
    return hit.changed(hit.day_text(moment if timed else moment.date()))


@damage("future_date")
def future_date(hit: Hit) -> Changes | None:
    """A day one to three years after the delivery's."""
    if hit.fact() is None:
        return None
    day = hit.city.day + datetime.timedelta(days=366 + hit.number(700))
    if isinstance(hit.fact(), datetime.datetime):
        return hit.changed(hit.day_text(datetime.datetime.combine(day, hit.fact().time())))
    return hit.changed(hit.day_text(day))


@damage("unreadable_date")
def unreadable_date(hit: Hit) -> Changes | None:
    """The day before the month, a year of two digits, or a day that no month has."""
    day = hit.fact()
    return None if day is None else hit.changed(day.strftime(hit.pick(_UNREADABLE)))


@damage("malformed_time")
def malformed_time(hit: Hit) -> Changes | None:
    """The right day with a time that no clock shows."""
    moment = hit.fact()
    return None if moment is None else hit.changed(f"{moment:%Y-%m-%d} {hit.pick(_TIMES)}")


@damage("null_word")
def null_word(hit: Hit) -> Changes | None:
    """A word that says "no value", in place of a value or of a blank."""
    words = declaration("defects")["null_words"]
    table = hit.element.code_table
    if table and hit.know.spoken(table).intersection(words):
        return None
    return hit.changed(hit.pick(words))


@damage("missing_required", "key_missing")
def missing(hit: Hit) -> Changes | None:
    """Nothing where there must be something."""
    return None if hit.text() is None else hit.changed(None)


@damage("text_for_code")
def text_for_code(hit: Hit) -> Changes | None:
    """A remark where a code or its name belongs."""
    if hit.text() is None:
        return None
    return hit.changed(hit.pick(declaration("defects")["no_codes"]))


@damage("lost_zeros")
def lost_zeros(hit: Hit) -> Changes | None:
    """A code that was a number for a while, and lost the zeros in front."""
    value, element = hit.text(), hit.element
    short = (value or "").lstrip("0")
    if not short or short == value:
        return None
    if element.code_table and short in hit.know.spoken(element.code_table):
        return None
    if element.pattern and re.fullmatch(element.pattern, short):
        return None
    return hit.changed(short)


@damage("abolished_division")
def abolished_division(hit: Hit) -> Changes | None:
    """The code of a county that is no more."""
    codes = hit.know.abolished(hit.element.code_table or "")
    return hit.changed(hit.pick(codes)) if codes and hit.text() is not None else None
