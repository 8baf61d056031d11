"""Statistical periods: a year, a quarter, a month.

Belongs here: the written forms and the one standard form, `2026`, `2026Q1`, `2026-09`, which sorts
within its kind. Whether a period may lie in the future is the element's to say
(`quality.rules.columns`).

Not read: `2026.1`, which a spreadsheet makes of 2026.10 as well, and five digits.
"""

from __future__ import annotations

import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import lacks
from quality.standards.reading import Check, Context, Format, frame, in_order, noted
from quality.standards.text import UPPER_CASE, clean, symbols

PERIOD_CLEANING = symbols("0-9Q-", UPPER_CASE)
_FORM = r"^[0-9]{4}(?:-[0-9]{2}|Q[0-9])?$"
_RANGE = r"^(?:1949|19[5-9][0-9]|20[0-8][0-9]|209[0-8])(?:-(?:0[1-9]|1[0-2])|Q[1-4])?$"
"""Years 1949 to 2098, for from 2099 on a year stands for "never"; quarters, months."""
_CHINESE_DIGITS = {"一季": "1季", "二季": "2季", "三季": "3季", "四季": "4季"}


def _one_form(text: pl.Series) -> pl.Series:
    return (
        text.str.replace_many(list(_CHINESE_DIGITS), list(_CHINESE_DIGITS.values()))
        .str.replace(r"^([0-9]{4})(?:年度?)$", "$1")
        .str.replace(r"^([0-9]{4})(?:年度?|[-/.])?第?([0-9])季度?$", "${1}Q${2}")
        .str.replace(r"^([0-9]{4})(?:年度?|[-/.])Q([0-9])$", "${1}Q${2}")
        .str.replace(r"^([0-9]{4})年([0-9]{1,2})月份?$", "${1}-${2}")
        .str.replace(r"^([0-9]{4})/([0-9]{1,2})$", "${1}-${2}")
        .str.replace(r"^([0-9]{4})\.?([0-9]{2})$", "${1}-${2}")
        .str.replace(r"^([0-9]{4})-([0-9])$", "${1}-0${2}")
    )


def _read(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, PERIOD_CLEANING)
    text = noted(text, _one_form(text), notes, "period_form")
    found = PERIOD.first_failure((lacks(text, _FORM), "form"), (lacks(text, _RANGE), "range"))
    return frame(text, notes, failure | found)


def first_day(period: pl.Expr) -> pl.Expr:
    """The day on which a period of the standard form begins; null for anything else."""
    quarter = period.str.extract(r"^[0-9]{4}Q([1-4])$").cast(pl.Int8) * 3 - 2
    month = period.str.extract(r"^[0-9]{4}-([0-9]{2})$").cast(pl.Int8)
    whole_year = pl.when(period.str.contains(r"^[0-9]{4}$")).then(1)
    written = pl.format("{}-{}-01", period.str.head(4), pl.coalesce(month, quarter, whole_year))
    return written.str.to_date("%Y-%m-%d", strict=False)


PERIOD = Format(
    "period",
    "期间",
    _read,
    in_order(*PERIOD_CLEANING.kinds, "period_form"),
    (ElementType.TEXT,),
    (
        Check(
            "form",
            "{name}应写成年（2026）、季（2026Q1）或月（2026-09）",
            Dimension.CONFORMITY,
            clause="GB/T 7408",
        ),
        Check(
            "range",
            "{name}的年份、季度（1至4）或月份（1至12）不存在",
            Dimension.ACCURACY,
            clause="GB/T 7408",
        ),
    ),
    repetitive=True,
)
