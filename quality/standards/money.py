"""Amounts of money as registers write them: number, multiplier, currency.

Belongs here: reading `28,078.2910(万元人民币)` as 280 782 910 元 and CNY. The standard value is the
amount in the currency's main unit (元), never in 万元; the part `currency` is its ISO 4217 code
(GB/T 12406).

Decided here:
- An amount that names no currency is in CNY: registered capital is stated in 人民币 by law
  (市场主体登记管理条例 article 13), another currency has to be named: `743.47(万)` is 7 434 700
  CNY.
- A number without multiplier or currency has the column's `default_unit`; without that it is
  *unreadable*: 元 and 万元 differ by ten thousand and nothing in the value says which. Zero is
  zero in both.
- `￥` and `¥` are 人民币.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from catalog.models.elements import ElementType
from quality.standards.numbers import GROUPED
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
from quality.standards.text import INVISIBLE, Cleaning, clean, null_word_pattern, symbols

CURRENCIES: dict[str, tuple[str, ...]] = {
    "CNY": ("人民币", "RMB", "CNY", "¥"),
    "USD": ("美元", "美金", "USD", "US$", "$"),
    "HKD": ("港元", "港币", "HKD", "HK$"),
    "MOP": ("澳门元", "澳门币", "MOP"),
    "TWD": ("新台币", "台币", "TWD"),
    "EUR": ("欧元", "EUR", "€"),
    "JPY": ("日元", "日圆", "JPY"),
    "GBP": ("英镑", "GBP", "£"),
    "KRW": ("韩元", "韩圆", "韩币", "KRW"),
    "SGD": ("新加坡元", "新加坡币", "新元", "SGD"),
    "AUD": ("澳大利亚元", "澳元", "AUD"),
    "CAD": ("加拿大元", "加元", "CAD"),
    "NZD": ("新西兰元", "NZD"),
    "CHF": ("瑞士法郎", "CHF"),
    "SEK": ("瑞典克朗", "SEK"),
    "THB": ("泰铢", "THB"),
    "MYR": ("马来西亚林吉特", "林吉特", "MYR"),
    "RUB": ("俄罗斯卢布", "卢布", "RUB"),
    "DEM": ("德国马克", "德国马克元", "DEM"),
    "FRF": ("法国法郎", "FRF"),
}
"""ISO 4217 code → how it is written. DEM and FRF stand in registrations of the 1990s."""

MULTIPLIERS: dict[str, int] = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万万": 8,
    "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
"""Written multiplier → power of ten."""

_BY_NAME = {name: code for code, names in CURRENCIES.items() for name in names}
_CURRENCY = re.compile("|".join(re.escape(n) for n in sorted(_BY_NAME, key=len, reverse=True)))
_WRITTEN = (
    rf"^(?P<before>[^0-9.,-]*)(?P<number>-?(?:{GROUPED}|[0-9]+(?:\.[0-9]+)?))(?P<after>[^0-9]*)$"
)

_cleaning = symbols("0-9")
MONEY_CLEANING = Cleaning(
    # Chinese words are regular here: only what the steps change is not.
    rf"^$|[\s！-～￥‐-―−'\"`‘’“”′{INVISIBLE}a-z]|{null_word_pattern()}",
    (*_cleaning.steps, ("upper_case", lambda text: text.str.to_uppercase())),
)


@lru_cache(maxsize=4096)
def unit_of(written: str) -> tuple[int, str] | None:
    """`(万元人民币)` → (4, "CNY"): power of ten and currency; None where it is no unit.

    An empty text is no unit: it is the caller's to know the column's.
    """
    words = re.sub(r"[()\[\]{}【】/:;,.]", "", written).removesuffix("整").removesuffix("正")
    if not words:
        return None
    named = _CURRENCY.search(words)
    currency = _BY_NAME[named[0]] if named else "CNY"
    multiplier = _CURRENCY.sub("", words, count=1) if named else words
    power = MULTIPLIERS.get(re.sub("[元圆块]", "", multiplier, count=1))
    return None if power is None else (power, currency)


def _read(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, MONEY_CLEANING)
    parsed = text.str.extract_groups(_WRITTEN).struct.unnest()
    number = parsed["number"]
    grouped = is_true(number.str.contains(",", literal=True))
    notes[grouped] |= NOTE_BIT["thousands"]
    digits = number.filter(pl.Series(grouped)).str.replace_all(",", "", literal=True)
    number = where_put(number, grouped, digits)

    unit_text = parsed["before"] + parsed["after"]
    power, currency = _units(unit_text, context.column.default_unit)
    # Nothing is nothing in every unit.
    nothing = (unit_text == "") & number.str.contains(r"^[+-]?[0.]+$")
    power = power.set(nothing.fill_null(False), 0)
    value = (number + "e" + power.cast(pl.String)).cast(context.dtype, strict=False)

    # A bare number in a column of 元 is as it should be; anything else has been converted.
    notes[is_true((unit_text != "") | (power != 0))] |= NOTE_BIT["written_amount"]
    fraction = number.str.extract(r"\.([0-9]*[1-9])").str.len_bytes().cast(pl.Int32)
    notes[is_true(fraction > context.element.scale + power)] |= NOTE_BIT["rounded"]
    failure[is_true(value.is_null() & text.is_not_null())] = UNREADABLE
    return frame(value, notes, failure, currency=currency.set(value.is_null(), None))


def _units(written: pl.Series, default: str | None) -> tuple[pl.Series, pl.Series]:
    """Power of ten (Int32) and currency of each written unit; null where it is none."""
    distinct = written.drop_nulls().unique(maintain_order=True)
    known = [unit_of(default or "") if unit == "" else unit_of(unit) for unit in distinct]
    powers = pl.Series([unit[0] if unit else None for unit in known], dtype=pl.Int32)
    currencies = pl.Series([unit[1] if unit else None for unit in known], dtype=pl.String)
    return (
        written.replace_strict(distinct, powers, default=None, return_dtype=pl.Int32),
        written.replace_strict(distinct, currencies, default=None, return_dtype=pl.String),
    )


MONEY = Format(
    "money",
    "金额",
    _read,
    in_order(*MONEY_CLEANING.kinds, "thousands", "written_amount", "rounded"),
    (ElementType.DECIMAL,),
    can_be_unreadable=True,
    repetitive=True,
    parts={"currency": lambda reading: reading.struct.field("currency")},
    extra={"currency": pl.String()},
)
