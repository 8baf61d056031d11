"""The macros of permits: published samples, and python-stdnum as the oracle of ISO 7064."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10, mod_37_36

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROOT = "1.2.156.3005.2."


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=40), min_size=1, max_size=20))
def test_both_systems_of_iso_7064_are_judged_as_stdnum_does(
    shell: Any, answers: Any, bodies: list[str]
) -> None:
    shell.execute(f"create or replace temp macro long_ok(v) as iso7064_ok(v, '{ALPHABET}')")
    shell.execute("create or replace temp macro short_ok(v) as iso7064_ok(v, '0123456789')")
    texts = [body + mod_37_36.calc_check_digit(body) for body in bodies]
    texts += [body + "7" for body in bodies]
    assert answers("long_ok", texts) == [mod_37_36.is_valid(text) for text in texts]
    numbers = [str(int(body, 36)) for body in bodies]
    texts = [number + mod_11_10.calc_check_digit(number) for number in numbers]
    texts += [number + "7" for number in numbers]
    assert answers("short_ok", texts) == [mod_11_10.is_valid(text) for text in texts]


def test_food_licences_of_both_kinds_have_a_check_digit(answers: Any) -> None:
    cases = {
        "JY13101060025900": True,  # published
        "JY13101060025901": False,
        "SC13237030300010": mod_11_10.is_valid("13237030300010"),
        "QS13101060025900": False,
        "JY1310106002590": False,
        "": False,
    }
    assert answers("food_license_no_is_valid", list(cases)) == list(cases.values())


def test_published_licence_identifiers_are_valid(answers: Any) -> None:
    texts = {
        "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3": True,
        "11100000MB03271699022.340100.000000016.001.9": True,
        "11100000000013338W011.11430000006122244L.20230000403.002.S": True,
        "11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M": False,
        "11100000MB03271699022.340100.000000016.001": False,
        "11100000MB03271699022.34010.000000016.001.9": False,
    }
    found = answers("license_identifier_is_valid", [ROOT + text for text in texts])
    assert found == list(texts.values())
    assert answers("license_identifier_is_valid", ["", "1.2.156", "。"]) == [False] * 3


def test_the_samples_of_hj_608_are_valid(answers: Any) -> None:
    cases = {
        "91130200699229617X001P": True,
        "91130200699229617X002P": True,
        "HB370300500000123A001W": True,
        "91130200699229618X001P": False,
        "91130200699229617X": False,
        "91130200699229617X00PP": False,
    }
    assert answers("discharge_permit_no_is_valid", list(cases)) == list(cases.values())


def test_a_missing_number_is_neither_right_nor_wrong(shell: Any) -> None:
    macros = [
        *("food_license_no_is_valid(v)", "food_license_no_category_known(v)"),
        *("food_license_no_division_known(v)", "license_identifier_is_valid(v)"),
        *("license_identifier_issuer_ok(v)", "discharge_permit_no_is_valid(v)"),
    ]
    query = f"select {', '.join(macros)} from (select null::varchar as v)"
    assert shell.execute(query).fetchone() == (None,) * len(macros)
