from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models.elements import ElementType

DECIMAL, INTEGER = ElementType.DECIMAL, ElementType.INTEGER
SLOW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("27779.56", "27779.56", ()),
        ("-12.5", "-12.5", ()),
        ("007", "7", ()),
        ("27,779.56", "27779.56", ("thousands",)),
        ("２７７７９．５６", "27779.56", ("fullwidth",)),
        ("２７，７７９", "27779", ("fullwidth", "thousands")),
        (" 1 234 ", "1234", ("blanks",)),
        ("'12", "12", ("quote",)),
        ("+5", "5", ("number_form",)),
        (".5", "0.5", ("number_form",)),
        ("5.", "5", ("number_form",)),
        ("1.5E3", "1500", ("number_form",)),
        ("−3", "-3", ("fullwidth",)),
        ("1.005", "1.00", ("rounded",)),
        ("1.015", "1.02", ("rounded",)),
        ("1.500", "1.5", ()),
    ],
)
def test_written_numbers_are_read_and_noted(
    read: Any, text: str, value: str, changes: tuple[str, ...]
) -> None:
    (found,) = read("number", [text], type=DECIMAL, scale=2)
    assert found.value == Decimal(value)
    assert found.changes == changes


@pytest.mark.parametrize(
    "text", ["12元", "1,23", "1.2.3", "12%", "1e400", "一百", "9" * 40, "0x10", "1-2", "1e"]
)
def test_what_is_no_number_is_unreadable(read: Any, text: str) -> None:
    (found,) = read("number", [text], type=DECIMAL, scale=2)
    assert (found.value, found.failure) == (None, "unreadable")


def test_the_null_word_of_the_air_platform_is_null_and_a_defect(read: Any) -> None:
    (found,) = read("number", ["-;"], type=INTEGER)
    assert (found.value, found.failure) == (None, "null_word")


def test_an_integer_may_be_written_with_empty_decimals_but_has_no_fraction(read: Any) -> None:
    whole, fraction, large = read("number", ["46.0", "46.5", "9223372036854775808"], type=INTEGER)
    assert (whole.value, whole.changes) == (46, ("number_form",))
    assert (fraction.failure, large.failure) == ("unreadable", "unreadable")


def test_percent_signs_are_dropped_or_converted_as_the_standard_asks(read: Any) -> None:
    (percent,) = read("percent", ["12.5%"], type=DECIMAL, scale=2)
    assert (percent.value, percent.changes) == (Decimal("12.5"), ("percent_sign",))
    ratios = read("ratio", ["28.30%", "0.283", "２８．３％"], type=DECIMAL, scale=4)
    assert [r.value for r in ratios] == [Decimal("0.283")] * 3
    assert ratios[1].changes == ()


@SLOW
@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15)),
        max_size=30,
    ).filter(lambda ds: all(abs(d) < 10**20 for d in ds))
)
def test_a_standard_number_and_its_grouped_form_are_the_same_number(
    read: Any, numbers: list[Decimal]
) -> None:
    plain = read("number", [f"{n:f}" for n in numbers], type=DECIMAL, scale=4)
    grouped = read("number", [f"{n:,f}" for n in numbers], type=DECIMAL, scale=4)
    assert [r.value for r in plain] == [r.value for r in grouped] == numbers
    assert all(r.changes == () for r in plain)
