"""The shape of a text: what kind of character stands where.

Belongs here: turning text into its pattern. A pattern tells nothing of the letters and figures it
stands for, so that those of personal columns may be kept too.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
import polars as pl

LONGEST: Final = 32
"""Characters of a text that are looked at; what follows is shown as `…`."""
_END: Final = "\n"
_CONTROL: Final = "␀"


def patterns(texts: pl.Series) -> pl.Series:
    """Digits → 9, Han characters → 汉, other letters → A, controls → ␀, everything else kept.

    `texts` has no nulls. All texts are looked at as one array of characters: regular expressions
    take several times as long.
    """
    begun = texts.str.slice(0, LONGEST).str.replace_all(_END, _CONTROL, literal=True)
    whole = begun.str.join(_END).item() if len(begun) else ""
    characters = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
    shapes = np.arange(characters.max(initial=0) + 1, dtype=np.uint32)
    for code in np.flatnonzero(np.bincount(characters)):
        shapes[code] = _shape(int(code))
    told = shapes[characters].tobytes().decode("utf-32-le").split(_END)
    found = pl.Series("pattern", told if len(begun) else [], dtype=pl.String)
    longer = texts.str.len_chars() > LONGEST
    return found + pl.select(pl.when(longer).then(pl.lit("…")).otherwise(pl.lit(""))).to_series()


@cache
def _shape(code: int) -> int:
    """The character that stands for this one."""
    character = chr(code)
    category = unicodedata.category(character)
    if character == _END:
        return code
    if unicodedata.name(character, "").startswith("CJK ") or character in "々〇":
        return ord("汉")
    if category[0] == "N":
        return ord("9")
    if category[0] in "LM":
        return ord("A")
    return ord(_CONTROL) if category[0] == "C" or category in ("Zl", "Zp") else code
