"""Several codes of a code table in one value.

Belongs here: taking such a value apart and putting the codes together again, joined by `;` in the
order delivered, each once. A part that the table doesn't know is kept as delivered, so the value
fails the rule `code`. One code in a value: `quality.standards.codes`.
"""

from __future__ import annotations

import re

import polars as pl

from catalog.models.elements import ElementType
from quality.standards.codes import kept_words
from quality.standards.reading import Context, Format, frame, in_order, noted
from quality.standards.text import RUNNING_TEXT, clean, null_word_pattern

SEPARATOR = ";"
_SEPARATORS = ";；、,，"


def _whole_names(text: pl.Series, context: Context) -> pl.Series:
    """Codes in the place of names that hold a separator themselves (港、澳、台居民)."""
    for name, code in context.code_of_name.items():
        if any(mark in name for mark in _SEPARATORS):
            pattern = rf"(^|[{_SEPARATORS}]) ?{re.escape(name)} ?([{_SEPARATORS}]|$)"
            replacement = "${1}" + code.replace("$", "$$") + "${2}"
            # Twice: neighbours share the separator between them.
            for _ in range(2):
                text = text.str.replace_all(pattern, replacement)
    return text


def _code_of(part: pl.Expr, context: Context) -> pl.Expr:
    codes, names = sorted(context.known_codes), context.code_of_name
    named = part.replace(list(names), list(names.values())) if names else part
    known = part.is_in(codes)
    upper = named.str.to_uppercase()
    return pl.when(known).then(part).when(upper.is_in(codes)).then(upper).otherwise(named)


def _read(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, RUNNING_TEXT, kept_words(context))
    parts = (
        _whole_names(text, context)
        .str.replace_all(f"[{_SEPARATORS}]", SEPARATOR)
        .str.split(SEPARATOR)
        .to_frame("parts")
        .with_row_index("row")
        .explode("parts", empty_as_null=True, keep_nulls=True)
        .with_columns(pl.col("parts").str.strip_chars(" "))
        .filter(pl.col("parts") != "")
        .with_columns(_code_of(pl.col("parts"), context))
        .group_by("row", maintain_order=True)
        .agg(pl.col("parts").unique(maintain_order=True).str.join(SEPARATOR))
        .filter(
            pl.col("parts").is_in(sorted(context.known_codes))
            | ~pl.col("parts").str.contains(null_word_pattern())
        )
    )
    joined = (
        text.to_frame("text")
        .with_row_index("row")
        .join(parts, on="row", how="left", maintain_order="left")
        # Nothing but separators, or a null word among them, is kept as delivered: no code, and no
        # absence either.
        .select(pl.coalesce("parts", "text"))
        .to_series()
    )
    return frame(noted(text, joined, notes, "code_form"), notes, failure)


CODE_LIST = Format(
    "code_list",
    "多个代码",
    _read,
    in_order(*RUNNING_TEXT.kinds, "code_form"),
    (ElementType.CODE,),
    repetitive=True,
)
