"""Numbers: plain, percentages, ratios.

Belongs here: the written forms of numbers and their rounding to the element's decimals. Amounts
of money, which write a unit, stand in `quality.standards.money`.

Rounding to the element's scale is half to even (GB/T 8170) and noted; a value outside Int64 or
Decimal(38, scale), or an integer with a fraction, is unreadable.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl

from catalog.models.elements import ElementType
from quality.standards.reading import (
    NOTE_BIT,
    UNREADABLE,
    Context,
    Format,
    Mask,
    Notes,
    Read,
    frame,
    in_order,
    is_true,
    where_put,
)
from quality.standards.text import clean, symbols

NUMBER_CLEANING = symbols("0-9.-")
GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
"""A number with thousands separators."""

_REGULAR = r"^-?[0-9]+(?:\.[0-9]+)?$"
_OTHER_FORMS = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?$"


def _drop_thousands(text: pl.Series) -> tuple[pl.Series, Mask]:
    grouped = is_true(text.str.contains(rf"^[+-]?{GROUPED}$"))
    plain = text.filter(pl.Series(grouped)).str.replace_all(",", "", literal=True)
    return where_put(text, grouped, plain), grouped


def regular_numbers(text: pl.Series, notes: Notes) -> pl.Series:
    """Numbers as `-12.5`; null where there is no number. Adds to the notes."""
    other = ~is_true(text.str.contains(_REGULAR)) & is_true(text.is_not_null())
    if not other.any():
        return text
    some, some_notes = text.filter(pl.Series(other)), notes[other]
    some, grouped = _drop_thousands(some)
    some_notes[grouped] |= NOTE_BIT["thousands"]
    odd = ~is_true(some.str.contains(_REGULAR))
    some_notes[odd] |= NOTE_BIT["number_form"]
    readable = some.str.contains(_OTHER_FORMS)
    plain = [
        f"{Decimal(value):f}" if is_number else None
        for value, is_number in zip(some, readable, strict=True)
    ]
    notes[other] = some_notes
    return where_put(text, other, pl.Series(plain, dtype=pl.String))


def typed(text: pl.Series, context: Context, notes: Notes) -> pl.Series:
    """Regular numbers as the element's type; null where it doesn't hold them. Adds to the notes."""
    if context.element.type is ElementType.INTEGER:
        pointed = is_true(text.str.contains(".", literal=True))
        if pointed.any():
            notes[pointed] |= NOTE_BIT["number_form"]
            whole = text.filter(pl.Series(pointed)).str.replace(r"\.0+$", "")
            text = where_put(text, pointed, whole)
        return text.cast(pl.Int64, strict=False)
    finer = is_true(text.str.contains(rf"\.[0-9]{{{context.element.scale}}}[0-9]*[1-9]"))
    notes[finer] |= NOTE_BIT["rounded"]
    return text.cast(context.dtype, strict=False)


def _number_reader(prepare: Callable[[pl.Series, Notes], pl.Series]) -> Read:
    def read(raw: pl.Series, context: Context) -> pl.DataFrame:
        text, notes, failure = clean(raw, NUMBER_CLEANING)
        value = typed(regular_numbers(prepare(text, notes), notes), context, notes)
        failure[is_true(value.is_null() & text.is_not_null())] = UNREADABLE
        return frame(value, notes, failure)

    return read


def _as_written(text: pl.Series, _: Notes) -> pl.Series:
    return text


def _drop_percent_sign(text: pl.Series, notes: Notes) -> pl.Series:
    signed = is_true(text.str.ends_with("%"))
    notes[signed] |= NOTE_BIT["percent_sign"]
    return where_put(text, signed, text.filter(pl.Series(signed)).str.strip_suffix("%"))


def _percent_to_ratio(text: pl.Series, notes: Notes) -> pl.Series:
    signed = is_true(text.str.contains(r"^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?%$"))
    notes[signed] |= NOTE_BIT["percent_sign"]
    percents = text.filter(pl.Series(signed)).str.strip_suffix("%")
    ratios = [f"{Decimal(value).scaleb(-2):f}" for value in percents]
    return where_put(text, signed, pl.Series(ratios, dtype=pl.String))


_KINDS = (*NUMBER_CLEANING.kinds, "thousands", "number_form", "rounded")
_TYPES = (ElementType.INTEGER, ElementType.DECIMAL)

NUMBER = Format(
    "number",
    "数值",
    _number_reader(_as_written),
    in_order(*_KINDS),
    _TYPES,
    can_be_unreadable=True,
    repetitive=True,
)
PERCENT = Format(
    "percent",
    "百分数",
    _number_reader(_drop_percent_sign),
    in_order(*_KINDS, "percent_sign"),
    _TYPES,
    can_be_unreadable=True,
    repetitive=True,
)
RATIO = Format(
    "ratio",
    "比率",
    _number_reader(_percent_to_ratio),
    in_order(*_KINDS, "percent_sign"),
    (ElementType.DECIMAL,),
    can_be_unreadable=True,
    repetitive=True,
)
