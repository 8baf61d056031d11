"""Codes of a code table, and yes/no values.

Belongs here: a delivered name, alias or lower-case code becomes the code; a value that the table
doesn't know is kept as delivered and is for the rule `code` to report. Leading zeros are never
invented: `1` for `01` may be a code that lost its zero or the wrong column.
"""

from __future__ import annotations

import polars as pl

from catalog.models import Code, ElementType
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
from quality.standards.text import NULL_WORDS, RUNNING_TEXT, clean, symbols


def in_force(code: Code, day: str) -> bool:
    """Whether the code is valid on the day (ISO date)."""
    return (code.valid_from or "") <= day and (code.valid_to or "9999-12-31") >= day


def names_to_codes(codes: tuple[Code, ...], day: str) -> dict[str, str]:
    """Name or alias → code. A name that several codes share means the one in force on the day;
    where more than one or none of them is, the name stays a name."""
    meanings: dict[str, list[Code]] = {}
    for code in codes:
        for name in {code.name, *code.aliases}:
            meanings.setdefault(name, []).append(code)
    exact = {code.code for code in codes}
    found: dict[str, str] = {}
    for name, sharing in meanings.items():
        distinct = {code.code for code in sharing}
        if len(distinct) > 1:
            distinct = {code.code for code in sharing if in_force(code, day)}
        if len(distinct) == 1 and name not in exact:
            found[name] = distinct.pop()
    return found


def _read_code(raw: pl.Series, context: Context) -> pl.DataFrame:
    codes = {code.code for code in context.codes}
    names = names_to_codes(context.codes, context.as_of.isoformat())
    kept = frozenset(word for word in NULL_WORDS if word in {n.lower() for n in codes | set(names)})
    text, notes, failure = clean(raw, RUNNING_TEXT, kept)
    unknown = ~is_true(text.is_in(sorted(codes))) & is_true(text.is_not_null())
    if unknown.any() and codes:
        some = text.filter(pl.Series(unknown))
        named = some.replace(list(names), list(names.values())) if names else some
        notes[unknown] |= is_true(named != some) * NOTE_BIT["name_to_code"]
        upper = named.str.to_uppercase()
        upper = named.zip_with(~upper.is_in(sorted(codes)), upper)
        notes[unknown] |= is_true(upper != named) * NOTE_BIT["upper_case"]
        text = where_put(text, unknown, upper)
    return frame(text, notes, failure)


CODE = Format(
    "code",
    "代码",
    _read_code,
    in_order(*RUNNING_TEXT.kinds, "upper_case", "name_to_code"),
    (ElementType.CODE, ElementType.TEXT),
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
