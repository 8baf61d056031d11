"""Identifiers of legal persons: 统一社会信用代码, 组织机构代码, 工商注册号.

Belongs here: their alphabets, check digits and parts. A query (inner check, department) is asked
only of a code whose outer check holds: a mistyped code is one mistake, not three.

Sources: GB 32100-2015 and GB 11714-1997, verified on published codes (standards.md); the
registration number's check (GS 15-2006, ISO 7064 MOD 11,10) verified on 545 of 547 numbers of 15
digits in two published dishonesty lists.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import (
    DIGITS,
    FOREIGN,
    Bytes,
    bytes_of,
    fails,
    iso7064_holds,
    values_of,
    weighted,
)
from quality.standards.reading import (
    Check,
    Context,
    Failures,
    Format,
    Mask,
    Part,
    frame,
    is_true,
)
from quality.standards.text import UPPER_CASE, clean, symbols

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANIZATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANIZATION_CHECKS = np.frombuffer(b"0123456789X", np.uint8)

DEPARTMENTS: dict[str, str] = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129",
    "8": "19", "9": "1239", "A": "19", "N": "1239", "Y": USCC_ALPHABET,
}  # fmt: skip
"""Registration department (登记管理部门) → its categories (机构类别), GB 32100-2015 table 1.

Y (其他) has no categories of its own; any is accepted."""

_USCC_VALUES = values_of(USCC_ALPHABET)
_ORGANIZATION_VALUES = values_of(ORGANIZATION_ALPHABET)
_LISTED_PAIR = np.zeros(256 * 256, np.bool_)
for _department, _categories in DEPARTMENTS.items():
    for _category in _categories:
        _LISTED_PAIR[ord(_department) * 256 + ord(_category)] = True


def uscc_checks(characters: Bytes) -> tuple[Mask, Mask]:
    """Whether all characters are in the alphabet, and whether the outer check of GB 32100 holds.

    Over the bytes of codes, shape (n, 18).
    """
    values = _USCC_VALUES[characters]
    total = weighted(values[:, :17], USCC_WEIGHTS)
    check = values[:, 17]
    known = (total < FOREIGN) & (check < FOREIGN)
    return np.asarray(known), np.asarray((total + check) % 31 == 0)


def organization_check_holds(characters: Bytes) -> Mask:
    """Check of GB 11714 over the bytes of codes without hyphen, shape (n, 9)."""
    total = weighted(_ORGANIZATION_VALUES[characters[:, :8]], ORGANIZATION_WEIGHTS)
    return np.asarray(ORGANIZATION_CHECKS[(11 - total % 11) % 11] == characters[:, 8])


CODE_CLEANING = symbols("0-9A-Z", UPPER_CASE)


def _read_uscc(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    return frame(text, notes, failure | uscc_failures(text))


def uscc_failures(text: pl.Series) -> Failures:
    """What is wrong with clean codes, as numbers of `USCC`; 0 where sound or null."""
    failure = np.zeros(len(text), np.uint8)
    failure[is_true(text.str.len_chars() != 18)] = USCC.failure_of("length")
    fits, characters = bytes_of(text, 18)
    # 18 characters, some of them not ASCII.
    failure[~fits & is_true(text.str.len_chars() == 18)] = USCC.failure_of("alphabet")
    known, holds = uscc_checks(characters)
    listed = _LISTED_PAIR[characters[:, 0].astype(np.intp) * 256 + characters[:, 1]]
    failure[fits] = USCC.first_failure(
        (~known, "alphabet"),
        (~holds, "check_digit"),
        (~organization_check_holds(characters[:, 8:17]), "inner_check"),
        (~listed, "department"),
    )
    return failure


def _uscc_slice(start: int, length: int, *tolerated: str) -> Part:
    """Part of a code that is sound, or fails no more than the tolerated queries."""

    def part(reading: pl.Expr) -> pl.Expr:
        sound = [0, *(USCC.failure_of(kind) for kind in tolerated)]
        code = reading.struct.field("value")
        return pl.when(reading.struct.field("failure").is_in(sound)).then(
            code.str.slice(start, length)
        )

    return part


USCC = Format(
    "uscc",
    "统一社会信用代码",
    _read_uscc,
    CODE_CLEANING.kinds,
    (ElementType.TEXT, ElementType.CODE),
    (
        Check("length", "{name}应为18位", Dimension.CONFORMITY, clause="GB 32100-2015 第4章"),
        Check(
            "alphabet",
            "{name}只能由数字和大写英文字母（不含 I、O、S、V、Z）组成",
            Dimension.CONFORMITY,
            clause="GB 32100-2015 第4章",
        ),
        Check(
            "check_digit",
            "{name}的校验码（第18位）与前17位不符，代码中有字符录入错误；"
            "如登记机关确认该代码确系核发，请说明",
            Dimension.ACCURACY,
            clause="GB 32100-2015 附录B",
        ),
        Check(
            "inner_check",
            "{name}第9至17位（组织机构代码）的校验码不符，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB 11714-1997",
        ),
        Check(
            "department",
            "{name}前两位（登记管理部门、机构类别）不在标准所列组合之内，请核对",
            Dimension.CONFORMITY,
            "query",
            clause="GB 32100-2015 表1",
        ),
    ),
    parts={
        # An organisation code that fails its own check never links anything.
        "organization_code": _uscc_slice(8, 9, "department"),
        "division": _uscc_slice(2, 6, "department", "inner_check"),
    },
)

ORGANIZATION_CLEANING = symbols(
    "0-9A-Z",
    UPPER_CASE,
    ("separator", lambda text: text.str.replace(r"^([0-9A-Z]{8})-([0-9X])$", "$1$2")),
)


def _read_organization_code(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, ORGANIZATION_CLEANING)
    formed = text.str.contains(r"^[0-9A-Z]{8}[0-9X]$")
    wrong = fails(
        text, is_true(formed), lambda codes: organization_check_holds(bytes_of(codes, 9)[1])
    )
    found = ORGANIZATION_CODE.first_failure((is_true(~formed), "form"), (wrong, "check_digit"))
    return frame(text, notes, failure | found)


ORGANIZATION_CODE = Format(
    "organization_code",
    "组织机构代码",
    _read_organization_code,
    ORGANIZATION_CLEANING.kinds,
    (ElementType.TEXT, ElementType.CODE),
    (
        Check(
            "form",
            "{name}应为9位：8位数字或大写英文字母，加1位校验码（数字或 X）",
            Dimension.CONFORMITY,
            clause="GB 11714-1997",
        ),
        Check(
            "check_digit",
            "{name}的校验码（第9位）与前8位不符，请核对是否录入错误",
            Dimension.ACCURACY,
            clause="GB 11714-1997",
        ),
    ),
)

FIFTEEN_DIGITS = "^[0-9]{15}$"
REGISTRATION_FORM = r"^(?:[0-9]{13}|[0-9]{15})$"


def registration_check_holds(text: pl.Series) -> Mask:
    """Check of the registration number over texts of 15 digits."""
    return iso7064_holds(bytes_of(text, 15)[1], DIGITS)


def _read_registration_no(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    formed = text.str.contains(REGISTRATION_FORM)
    long = is_true(formed & (text.str.len_bytes() == 15))
    found = REGISTRATION_NO.first_failure(
        (is_true(~formed), "form"),
        (fails(text, long, registration_check_holds), "check_digit"),
    )
    return frame(text, notes, failure | found)


REGISTRATION_NO = Format(
    "registration_no",
    "工商注册号",
    _read_registration_no,
    CODE_CLEANING.kinds,
    (ElementType.TEXT, ElementType.CODE),
    (
        # Queries: old numbers of foreign-invested firms hold Chinese words, and nobody can have a
        # number issued before 2015 reissued.
        Check(
            "form",
            "{name}应为15位数字（2007年以前核发的为13位数字），请核对",
            Dimension.CONFORMITY,
            "query",
            clause="GS 15-2006",
        ),
        Check(
            "check_digit",
            "{name}的校验码（第15位）与前14位不符，请核对是否录入错误",
            Dimension.ACCURACY,
            "query",
            clause="GS 15-2006",
        ),
    ),
)
