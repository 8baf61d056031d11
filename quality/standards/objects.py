"""Identifiers of things: chemical substances, real estate, diseases, vehicles.

Belongs here: one standard each, with no person or firm inside the number.

Sources: CAS numbers, the registry's check digit; real-estate units, GB/T 37346-2019 (structure
found in published commentary: division 6, cadastral zone 3, sub-zone 3, ownership letter, parcel
letter, parcel 5, fixture letter, unit 8); diseases, ICD-10 as GB/T 14396-2016 and its national
extensions write it; number plates, GA 36-2018.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import bytes_of, fails, lacks
from quality.standards.identifiers import CODE_CLEANING
from quality.standards.permits import PROVINCES
from quality.standards.reading import (
    Check,
    Context,
    Format,
    Mask,
    frame,
    in_order,
    is_true,
    noted,
)
from quality.standards.text import UPPER_CASE, clean, symbols

_CAS_FORM = r"^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$"
CAS_CLEANING = symbols("0-9-")


def _cas_check_holds(text: pl.Series) -> Mask:
    """Σ of the digits before the last, each times its place from the right, mod 10."""
    digits = text.str.replace_all("-", "", literal=True).str.pad_start(10, "0")
    values = bytes_of(digits, 10)[1].astype(np.int32) - ord("0")
    return np.asarray(values[:, :9] @ np.arange(9, 0, -1, dtype=np.int32) % 10 == values[:, 9])


def _read_cas(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CAS_CLEANING)
    hyphenated = text.str.replace(r"^([1-9][0-9]{1,6})([0-9]{2})([0-9])$", "$1-$2-$3")
    text = noted(text, hyphenated, notes, "code_form")
    formed = is_true(text.str.contains(_CAS_FORM))
    found = CAS_NO.first_failure(
        (lacks(text, _CAS_FORM), "form"),
        (fails(text, formed, _cas_check_holds), "check_digit"),
    )
    return frame(text, notes, failure | found)


CAS_NO = Format(
    "cas_no",
    "化学物质登记号（CAS 号）",
    _read_cas,
    in_order(*CAS_CLEANING.kinds, "code_form"),
    (ElementType.TEXT,),
    (
        Check(
            "form",
            "{name}应为2至7位数字、2位数字、1位校验码，用连字符隔开",
            Dimension.CONFORMITY,
        ),
        Check(
            "check_digit",
            "{name}的校验码（最后一位）与前面各位不符，编号中有录入错误",
            Dimension.ACCURACY,
        ),
    ),
)

_UNIT_FORM = r"^[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}$"


def _read_real_estate_unit(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    found = REAL_ESTATE_UNIT_NO.first_failure(
        (is_true(text.str.len_chars() != 28), "length"),
        (lacks(text, _UNIT_FORM), "form"),
        (lacks(text, "(?:W0{8}|[FLQ][0-9]{8})$"), "fixture"),
        (lacks(text, f"^{PROVINCES}"), "division"),
    )
    return frame(text, notes, failure | found)


REAL_ESTATE_UNIT_NO = Format(
    "real_estate_unit_no",
    "不动产单元号",
    _read_real_estate_unit,
    CODE_CLEANING.kinds,
    (ElementType.TEXT,),
    (
        Check("length", "{name}应为28位", Dimension.CONFORMITY, clause="GB/T 37346-2019"),
        Check(
            "form",
            "{name}应依次为6位区划、3位地籍区、3位地籍子区、2位宗地特征码（首位 G、J 或 Z）、"
            "5位宗地顺序号、1位定着物特征码（F、L、Q 或 W）、8位定着物单元号",
            Dimension.CONFORMITY,
            clause="GB/T 37346-2019",
        ),
        Check(
            "fixture",
            "{name}的定着物特征码为 W（无定着物）时，后8位应为0，请核对",
            Dimension.CONSISTENCY,
            "query",
            clause="GB/T 37346-2019",
        ),
        Check(
            "division",
            "{name}前6位不属于任何省份的行政区划，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB/T 2260",
        ),
    ),
)

ICD10_FORM = r"^[A-Z][0-9]{2}(?:\.[0-9x][0-9]{0,3}(?:x[0-9]{3})?)?[+*]?$"
"""Category, subcategory and national extension; `x` stands in for a missing subdivision and is
written small; `+` and `*` mark cause and manifestation."""


ICD10_CLEANING = symbols("0-9A-Z.x")


def _icd10_form(text: pl.Series) -> pl.Series:
    """The point after the category, small `x` behind it; what is no such code stays as it is."""
    pointed = text.str.to_uppercase().str.replace(
        r"^([A-Z][0-9]{2})([0-9X][0-9X]{0,7}[+*]?)$", "$1.$2"
    )
    formed = pointed.str.head(4) + pointed.str.slice(4).str.replace_all("X", "x", literal=True)
    return formed.zip_with(formed.str.contains(ICD10_FORM), text)


def _read_icd10(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, ICD10_CLEANING)
    text = noted(text, _icd10_form(text), notes, "code_form")
    found = ICD10.first_failure((lacks(text, ICD10_FORM), "form"))
    return frame(text, notes, failure | found)


ICD10 = Format(
    "icd10",
    "疾病编码",
    _read_icd10,
    in_order(*ICD10_CLEANING.kinds, "code_form"),
    (ElementType.TEXT, ElementType.CODE),
    (
        Check(
            "form",
            "{name}应为1个大写英文字母、2位数字，细分的加小数点和亚目（如 A00.0、I10.x00x002）",
            Dimension.CONFORMITY,
            clause="GB/T 14396-2016",
        ),
    ),
    repetitive=True,
)

PLATE_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_PLATE_ENDS = "挂学警港澳领超试"
PLATE_CLEANING = symbols(
    f"0-9A-Z{PLATE_PROVINCES}{_PLATE_ENDS}",
    UPPER_CASE,
    (
        "separator",
        lambda text: text.str.replace(rf"^([{PLATE_PROVINCES}][A-Z])[·•・.-]", "$1"),
    ),
)
_PLATE_ORDINARY = rf"^.[A-HJ-Z][0-9A-HJ-NP-Z]{{4}}[0-9A-HJ-NP-Z{_PLATE_ENDS}]$"
_PLATE_NEW_ENERGY = r"^.[A-HJ-Z](?:[A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK])$"
"""Small cars: the letter of the drive first, four digits last; large ones: the letter last.
Electric A–E, other F–K, without I."""


def _read_plate(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, PLATE_CLEANING)
    length = text.str.len_chars()
    found = PLATE_NO.first_failure(
        (lacks(text, f"^[{PLATE_PROVINCES}]"), "province"),
        (is_true(~length.is_in([7, 8])), "length"),
        (lacks(text, _PLATE_ORDINARY) & is_true(length == 7), "form"),
        (lacks(text, _PLATE_NEW_ENERGY) & is_true(length == 8), "new_energy"),
    )
    return frame(text, notes, failure | found)


PLATE_NO = Format(
    "plate_no",
    "机动车号牌号码",
    _read_plate,
    PLATE_CLEANING.kinds,
    (ElementType.TEXT,),
    (
        Check(
            "province",
            "{name}应以省、自治区、直辖市的简称开头",
            Dimension.CONFORMITY,
            clause="GA 36-2018",
        ),
        Check(
            "length",
            "{name}应为7位，新能源汽车为8位",
            Dimension.CONFORMITY,
            clause="GA 36-2018",
        ),
        Check(
            "form",
            "{name}在省份简称之后应为1位发牌机关字母和5位数字或字母（不用 I、O）",
            Dimension.CONFORMITY,
            clause="GA 36-2018",
        ),
        Check(
            "new_energy",
            "{name}是新能源号牌的长度，但字母的位置不对：小型车序号首位、大型车序号末位应为"
            " A 至 K（不用 I）的字母，其余为数字",
            Dimension.CONFORMITY,
            clause="GA 36-2018",
        ),
    ),
)
