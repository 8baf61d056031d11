from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from catalog.models.code_tables import Code
from catalog.models.elements import ElementType

PROVINCES = (
    Code(code="370000", name="山东省", aliases=("山东",)),
    Code(code="110000", name="北京市", aliases=("北京",)),
)
MOVED = (
    Code(code="110103", name="崇文区", valid_to="2010-12-31"),
    Code(code="110199", name="崇文区", valid_from="2011-01-01"),
)


def test_names_and_aliases_become_codes_and_are_noted(read: Any) -> None:
    found = read("code", ["山东省", "山东", "370000", " 山东　"], codes=PROVINCES)
    assert [r.value for r in found] == ["370000"] * 4
    assert [r.changes for r in found] == [
        ("name_to_code",),
        ("name_to_code",),
        (),
        ("blanks", "name_to_code"),
    ]


def test_an_unknown_value_is_kept_for_the_rule_to_report(read: Any) -> None:
    assert read("code", ["火星"], codes=PROVINCES)[0].value == "火星"


def test_a_lost_leading_zero_is_not_invented(read: Any) -> None:
    codes = (Code(code="01", name="汉族"),)
    assert read("code", ["1"], codes=codes)[0].value == "1"


def test_a_code_in_lower_case_is_normalised_and_noted(read: Any) -> None:
    (found,) = read("code", ["cny"], codes=(Code(code="CNY", name="人民币"),))
    assert (found.value, found.changes) == ("CNY", ("upper_case",))


@pytest.mark.parametrize(
    ("day", "code"), [(date(2009, 1, 1), "110103"), (date(2020, 1, 1), "110199")]
)
def test_a_name_shared_by_codes_means_the_one_in_force(read: Any, day: date, code: str) -> None:
    assert read("code", ["崇文区"], codes=MOVED, as_of=day)[0].value == code


def test_a_null_word_that_names_a_code_is_that_code(read: Any) -> None:
    (found,) = read("code", ["无"], codes=(Code(code="0", name="无"),))
    assert (found.value, found.failure) == ("0", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("是", True), ("1", True), ("FALSE", False), ("否", False), ("无", False)],
)
def test_yes_and_no_are_read_in_both_languages(read: Any, text: str, value: bool) -> None:
    assert read("boolean", [text], type=ElementType.BOOLEAN)[0].value is value


def test_neither_yes_nor_no_is_unreadable(read: Any) -> None:
    assert read("boolean", ["也许"])[0].failure == "unreadable"
