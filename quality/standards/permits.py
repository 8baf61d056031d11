"""Numbers of permits and of electronic licences.

Belongs here: the food licence, the identifier of an electronic licence, the discharge permit. The
numbers of persons and firms inside them are judged in their own modules.

Sources: food licences, 《食品经营许可管理办法》 and 《食品生产许可管理办法》 (JY verified, SC
found); electronic licences, GB/T 36904-2018, verified on 5 of 6 published identifiers; discharge
permits, HJ 608-2017 with the samples of its annex A.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.characters import DIGITS, bytes_of, fails, iso7064_holds, lacks
from quality.standards.identifiers import CODE_CLEANING, ORGANIZATION_ALPHABET, uscc_checks
from quality.standards.reading import Check, Context, Format, Mask, frame, is_true
from quality.standards.text import UPPER_CASE, clean, symbols

PROVINCES = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
"""First two digits of every division of GB/T 2260. Nothing finer is asked of the division inside a
number: zones and registration authorities have codes that never stood in the standard."""

_FOOD_CATEGORY = r"^(?:JY[1-3]|SC(?:1(?:0[1-9]|[12][0-9]|3[0-2])|20[1-3]))"
"""Business form of a trader; category of food (01–32) or additive (01–03) of a producer."""
_FOOD_DIVISION = rf"^(?:JY[0-9]|SC[0-9]{{3}}){PROVINCES}"


def _food_check_holds(text: pl.Series) -> Mask:
    """Over two letters and 14 digits."""
    return iso7064_holds(bytes_of(text, 16)[1][:, 2:], DIGITS)


def _read_food_license(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    formed = is_true(text.str.contains(r"^(?:JY|SC)[0-9]{14}$"))
    found = FOOD_LICENSE_NO.first_failure(
        (lacks(text, "^(?:JY|SC)"), "prefix"),
        (is_true(text.str.len_chars() != 16), "length"),
        (lacks(text, "^..[0-9]{14}$"), "alphabet"),
        (fails(text, formed, _food_check_holds), "check_digit"),
        (lacks(text, _FOOD_CATEGORY), "category"),
        (lacks(text, _FOOD_DIVISION), "division"),
    )
    return frame(text, notes, failure | found)


FOOD_LICENSE_NO = Format(
    "food_license_no",
    "食品许可证编号",
    _read_food_license,
    CODE_CLEANING.kinds,
    (ElementType.TEXT,),
    (
        Check(
            "prefix",
            "{name}应以 JY（食品经营）或 SC（食品生产）开头",
            Dimension.CONFORMITY,
        ),
        Check("length", "{name}应为16位：2个字母和14位数字", Dimension.CONFORMITY),
        Check("alphabet", "{name}在 JY 或 SC 之后应全是数字", Dimension.CONFORMITY),
        Check(
            "check_digit",
            "{name}的校验码（最后一位）与前13位数字不符，编号中有录入错误",
            Dimension.ACCURACY,
            clause="GB/T 17710 MOD 11,10",
        ),
        Check(
            "category",
            "{name}的主体业态代码（JY 后1位，1至3）或食品类别编码（SC 后3位）不在规定之内，请核对",
            Dimension.ACCURACY,
            "query",
        ),
        Check(
            "division",
            "{name}中的行政区划不属于任何省份，请核对",
            Dimension.ACCURACY,
            "query",
            clause="GB/T 2260",
        ),
    ),
)

ROOT = "1.2.156.3005.2."
"""Object identifier under which electronic licences are numbered."""
LICENSE_CLEANING = symbols("0-9A-Z.", UPPER_CASE)
_ISSUER = r"(?:[0-9A-HJ-NPQRTUWXY]{18}|[0-9]{6}|[0-9]{12})"
_LICENSE_FORM = (
    r"^1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{1,21}\.[0-9A-Z]{1,64}\.[0-9]{3}\.[0-9A-Z]$"
)
_LICENSE_ISSUER = rf"^(?:[^.]*\.){{6}}{_ISSUER}\."
_FILLER = ORGANIZATION_ALPHABET[18]
"""The middle of the alphabet, which leaves the state of MOD 37,36 as it was."""


def _license_check_holds(text: pl.Series) -> Mask:
    """Over identifiers that have the form."""
    if not len(text):
        return np.zeros(0, np.bool_)
    joined = text.str.slice(len(ROOT)).str.replace_all(".", "", literal=True)
    width = int(joined.str.len_bytes().max())  # type: ignore[arg-type]
    filled = joined.str.pad_start(width, _FILLER)
    return iso7064_holds(bytes_of(filled, width)[1], ORGANIZATION_ALPHABET)


def _read_license_identifier(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, LICENSE_CLEANING)
    formed = is_true(text.str.contains(_LICENSE_FORM))
    found = LICENSE_IDENTIFIER.first_failure(
        (lacks(text, r"^1\.2\.156\.3005\.2\."), "root"),
        (lacks(text, "^[0-9A-Z.]+$"), "alphabet"),
        (lacks(text, _LICENSE_FORM), "form"),
        (lacks(text, _LICENSE_ISSUER), "issuer"),
        (fails(text, formed, _license_check_holds), "check_digit"),
    )
    return frame(text, notes, failure | found)


LICENSE_IDENTIFIER = Format(
    "license_identifier",
    "电子证照标识",
    _read_license_identifier,
    LICENSE_CLEANING.kinds,
    (ElementType.TEXT,),
    (
        Check(
            "root",
            "{name}应以 1.2.156.3005.2. 开头",
            Dimension.CONFORMITY,
            clause="GB/T 36904-2018",
        ),
        Check(
            "alphabet",
            "{name}只能由数字、大写英文字母和分隔各段的点组成",
            Dimension.CONFORMITY,
            clause="GB/T 36904-2018",
        ),
        Check(
            "form",
            "{name}在开头之后应依次为21位证照类型代码、颁发机构代码、流水号、3位版本号、1位校验位，"
            "各段用点隔开",
            Dimension.CONFORMITY,
            clause="GB/T 36904-2018",
        ),
        Check(
            "issuer",
            "{name}的颁发机构代码应为18位统一社会信用代码，或6位、12位区划代码",
            Dimension.CONFORMITY,
            clause="GB/T 36904-2018",
        ),
        Check(
            "check_digit",
            "{name}的校验位（最后一段）与前面各段不符，标识中有录入错误",
            Dimension.ACCURACY,
            clause="GB/T 36904-2018（GB/T 17710 MOD 37,36）",
        ),
    ),
)

_WITH_USCC = r"^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}[A-Z]$"
_WITHOUT_USCC = r"^H[9B][0-9]{6}[0-9A-Z]{9}[A-Z][0-9]{3}[A-Z]$"
"""A unit without 统一社会信用代码: H9 or HB, division 6, nine of an organisation code or a running
number, a letter. No code of GB 32100 begins with H."""


def _uscc_within_holds(text: pl.Series) -> Mask:
    """Over numbers that begin with a code of the form of GB 32100."""
    return uscc_checks(bytes_of(text, 22)[1][:, :18])[1]


def _read_discharge_permit(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, CODE_CLEANING)
    other = text.str.contains(_WITHOUT_USCC)
    formed = text.str.contains(_WITH_USCC) | other
    by_uscc = is_true(formed & ~other)
    found = DISCHARGE_PERMIT_NO.first_failure(
        (is_true(text.str.len_chars() != 22), "length"),
        (is_true(~formed), "form"),
        (fails(text, by_uscc, _uscc_within_holds), "check_digit"),
    )
    return frame(text, notes, failure | found)


DISCHARGE_PERMIT_NO = Format(
    "discharge_permit_no",
    "排污许可证编号",
    _read_discharge_permit,
    CODE_CLEANING.kinds,
    (ElementType.TEXT,),
    (
        Check("length", "{name}应为22位", Dimension.CONFORMITY, clause="HJ 608-2017"),
        Check(
            "form",
            "{name}应为18位统一社会信用代码、3位顺序码和1位标识字母；"
            "没有统一社会信用代码的单位前18位以 H9 或 HB 开头",
            Dimension.CONFORMITY,
            clause="HJ 608-2017",
        ),
        Check(
            "check_digit",
            "{name}前18位（统一社会信用代码）的校验码不符，编号中有录入错误",
            Dimension.ACCURACY,
            clause="HJ 608-2017、GB 32100-2015 附录B",
        ),
    ),
)
