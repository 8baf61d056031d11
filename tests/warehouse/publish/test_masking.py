"""What a reader sees of a value, by grade and mask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit

from catalog.models.datasets import Column
from catalog.models.elements import Element
from warehouse.publish.build import MACROS
from warehouse.publish.masking import (
    UNMASKED,
    Mask,
    Protection,
    protection_of,
    strictest,
)


@pytest.fixture(scope="module")
def masked() -> Iterator[duckdb.DuckDBPyConnection]:
    con = _with_masks()
    yield con
    con.close()


@pytest.mark.parametrize(
    ("macro", "value", "shown"),
    [
        ("mask_name", "张三", "张**"),
        ("mask_name", "欧阳建厂", "欧**"),
        ("mask_name", "阿卜杜拉·买买提", "阿**"),
        ("mask_name", "John Smith", "***"),
        ("mask_name", "13805331234", "***"),
        ("mask_name", "淄博示范陶瓷有限公司", "淄博示范陶瓷有限公司"),
        ("mask_name", "张三37030319870203123X店", "张**"),
        ("mask_id_no", "37030319870203123X", "3703**************"),
        ("mask_id_no", "370303870203123", "3703**************"),
        ("mask_id_no", "432930****0278215", "***"),
        ("mask_id_no", "张三", "***"),
        ("mask_code", "370303198702031238", "3703**************"),
        ("mask_code", "370303198001010688", "3703**************"),
        ("mask_code", "37O303198702031238", "***"),
        ("mask_code", "370303198713031238", "3703**************"),
        ("mask_code", "3703031987O2031238", "***"),
        ("mask_code", "37030319870203123", "***"),
        ("mask_code", "370303870203123", "3703**************"),
        ("mask_code", "370300200012340", "370300200012340"),
        ("mask_code", "91310118672727878L", "91310118672727878L"),
        ("mask_code", "91370303MA3EXMPL6B", "91370303MA3EXMPL6B"),
        ("mask_code", "9137030319870203", "9137030319870203"),
        # The code of a firm is public; what may be a citizen's number is not.
        ("mask_id_no", "91370303MA3EXMPL6B", "91370303MA3EXMPL6B"),
        ("mask_id_no", "913703000706060161", "913703000706060161"),
        # 奉贤区 ends with 20, as a year of birth begins.
        ("mask_id_no", "91310120MA01ABCD5K", "91310120MA01ABCD5K"),
        ("mask_id_no", "91310118672727878L", "91310118672727878L"),
        # A wrong letter in a date of birth, and the check of a firm's code right by chance.
        ("mask_id_no", "110101198A01011042", "***"),
        ("mask_id_no", "91370303MA3EXMPL6C", "***"),
        ("mask_id_no", "113703000706062210", "1137**************"),
        ("mask_phone", "13805331234", "138********"),
        ("mask_phone", "0533-2345678", "0533-****"),
        ("mask_phone", "打我手机13805331234", "***"),
        ("mask_address", "山东省淄博市张店区马尚街道柳泉路45号", "山东省淄博市张店区马尚街道***"),
        ("mask_address", "淄博市临淄区齐都镇西古村12号", "淄博市临淄区齐都镇***"),
        ("mask_address", "淄博市张店区和平小区3号楼", "淄博市张店区***"),
        ("mask_address", "沂源县南麻镇健康路", "沂源县南麻镇***"),
        ("mask_address", "和平小区3号楼", "***"),
        ("mask_birth_month", "1987-02-03", "1987-02"),
        ("mask_birth_month", "一九八七年", "***"),
        ("mask_hidden", "任何值", "***"),
        ("mask_stray_numbers", "见37030319870203123X号", "见***号"),
        ("mask_stray_numbers", "37030319870203123X370303198702031239", "******"),
        ("mask_stray_numbers", "370303 19870203 1239", "***"),
        ("mask_stray_numbers", "370303198702031239,370303198702031239", "***,***"),
        # A record's number of division, date and serial is longer.
        ("mask_stray_numbers", "3703222026072800010524", "3703222026072800010524"),
        ("mask_stray_numbers", "370323202501250000174", "370323202501250000174"),
        # Even where the check of its first part is right by chance.
        ("mask_stray_numbers", "370322202607280007852", "370322202607280007852"),
        # A number and a telephone without anything between them.
        ("mask_stray_numbers", "37030319870203123813805331234", "***"),
        ("mask_stray_numbers", "37030319870203123113805331234", "***"),
        ("mask_stray_numbers", "电话13805331234370303198702031238", "***"),
        ("mask_stray_numbers", "13805331234,13905331234", "***,***"),
        ("mask_stray_numbers", "a13805331234", "a***"),
        ("mask_stray_numbers", "91370303164107952X", "91370303164107952X"),
        ("mask_stray_numbers", "913703000706062216", "913703000706062216"),
    ],
)
def test_each_mask_keeps_only_what_it_recognises(
    masked: duckdb.DuckDBPyConnection, macro: str, value: str, shown: str
) -> None:
    assert masked.execute(f"SELECT {macro}($1)", [value]).fetchone() == (shown,)


@pytest.mark.parametrize("way", get_args(Mask))
def test_a_word_for_nothing_is_nobodys_and_shown(
    masked: duckdb.DuckDBPyConnection, way: str
) -> None:
    assert masked.execute("SELECT mask_as($1, '暂无')", [way]).fetchone() == ("暂无",)


@pytest.mark.parametrize("way", get_args(Mask))
def test_a_missing_value_stays_missing_under_every_mask(
    masked: duckdb.DuckDBPyConnection, way: str
) -> None:
    assert masked.execute("SELECT mask_as($1, NULL)", [way]).fetchone() == (None,)


def test_a_mistyped_citizens_number_is_no_firms_code_in_a_report_either(
    masked: duckdb.DuckDBPyConnection,
) -> None:
    query = "SELECT mask_as('code', $1)"
    assert masked.execute(query, ["37O303198702031238"]).fetchone() == ("***",)
    assert masked.execute(query, ["91370303MA3EXMPL6B"]).fetchone() == ("91370303MA3EXMPL6B",)


def test_an_unknown_mask_hides(masked: duckdb.DuckDBPyConnection) -> None:
    assert masked.execute("SELECT mask_as('new', '值'), mask_as(NULL, '值')").fetchone() == (
        "***",
        "***",
    )


def test_each_part_of_a_key_is_masked_as_its_column(masked: duckdb.DuckDBPyConnection) -> None:
    key = "C-1\x1f37030319870203123X"
    query = "SELECT mask_key(['none', 'id_no'], 'id_no', $1)"
    assert masked.execute(query, [key]).fetchone() == ("C-1 / 3703**************",)


def test_a_key_of_one_part_is_masked_as_its_column(masked: duckdb.DuckDBPyConnection) -> None:
    shown = "SELECT mask_key(['id_no'], 'id_no', $1), mask_key(['none'], 'hidden', $1)"
    assert masked.execute(shown, ["37030319870203123X"]).fetchone() == (
        "3703**************",
        "***",
    )
    assert masked.execute(shown, ["C-1"]).fetchone() == ("***", "C-1")
    assert masked.execute(shown, ["C-1\x1fC-2"]).fetchone() == ("***", "***")


def test_a_key_with_unexpected_parts_is_masked_whole(masked: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT mask_key(['none', 'id_no'], 'id_no', $1)"
    assert masked.execute(query, ["37030319870203123X\x1fa\x1fb"]).fetchone() == ("***",)


_SEVENTEEN = r"[1-9][0-9]{5}19[0-9]{2}0[1-9]1[0-9][0-9]{3}"


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="0123456789"), max_size=12)


@given(
    text=_TEXT,
    body=st.from_regex(_SEVENTEEN, fullmatch=True),
    before=st.sampled_from(["", "1", "13805331234"]),
    after=st.sampled_from(["", "7", "13805331234"]),
)
def test_no_mask_lets_a_right_identity_number_through_whatever_it_touches(
    text: str, body: str, before: str, after: str
) -> None:
    digits = body + calc_check_digit(body + "0")
    after = "" if digits.endswith("X") else after
    shown = _under_every_mask(f"{text}{before}{digits}{after}{text}")
    assert [value for value in shown if digits in value] == []


@given(
    # Between other digits it is part of a longer number.
    text=_TEXT,
    digits=st.from_regex(_SEVENTEEN + "[0-9X]", fullmatch=True),
)
def test_no_mask_lets_an_identity_number_through(text: str, digits: str) -> None:
    assert [value for value in _under_every_mask(text + digits + text) if digits in value] == []


def _under_every_mask(text: str) -> list[str]:
    shown = _shared().execute(
        "SELECT mask_as(way, $1) FROM (SELECT unnest($2::VARCHAR[]) AS way)"
        " UNION ALL SELECT mask_code($1)",
        [text, list(get_args(Mask))],
    )
    return [value for (value,) in shown.fetchall()]


_connections: list[duckdb.DuckDBPyConnection] = []


def _with_masks() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name in ("characters", "identifiers", "masking"):
        con.execute((MACROS / f"{name}.sql").read_text(encoding="utf-8"))
    return con


def _shared() -> duckdb.DuckDBPyConnection:
    """One connection for all examples of a property."""
    if not _connections:
        _connections.append(_with_masks())
    return _connections[0]


def _element(grade: int, mask: str) -> Element:
    return Element.model_validate(
        {
            "id": "e", "name": "元", "definition": "义", "type": "text", "data_class": "类",
            "grade": grade, "mask": mask, "example": "例", "how_to_correct": "改",
        }
    )  # fmt: skip


def test_below_grade_3_a_column_is_shown_whatever_its_element_names() -> None:
    assert protection_of(_element(2, "name")).shown("x") == "x"


def test_from_grade_3_on_a_column_without_mask_is_hidden() -> None:
    assert protection_of(_element(3, "none")).shown("x") == "mask_hidden((x)::VARCHAR)"


def test_a_columns_own_grade_overrides_its_elements() -> None:
    column = Column(id="c", name="列", element="e", grade=4)
    assert protection_of(_element(1, "phone"), column).way == "phone"


def test_of_several_sources_the_strictest_protection_counts() -> None:
    assert strictest(Protection(1, "none"), Protection(3, "name")).way == "name"
    assert strictest(Protection(3, "name"), Protection(3, "none")).way == "hidden"
    assert strictest(Protection(2, "hidden"), Protection(1, "none")).way == "none"
    assert strictest(Protection(1, "code"), Protection(1, "none")).way == "code"
    assert strictest(Protection(1, "code"), Protection(3, "none")).way == "hidden"
    assert strictest() == UNMASKED
