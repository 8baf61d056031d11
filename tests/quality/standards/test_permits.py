from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10, mod_37_36

SLOW = settings(max_examples=25, deadline=None)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROOT = "1.2.156.3005.2."
PUBLISHED_LICENSES = (
    "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    "11100000MB03271699022.340100.000000016.001.9",
    "11100000000013338W011.11430000006122244L.20230000403.002.S",
    "11100000000013338W011.11430000006122244L.20230000403.001.U",
    "11100000000013338W009.11330105002500287C.2025052201.002.0",
)


def test_a_published_food_licence_is_sound(read: Any) -> None:
    assert read("food_license_no", ["JY13101060025900"])[0].failure is None


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("ＪＹ１３１０１０６００２５９００", None),
        ("jy 1310106 0025900", None),
        ("QS370306010001", "prefix"),
        ("鲁食药许12345", "prefix"),
        ("JY1310106002590", "length"),
        ("JY1310106002590O", "alphabet"),
        ("JY13101060025901", "check_digit"),
        ("无", "null_word"),
        (None, None),
    ],
)
def test_a_wrong_food_licence_gets_the_first_reason_that_explains_it(
    read: Any, text: str | None, failure: str | None
) -> None:
    assert read("food_license_no", [text])[0].failure == failure


def test_an_unknown_business_form_category_or_province_is_asked_about(read: Any) -> None:
    bodies = {
        "JY0370303000001": "category",
        "JY4370303000001": "category",
        "JY3370303000001": None,
        "JY1380303000001": "division",
        "SC1003703030001": "category",
        "SC1333703030001": "category",
        "SC1323703030001": None,
        "SC2043703030001": "category",
        "SC2033703030001": None,
        "SC1010003030001": "division",
    }
    numbers = [body + mod_11_10.calc_check_digit(body[2:]) for body in bodies]
    assert [r.failure for r in read("food_license_no", numbers)] == list(bodies.values())


@SLOW
@given(st.lists(st.text("0123456789", min_size=13, max_size=13), min_size=1, max_size=40))
def test_food_licences_are_judged_as_stdnum_judges_mod_11_10(read: Any, bodies: list[str]) -> None:
    digits = [*(body + mod_11_10.calc_check_digit(body) for body in bodies)]
    digits += [body + "7" for body in bodies]
    found = read("food_license_no", ["JY" + number for number in digits])
    assert [r.failure != "check_digit" for r in found] == [mod_11_10.is_valid(n) for n in digits]


def test_published_licence_identifiers_are_sound(read: Any) -> None:
    found = read("license_identifier", [ROOT + text for text in PUBLISHED_LICENSES])
    assert [r.failure for r in found] == [None] * 5


def test_a_published_identifier_that_fails_the_check_is_reported_all_the_same(read: Any) -> None:
    # Handed round as the example of an interface: its serial and check look made up.
    text = "11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"
    assert read("license_identifier", [ROOT + text])[0].failure == "check_digit"


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("1．2．156．3005．2．11100000mb03271699022．340100．000000016．001．9", None),
        ("11100000MB03271699022.340100.000000016.001.9", "root"),
        (ROOT + "11100000MB03271699022.340100.0624_001.001.9", "alphabet"),
        (ROOT + "11100000MB03271699022.340100.000000016.001", "form"),
        (ROOT + "11100000MB03271699022.340100.000000016.1.9", "form"),
        (ROOT + "11100000MB03271699022.340100.000000016.001.9.0", "form"),
        (ROOT + "11100000MB03271699022.3401.000000016.001.9", "issuer"),
        (ROOT + "11100000MB03271699022.340100.000000061.001.9", "check_digit"),
        ("-", "null_word"),
    ],
)
def test_a_wrong_identifier_gets_the_first_reason_that_explains_it(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("license_identifier", [text])[0].failure == failure


@SLOW
@given(
    st.lists(
        st.tuples(st.text(ALPHABET, min_size=1, max_size=40), st.sampled_from(ALPHABET)),
        min_size=1,
        max_size=30,
    )
)
def test_identifiers_of_any_length_are_judged_as_stdnum_judges_mod_37_36(
    read: Any, serials: list[tuple[str, str]]
) -> None:
    wholes = [f"11100000MB03271699022.340100.{serial}.001" for serial, _ in serials]
    checks = [mod_37_36.calc_check_digit(whole.replace(".", "")) for whole in wholes]
    checks += [check for _, check in serials]
    texts = [f"{whole}.{check}" for whole, check in zip(wholes * 2, checks, strict=True)]
    found = read("license_identifier", [ROOT + text for text in texts])
    expected = [mod_37_36.is_valid(text.replace(".", "")) for text in texts]
    assert [r.failure is None for r in found] == expected


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("91130200699229617X001P", None),  # HJ 608-2017, annex A
        ("91130200699229617x002p", None),  # HJ 608-2017, annex A
        ("hb370300500000123a001w", None),
        ("H9370303D2143569Xa001P", None),
        ("91130200699229617X", "length"),
        ("91130200699229617X0001P", "length"),
        ("91130200699229617X0010", "form"),
        ("HC370300500000124A001W", "check_digit"),
        ("91130200699229617I001P", "form"),
        ("91130200699229618X001P", "check_digit"),
        ("暂无", "null_word"),
    ],
)
def test_a_discharge_permit_is_a_credit_code_with_serial_and_mark(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("discharge_permit_no", [text])[0].failure == failure
