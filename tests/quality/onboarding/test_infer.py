"""What a sample's columns are taken to hold."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from catalog.models.elements import ElementType
from quality.onboarding.infer import infer
from tests.this_catalog import this_catalog

CATALOG = this_catalog()
DAY = date(2026, 10, 1)


def _guess(header: str, *values: str | None):
    (guess,) = infer(CATALOG, [header], pl.DataFrame({"c0": values}, {"c0": pl.String}), DAY)
    return guess


def test_a_known_header_names_its_element_when_the_values_bear_it_out():
    guess = _guess("统一社会信用代码", "91370303MA3EXMPL6B", "91110000600037341L")
    assert (guess.column_id, guess.element, guess.ground) == ("uscc", "uscc", "header")


def test_a_known_header_is_not_believed_against_its_values():
    assert _guess("统一社会信用代码", "红色", "蓝色", "绿色").element is None


def test_values_name_the_element_where_the_header_says_nothing():
    guess = _guess("编号甲", "91370303MA3EXMPL6B", "91110000600037341L")
    assert (guess.element, guess.ground) == ("uscc", "values")


def test_identity_numbers_are_taken_for_the_narrowest_element():
    assert _guess("编号乙", "11010519491231002X").element == "id_no"


def test_names_of_one_code_table_name_its_element():
    guess = _guess("币别", "人民币", "美元", "欧元")
    assert (guess.element, guess.ground) == ("currency", "code_table")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["2024-05-06", "2024年5月7日"], ElementType.DATE),
        (["12", "7"], ElementType.INTEGER),
        (["12.5", "1,007"], ElementType.DECIMAL),
        (["红", "蓝"], ElementType.TEXT),
        ([None, " "], ElementType.TEXT),
    ],
)
def test_what_no_element_fits_gets_the_strictest_type_that_reads_it(values, kind):
    guess = _guess("没有登记过的栏", *values)
    assert (guess.element, guess.type) == (None, kind)


def test_two_columns_never_get_one_id():
    columns = {"c0": ["91370303MA3EXMPL6B"], "c1": ["91110000600037341L"]}
    guesses = infer(CATALOG, ["甲方代码", "乙方代码"], pl.DataFrame(columns), DAY)
    assert [guess.column_id for guess in guesses] == ["uscc", "uscc_2"]


def test_a_latin_header_becomes_the_column_s_id():
    assert _guess("Park Colour", "red").column_id == "park_colour"


def test_a_number_of_a_letter_and_digits_is_no_diagnosis():
    assert _guess("泊位编号", "P0001", "P0002", "P0003").element is None
