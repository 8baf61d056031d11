"""The text that a person sees in a workbook's cell, as far as nothing is lost by it.

Dates and times come out in ISO form, percentages as percentages, numbers padded with zeros keep
them; other numbers keep all their digits whatever decimals the format shows. Belongs here: values
and number formats. Not here: any file format. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

_SIGNIFICANT = 15  # digits of a number that Excel keeps
_DAY = 86_400
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31
_FICTITIOUS_LEAP_DAY = 60  # serial of 1900-02-29, a day that Excel's calendar has

_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class Kind(Enum):
    """What a number format makes of a number."""

    PLAIN = auto()
    DATE = auto()
    DATETIME = auto()
    TIME = auto()
    PERCENT = auto()
    PADDED = auto()


@dataclass(frozen=True, slots=True)
class Format:
    """A number format reduced to its kind; `digits` are those a padded number shows."""

    kind: Kind
    digits: int = 0


PLAIN = Format(Kind.PLAIN)

_BUILT_IN = {
    **dict.fromkeys((9, 10), Format(Kind.PERCENT)),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36), Format(Kind.DATE)),
    **dict.fromkeys((*range(50, 55), 57, 58), Format(Kind.DATE)),
    **dict.fromkeys((*range(18, 22), *range(32, 36)), Format(Kind.TIME)),
    **dict.fromkeys((*range(45, 48), 55, 56), Format(Kind.TIME)),
    22: Format(Kind.DATETIME),
}
"""Formats that a workbook need not declare; 27–36 and 50–58 are those of Chinese Excel."""


def format_of(number: int, code: str | None) -> Format:
    """The format of a built-in id, or of a format code where the workbook declares one."""
    if code is None:
        return _BUILT_IN.get(number, PLAIN)
    shown = _LITERALS.sub("", code).split(";")[0].lower()
    if "general" in shown or "@" in shown:
        return PLAIN
    has_date = "y" in shown or "d" in shown
    has_time = "h" in shown or "s" in shown or "[m" in shown
    if has_date and has_time:
        return Format(Kind.DATETIME)
    if has_date or has_time or "m" in shown:
        return Format(Kind.TIME if has_time else Kind.DATE)
    digits = shown.strip()
    if len(digits) > 1 and not digits.strip("0"):
        return Format(Kind.PADDED, len(digits))
    return Format(Kind.PERCENT) if "%" in shown else PLAIN


def number_text(value: str, shape: Format, from_1904: bool) -> str:
    """A number, in the form the workbook stores it, as the text a person sees.

    `from_1904`: days are counted from 1904-01-01. What no date can be stays a number.
    """
    if shape.kind is Kind.PLAIN:
        return _plain(value)
    if shape.kind is Kind.PERCENT:
        return f"{_unscaled(Decimal(_plain(value)) * 100)}%"
    if shape.kind is Kind.PADDED:
        text = _plain(value)
        sign = "-" if text.startswith("-") else ""
        whole = text.removeprefix("-")
        return text if "." in whole else sign + whole.zfill(shape.digits)
    return _time_text(float(value), shape.kind, from_1904) or _plain(value)


def _time_text(serial: float, kind: Kind, from_1904: bool) -> str | None:
    if kind is Kind.TIME:
        return _clock(round(serial * _DAY)) if serial >= 0 else None
    moment = _moment(serial, from_1904)
    if moment is None:
        return None
    if kind is Kind.DATE:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds")


def _plain(value: str) -> str:
    """All significant digits, without exponent: `1.0` → `1`, `1E+3` → `1000`."""
    if value.isascii() and value.removeprefix("-").isdigit():
        return value
    number = Decimal(value)
    if len(number.as_tuple().digits) > _SIGNIFICANT:
        number = Decimal(f"{float(value):.{_SIGNIFICANT}g}")
    return _unscaled(number)


def _unscaled(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(serial: float, from_1904: bool) -> dt.datetime | None:
    if from_1904:
        start = dt.datetime(1904, 1, 1)
    elif serial < _FICTITIOUS_LEAP_DAY:
        start = dt.datetime(1899, 12, 31)
    else:
        start = dt.datetime(1899, 12, 30)
    if not 0 <= serial < _LAST_SERIAL:
        return None
    return start + dt.timedelta(seconds=round(serial * _DAY))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
