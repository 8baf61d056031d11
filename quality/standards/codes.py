"""Codes of a code table, and yes/no values.

Belongs here: a delivered name, alias or lower-case code becomes the code; a value that the table
doesn't know is kept as delivered and is for the rule `code` to report. Leading zeros are never
invented: `1` for `01` may be a code that lost its zero or the wrong column.
"""

from __future__ import annotations

import polars as pl

from catalog.models.elements import ElementType
from quality.standards.lookup import in_force, names_to_codes
from quality.standards.reading import (
    UNREADABLE,
    Context,
    Format,
    frame,
    in_order,
    is_true,
    noted,
    where_put,
)
from quality.standards.text import NULL_WORDS, RUNNING_TEXT, clean, symbols

__all__ = ["BOOLEAN", "CODE", "in_force", "names_to_codes"]


def kept_words(context: Context) -> frozenset[str]:
    """Null words that mean something here: 无 or 空 may be the name of a code."""
    words = (name.lower() for name in (*context.known_codes, *context.code_of_name))
    return frozenset(word for word in words if word in NULL_WORDS)


def _read_code(raw: pl.Series, context: Context) -> pl.DataFrame:
    codes, names = sorted(context.known_codes), context.code_of_name
    text, notes, failure = clean(raw, RUNNING_TEXT, kept_words(context))
    unknown = ~is_true(text.is_in(codes)) & is_true(text.is_not_null())
    if unknown.any() and codes:
        some, some_notes = text.filter(pl.Series(unknown)), notes[unknown]
        named = some.replace(list(names), list(names.values())) if names else some
        named = noted(some, named, some_notes, "name_to_code")
        upper = named.str.to_uppercase()
        upper = upper.zip_with(upper.is_in(codes), named)
        upper = noted(named, upper, some_notes, "upper_case")
        notes[unknown] = some_notes
        text = where_put(text, unknown, upper)
    return frame(text, notes, failure)


CODE = Format(
    "code",
    "代码",
    _read_code,
    in_order(*RUNNING_TEXT.kinds, "upper_case", "name_to_code"),
    (ElementType.CODE, ElementType.TEXT),
    repetitive=True,
)

TRUE_WORDS = ("true", "t", "yes", "y", "1", "是", "有", "真")
FALSE_WORDS = ("false", "f", "no", "n", "0", "否", "假")
BOOLEAN_CLEANING = symbols("a-z")


def _read_boolean(raw: pl.Series, _: Context) -> pl.DataFrame:
    # 无 beside 有 means no, not "no value".
    text, notes, failure = clean(raw, BOOLEAN_CLEANING, frozenset({"无"}))
    old = [*TRUE_WORDS, *FALSE_WORDS, "无"]
    new = [True] * len(TRUE_WORDS) + [False] * (len(FALSE_WORDS) + 1)
    value = text.str.to_lowercase().replace_strict(old, new, default=None, return_dtype=pl.Boolean)
    failure[is_true(value.is_null() & text.is_not_null())] = UNREADABLE
    return frame(value, notes, failure)


BOOLEAN = Format(
    "boolean",
    "是否",
    _read_boolean,
    BOOLEAN_CLEANING.kinds,
    (ElementType.BOOLEAN,),
    can_be_unreadable=True,
)
