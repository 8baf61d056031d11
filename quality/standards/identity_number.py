"""公民身份号码, GB 11643-1999.

Belongs here: 15 → 18 digits, the checks, birth date and sex. The division in a number is the one
at first issue: it may lie anywhere in China and may be abolished, so all that is asked is that it
was in force at birth or later, and a number that fails only this is a query. The check digit is
asked before the division for that reason.

Source: standards.md [V], sample 11010519491231002X.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import bytes_of
from quality.standards.identifiers import CODE_CLEANING
from quality.standards.reading import (
    NOTE_BIT,
    Check,
    Context,
    Failures,
    Format,
    Mask,
    Notes,
    frame,
    in_order,
    is_true,
    where_put,
)
from quality.standards.text import clean

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int32)
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", np.uint8)
CENTENARIAN_SEQUENCES = r"99[6-9]$"
"""Sequences kept, in numbers of 15 digits, for people born before 1900."""
OLDEST = 130
"""Years of age above which a birth date is taken for a mistake."""

_DIGIT_0, _DIGIT_9, _X = ord("0"), ord("9"), ord("X")
_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)

Numbers = npt.NDArray[np.int32]


def check_characters(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The 18th character that the first 17 digits ask for; shape (n, 17 or more) → (n,)."""
    digits = characters[:, :17].astype(np.int32) - _DIGIT_0
    return np.asarray(CHECK_CHARACTERS[digits @ WEIGHTS % 11])


def birth_numbers(characters: npt.NDArray[np.uint8]) -> Numbers:
    """Positions 7–14 as a number yyyymmdd."""
    digits = characters[:, 6:14].astype(np.int32) - _DIGIT_0
    return np.asarray(digits @ 10 ** np.arange(7, -1, -1, dtype=np.int32))


def is_a_date(yyyymmdd: Numbers) -> Mask:
    """Whether such a day exists in the Gregorian calendar."""
    year, month, day = yyyymmdd // 10_000, yyyymmdd // 100 % 100, yyyymmdd % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.clip(month, 1, 12) - 1] - ((month == 2) & ~leap)
    return np.asarray((month >= 1) & (month <= 12) & (day >= 1) & (day <= longest))


def lengthen(text: pl.Series) -> pl.Series:
    """Numbers of 15 digits → 18 characters. All must match `^[0-9]{15}$`.

    Which century is known for all: the scheme of 15 digits ended in 1999, and centenarians have
    sequences of their own.
    """
    if not len(text):
        return text
    century = (
        pl.when(pl.first().str.contains(CENTENARIAN_SEQUENCES))
        .then(pl.lit("18"))
        .otherwise(pl.lit("19"))
    )
    longer = (
        text.to_frame()
        .select(pl.concat_str(pl.first().str.head(6), century, pl.first().str.tail(9)))
        .to_series()
    )
    _, characters = bytes_of(longer, 17)
    checks = check_characters(characters).view("S1").astype("U1")
    return longer + pl.Series(checks.tolist(), dtype=pl.String)


def _read(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    text = lengthened(text, notes)
    return frame(text, notes, failure | identity_failures(text, context))


def lengthened(text: pl.Series, notes: Notes) -> pl.Series:
    """Clean texts with 18 characters for 15 digits, which is noted; all others as they are."""
    short = is_true(text.str.contains(r"^[0-9]{15}$"))
    notes[short] |= NOTE_BIT["id_15_to_18"]
    return where_put(text, short, lengthen(text.filter(pl.Series(short))))


def identity_failures(text: pl.Series, context: Context) -> Failures:
    """What is wrong with clean numbers, as numbers of `ID_NO`; 0 where sound or null."""
    failure = np.zeros(len(text), np.uint8)
    failure[is_true(text.str.len_chars() != 18)] = ID_NO.failure_of("length")
    fits, characters = bytes_of(text, 18)
    # 18 characters, some of them not ASCII.
    failure[~fits & is_true(text.str.len_chars() == 18)] = ID_NO.failure_of("alphabet")
    digits = (characters >= _DIGIT_0) & (characters <= _DIGIT_9)
    formed = digits[:, :17].all(axis=1) & (digits[:, 17] | (characters[:, 17] == _X))
    # Made safe to compute with; the rows that are not formed have failed already.
    characters = np.where(formed[:, None], characters, np.uint8(_DIGIT_0))
    birth = birth_numbers(characters)
    today = int(context.as_of.strftime("%Y%m%d"))
    possible = is_a_date(birth) & (birth <= today) & (birth > today - OLDEST * 10_000)
    failing = [
        (~formed, "alphabet"),
        (~possible, "date"),
        (check_characters(characters) != characters[:, 17], "check_digit"),
    ]
    if context.divisions is not None:
        divisions = (characters[:, :6].astype(np.int32) - _DIGIT_0) @ 10 ** np.arange(5, -1, -1)
        unknown = context.divisions.last_day[divisions] < birth
        failing.append((unknown, "division"))
    failure[fits] = ID_NO.first_failure(*failing)
    return failure


def _sound(reading: pl.Expr, value: pl.Expr) -> pl.Expr:
    sound = reading.struct.field("failure").is_in([0, ID_NO.failure_of("division")])
    return pl.when(sound).then(value)


def _birth_date(reading: pl.Expr) -> pl.Expr:
    born = reading.struct.field("value").str.slice(6, 8)
    return _sound(reading, born.str.to_date("%Y%m%d", strict=False))


def _sex(reading: pl.Expr) -> pl.Expr:
    # GB/T 2261.1: 1 male, 2 female; digit 17 odd = male.
    digit = reading.struct.field("value").str.slice(16, 1).cast(pl.Int8, strict=False)
    return _sound(reading, pl.when(digit % 2 == 1).then(pl.lit("1")).otherwise(pl.lit("2")))


def _division(reading: pl.Expr) -> pl.Expr:
    return _sound(reading, reading.struct.field("value").str.head(6))


ID_NO = Format(
    "id_no",
    "公民身份号码",
    _read,
    in_order(*CODE_CLEANING.kinds, "id_15_to_18"),
    (ElementType.TEXT, ElementType.CODE),
    (
        Check("length", "{name}应为18位", Dimension.CONFORMITY, clause="GB 11643-1999 第4章"),
        Check(
            "alphabet",
            "{name}前17位应为数字，第18位应为数字或大写 X（不能遮盖，也不能是科学计数法）",
            Dimension.CONFORMITY,
            clause="GB 11643-1999 第4章",
        ),
        Check(
            "date",
            "{name}中的出生日期不存在、晚于数据日期，或年龄超过130岁",
            Dimension.ACCURACY,
            clause="GB 11643-1999 4.2.2",
        ),
        Check(
            "check_digit",
            "{name}的校验码（第18位）与前17位不符，号码中有字符录入错误",
            Dimension.ACCURACY,
            clause="GB 11643-1999 4.2.4",
        ),
        Check(
            "division",
            "{name}前6位不是出生时或出生以后使用过的行政区划代码，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB/T 2260",
            needs_divisions=True,
        ),
    ),
    parts={"birth_date": _birth_date, "sex": _sex, "division": _division},
)
