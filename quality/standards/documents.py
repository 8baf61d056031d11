"""Numbers whose kind is told by their look: a person's document, a person or an organisation.

Belongs here: telling the kinds apart, and the form of passports and permits. How a citizen identity
number or a 统一社会信用代码 is judged stands in their own modules and is only passed on.

A number of 15 or of 17–18 digits, masked or not, or one in scientific notation is a citizen
identity number. The residence permits of people from Hong Kong, Macao and Taiwan (810000, 820000,
830000) and the permanent residence permit of foreigners (9…) are 18 digits of the same build; their
first six are no division of GB/T 2260.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import fails
from quality.standards.identifiers import (
    CODE_CLEANING,
    FIFTEEN_DIGITS,
    USCC,
    registration_check_holds,
    uscc_failures,
)
from quality.standards.identity_number import ID_NO, identity_failures, lengthened
from quality.standards.reading import (
    Check,
    Context,
    Failures,
    Format,
    Mask,
    Notes,
    Part,
    frame,
    in_order,
    is_true,
    where_put,
)
from quality.standards.text import clean

IDENTITY_LIKE = r"^(?:[0-9*]{15}|[0-9*]{16,17}[0-9X*]|[0-9](?:\.[0-9]+)?E\+[0-9]+)$"
RESIDENCE_PERMIT = r"^(?:8[123]0000|9)"

OTHER_DOCUMENT = (
    r"^(?:[0-9A-Z]*[A-Z][0-9A-Z]*[0-9][0-9A-Z]*|[0-9A-Z]*[0-9][0-9A-Z]*[A-Z][0-9A-Z]*)$"
)
"""A letter and a digit at least."""
_LENGTHS = r"^(?:.{7,12}|[A-Z]{3}[0-9]{12})$"
"""Passports and travel permits; the older permanent residence permit, nation and 12 digits."""
_OF_DIGITS = r"^[0-9]{8,10}$"
"""Travel permits of Taiwan residents, passports of nations that number without letters. Eleven
digits are a mobile number in the wrong column."""
_OF_WORDS = r"^\p{Han}{1,4}字第?[0-9]{4,10}号?$"
"""Papers of the armed forces: 军字第…号."""


def is_other_document(text: pl.Series) -> Mask:
    """Whether a clean text looks like a document that is no citizen identity number."""
    mixed = text.str.contains(OTHER_DOCUMENT) & text.str.contains(_LENGTHS)
    return is_true(mixed | text.str.contains(_OF_DIGITS) | text.str.contains(_OF_WORDS))


def _translated(source: Format, target: Format, kinds: Mapping[str, str]) -> Failures:
    """Table: failure of one format → failure of another, by the kinds of their checks."""
    table = np.zeros(256, np.uint8)
    for kind, name in kinds.items():
        table[source.failure_of(kind)] = target.failure_of(name)
    return table


def _identity_failures(text: pl.Series, context: Context) -> Failures:
    """Failures of `ID_NO`, without the division where the first six digits are none."""
    found = identity_failures(text, context)
    permit = is_true(text.str.contains(RESIDENCE_PERMIT))
    found[permit & (found == ID_NO.failure_of("division"))] = 0
    return found


def _read_document(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    text = lengthened(text, notes)
    like = is_true(text.str.contains(IDENTITY_LIKE))
    other = ~like & ~is_other_document(text) & is_true(text.is_not_null())
    kinds = {check.kind: check.kind for check in ID_NO.checks}
    as_ours = _translated(ID_NO, DOCUMENT_NO, kinds)
    failure[like] = as_ours[_identity_failures(text.filter(pl.Series(like)), context)]
    failure[other] = DOCUMENT_NO.failure_of("form")
    return frame(text, notes, failure)


def _of_identity(part: str) -> Part:
    """A part of the identity number, where the document is one and sound."""

    def of(reading: pl.Expr) -> pl.Expr:
        value = reading.struct.field("value")
        sound = reading.struct.field("failure").is_in([0, DOCUMENT_NO.failure_of("division")])
        is_identity = sound & value.str.contains(r"^[0-9]{17}[0-9X]$")
        as_identity = pl.struct(value.alias("value"), pl.lit(0, pl.UInt8).alias("failure"))
        return pl.when(is_identity).then(ID_NO.parts[part](as_identity))

    return of


DOCUMENT_NO = Format(
    "document_no",
    "证件号码",
    _read_document,
    in_order(*CODE_CLEANING.kinds, "id_15_to_18"),
    (ElementType.TEXT,),
    (
        *ID_NO.checks,
        Check(
            "form",
            "{name}既不是18位公民身份号码，也不像护照、通行证、居留证等证件的号码",
            Dimension.CONFORMITY,
        ),
    ),
    parts={"birth_date": _of_identity("birth_date"), "sex": _of_identity("sex")},
)

_SUBJECT_OF_IDENTITY = {
    "alphabet": "id_alphabet",
    "date": "id_date",
    "check_digit": "id_check_digit",
    "division": "id_division",
}
_SUBJECT_OF_USCC = {
    "alphabet": "uscc_alphabet",
    "check_digit": "uscc_check_digit",
    "inner_check": "uscc_inner_check",
    "department": "uscc_department",
}


def _lengthened_if_born(text: pl.Series, notes: Notes, context: Context) -> pl.Series:
    """Lengthens 15 digits that hold a date of birth; others may be registration numbers."""
    short = is_true(text.str.contains(FIFTEEN_DIGITS))
    some, some_notes = text.filter(pl.Series(short)), notes[short]
    longer = lengthened(some, some_notes)
    born = _identity_failures(longer, context) != ID_NO.failure_of("date")
    notes[short] = np.where(born, some_notes, notes[short])
    return where_put(text, short, longer.zip_with(pl.Series(born), some))


def _is_registered(text: pl.Series) -> Mask:
    """Whether 15 digits satisfy the check of registration numbers (工商注册号)."""
    formed = is_true(text.str.contains(FIFTEEN_DIGITS))
    return formed & ~fails(text, formed, registration_check_holds)


def _read_subject(raw: pl.Series, context: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    text = _lengthened_if_born(text, notes, context)
    long = is_true(text.str.len_chars() == 18)
    failure[long] = _of_eighteen(text.filter(pl.Series(long)), context)
    short = ~long & is_true(text.is_not_null())
    failure[short] = _of_other_length(text.filter(pl.Series(short)))
    return frame(text, notes, failure)


def _of_eighteen(text: pl.Series, context: Context) -> Failures:
    """Sound as either is sound; else judged as what it looks like."""
    uscc, identity = uscc_failures(text), _identity_failures(text, context)
    formless = np.isin(identity, [ID_NO.failure_of("alphabet"), ID_NO.failure_of("date")])
    masked = is_true(text.str.contains(IDENTITY_LIKE) & text.str.contains("*", literal=True))
    failure = np.where(
        ~formless | masked,
        _translated(ID_NO, SUBJECT_NO, _SUBJECT_OF_IDENTITY)[identity],
        _translated(USCC, SUBJECT_NO, _SUBJECT_OF_USCC)[uscc],
    )
    failure[(uscc == 0) | (identity == 0)] = 0
    return failure


def _of_other_length(text: pl.Series) -> Failures:
    digits = is_true(text.str.contains(FIFTEEN_DIGITS))
    cut = is_true(text.str.contains(IDENTITY_LIKE) | text.str.contains("^[0-9A-Z]{13,}$"))
    failure = SUBJECT_NO.first_failure(
        (digits, "id_date"), (cut, "length"), (np.ones(len(text), np.bool_), "form")
    )
    failure[is_other_document(text) | _is_registered(text)] = 0
    return failure


SUBJECT_NO = Format(
    "subject_no",
    "主体代码或证件号码",
    _read_subject,
    in_order(*CODE_CLEANING.kinds, "id_15_to_18"),
    (ElementType.TEXT,),
    (
        Check(
            "length",
            "{name}位数不对：统一社会信用代码和公民身份号码均为18位",
            Dimension.CONFORMITY,
            clause="GB 32100-2015 第4章、GB 11643-1999 第4章",
        ),
        Check(
            "id_alphabet",
            "{name}是公民身份号码，应填写完整的18位，不能遮盖",
            Dimension.CONFORMITY,
            clause="GB 11643-1999 第4章",
        ),
        Check(
            "id_date",
            "{name}为15位数字，但其中的出生日期不存在，也不符合工商注册号的校验",
            Dimension.ACCURACY,
            clause="GB 11643-1999 4.2.2",
        ),
        Check(
            "id_check_digit",
            "{name}形如公民身份号码，但校验码（第18位）与前17位不符，号码中有字符录入错误",
            Dimension.ACCURACY,
            clause="GB 11643-1999 4.2.4",
        ),
        Check(
            "id_division",
            "{name}形如公民身份号码，但前6位不是出生时或出生以后使用过的行政区划代码，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB/T 2260",
            needs_divisions=True,
        ),
        Check(
            "uscc_alphabet",
            "{name}有18位，但含有统一社会信用代码不用的字符（I、O、S、V、Z 或其他符号）",
            Dimension.CONFORMITY,
            clause="GB 32100-2015 第4章",
        ),
        Check(
            "uscc_check_digit",
            "{name}形如统一社会信用代码，但校验码（第18位）与前17位不符，代码中有字符录入错误；"
            "如登记机关确认该代码确系核发，请说明",
            Dimension.ACCURACY,
            clause="GB 32100-2015 附录B",
        ),
        Check(
            "uscc_inner_check",
            "{name}形如统一社会信用代码，但第9至17位（组织机构代码）的校验码不符，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB 11714-1997",
        ),
        Check(
            "uscc_department",
            "{name}形如统一社会信用代码，但前两位（登记管理部门、机构类别）不在标准所列组合之内，请核对",
            Dimension.CONFORMITY,
            "query",
            clause="GB 32100-2015 表1",
        ),
        Check(
            "form",
            "{name}既不是18位统一社会信用代码或公民身份号码，也不像其他证件的号码",
            Dimension.CONFORMITY,
        ),
    ),
)
