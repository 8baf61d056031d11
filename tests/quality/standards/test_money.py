from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.standards.money import CURRENCIES, MULTIPLIERS, unit_of

SLOW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("28,078.2910(万元人民币)", "280782910", "CNY"),
        ("262.9800(万元人民币)", "2629800", "CNY"),
        ("1688万人民币", "16880000", "CNY"),
        ("56.5万人民币", "565000", "CNY"),
        ("100万元人民币", "1000000", "CNY"),
        ("30万人民币元", "300000", "CNY"),
        ("5.07万人民币元", "50700", "CNY"),
        ("1,320(万)", "13200000", "CNY"),
        ("743.4700(万)", "7434700", "CNY"),
        ("50万元", "500000", "CNY"),
        ("10万", "100000", "CNY"),
        ("100万美元", "1000000", "USD"),
        ("1,200.5000(万美元)", "12005000", "USD"),
        ("３０万元（人民币）", "300000", "CNY"),
        ("人民币500万元整", "5000000", "CNY"),
        ("￥1,000.50", "1000.50", "CNY"),
        ("USD 20000", "20000", "USD"),
        ("1.5亿元", "150000000", "CNY"),
        ("9 港元", "9", "HKD"),
        ("0.123456789万元", "1234.56789", "CNY"),
    ],
)
def test_written_amounts_become_amount_and_currency(
    read: Any, parts: Any, text: str, amount: str, currency: str
) -> None:
    (found,) = read("money", [text], scale=6)
    assert found.value == Decimal(amount)
    assert "written_amount" in found.changes
    assert found.failure is None
    assert parts("money", "currency", [text], scale=6) == [currency]


def test_thousands_separators_are_noted_apart(read: Any) -> None:
    (found,) = read("money", ["1,320(万)"], scale=6)
    assert found.changes == ("thousands", "written_amount")


def test_a_bare_number_has_the_unit_of_its_column(read: Any, parts: Any) -> None:
    (in_ten_thousands,) = read("money", ["100"], scale=2, default_unit="万元")
    assert in_ten_thousands.value == Decimal("1000000")
    assert in_ten_thousands.changes == ("written_amount",)
    (in_yuan,) = read("money", ["100"], scale=2, default_unit="元")
    assert (in_yuan.value, in_yuan.changes) == (Decimal("100"), ())
    assert parts("money", "currency", ["100"], scale=2, default_unit="元") == ["CNY"]


def test_a_bare_number_without_a_unit_anywhere_is_unreadable(read: Any, parts: Any) -> None:
    (found,) = read("money", ["1"], scale=6)
    assert (found.value, found.failure) == (None, "unreadable")
    assert parts("money", "currency", ["1"], scale=6) == [None]


@pytest.mark.parametrize("text", ["0", "0.00", "-0"])
def test_nothing_is_nothing_in_every_unit(read: Any, parts: Any, text: str) -> None:
    (found,) = read("money", [text], scale=6)
    assert (found.value, found.failure) == (0, None)
    assert parts("money", "currency", [text], scale=6) == [None]


@pytest.mark.parametrize(
    "text", ["约100万元", "100万头", "一百万元", "100-200万元", "万元", "1,00万元"]
)
def test_what_is_no_amount_is_unreadable(read: Any, text: str) -> None:
    assert read("money", [text], scale=6)[0].failure == "unreadable"


def test_an_amount_finer_than_the_standard_is_rounded_and_noted(read: Any) -> None:
    (found,) = read("money", ["0.00000125万元"], scale=2)
    assert found.value == Decimal("0.01")
    assert found.changes == ("written_amount", "rounded")


def test_every_known_unit_is_unambiguous() -> None:
    for multiplier, power in MULTIPLIERS.items():
        for code, names in CURRENCIES.items():
            for name in names:
                assert unit_of(f"({multiplier}{name})") == (power, code)
                assert unit_of(f"{name}{multiplier}") == (power, code)


@SLOW
@given(
    st.lists(
        st.tuples(
            st.decimals(0, 10**9, places=4),
            st.sampled_from(["万元", "亿元", "元", "万美元", "(万元人民币)"]),
        ),
        max_size=30,
    )
)
def test_reading_the_standard_amount_again_gives_the_same(
    read: Any, amounts: list[tuple[Decimal, str]]
) -> None:
    once = [r.value for r in read("money", [f"{n:f}{unit}" for n, unit in amounts], scale=6)]
    again = [r.value for r in read("money", [f"{n:f}元" for n in once], scale=6)]
    assert once == again
    assert None not in once
