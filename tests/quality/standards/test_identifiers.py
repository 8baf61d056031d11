from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from quality.standards.identifiers import (
    DEPARTMENTS,
    ORGANIZATION_ALPHABET,
    USCC_ALPHABET,
)

PUBLISHED = [
    "91110000600037341L",
    "9144030071526726XG",
    "91330100799655058B",
    "91110000802100433B",
    "914403001922038216",
    "91110108318005426C",
    "91370321864401071D",
]

SLOW = settings(max_examples=25, deadline=None)


def organization_code(base: str) -> str:
    """Check of GB 11714, written down once more from the standard."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(ORGANIZATION_ALPHABET.index(c) * w for c, w in zip(base, weights, strict=True))
    return base + {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def uscc(base: str) -> str:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(base, weights, strict=True))
    return base + USCC_ALPHABET[(31 - total % 31) % 31]


ORGANIZATION_BASES = st.text("".join(sorted(set(USCC_ALPHABET))), min_size=8, max_size=8)
PAIRS = st.sampled_from([d + c for d, cs in DEPARTMENTS.items() for c in cs])
DIVISIONS = st.text("0123456789", min_size=6, max_size=6)
USCCS = st.builds(
    lambda pair, division, base: uscc(pair + division + organization_code(base)),
    PAIRS,
    DIVISIONS,
    ORGANIZATION_BASES,
)


def test_published_codes_are_sound(read: Any) -> None:
    assert [r.failure for r in read("uscc", PUBLISHED)] == [None] * len(PUBLISHED)


def test_an_issued_code_that_fails_the_outer_check_is_reported_for_the_registry_to_confirm(
    read: Any,
) -> None:
    assert read("uscc", ["91350211M0000XUF46"])[0].failure == "check_digit"


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("91450100898218204", "length"),
        ("9111000060003734LLL", "length"),
        ("91110000600037341I", "alphabet"),
        ("9111000060003734中L", "alphabet"),
        ("91110000600037342L", "check_digit"),
        (None, None),
        ("  ", None),
        ("无", "null_word"),
    ],
)
def test_a_wrong_code_gets_the_first_reason_that_explains_it(
    read: Any, text: str | None, failure: str | None
) -> None:
    assert read("uscc", [text])[0].failure == failure


def test_a_code_whose_inner_code_fails_is_a_query_only(read: Any) -> None:
    inner = organization_code("60003734")
    wrong = inner[:8] + ("0" if inner[8] != "0" else "1")
    assert read("uscc", [uscc("91110000" + wrong)])[0].failure == "inner_check"


def test_a_department_not_in_the_standard_is_a_query_only(read: Any) -> None:
    code = uscc("98110000" + organization_code("60003734"))
    assert read("uscc", [code])[0].failure == "department"


@pytest.mark.parametrize("pair", ["99", "A1", "N2", "Y1", "YY"])
def test_a_pair_of_the_standard_is_sound_though_stdnum_rejects_letters(
    read: Any, pair: str
) -> None:
    code = uscc(f"{pair}110000" + organization_code("60003734"))
    assert read("uscc", [code])[0].failure is None
    assert stdnum_uscc.is_valid(code) == pair.isdecimal()


def test_full_width_blanks_quotes_and_lower_case_are_normalised_and_noted(read: Any) -> None:
    (found,) = read("uscc", ["'９１１１０００ ０600037341l "])
    assert found.value == "91110000600037341L"
    assert found.changes == ("fullwidth", "blanks", "quote", "upper_case")
    assert found.failure is None


def test_the_organization_code_is_derived_from_sound_codes_alone(parts: Any) -> None:
    inner_fails = uscc("91110000" + organization_code("60003734")[:8] + "0")
    codes = ["91110000600037341L", "91110000600037342L", inner_fails]
    assert parts("uscc", "organization_code", codes) == ["600037341", None, None]
    assert parts("uscc", "division", codes) == ["110000", None, "110000"]


@SLOW
@given(st.lists(USCCS, min_size=1, max_size=50))
def test_codes_formed_by_the_standard_are_sound(read: Any, codes: list[str]) -> None:
    assert {r.failure for r in read("uscc", codes)} == {None}


@SLOW
@given(st.lists(st.text(USCC_ALPHABET + "IOSVZ", min_size=17, max_size=19), max_size=50))
def test_codes_are_judged_as_stdnum_judges_them(read: Any, texts: list[str]) -> None:
    # stdnum demands eight leading digits and so rejects the departments A, N and Y: only codes
    # that have them are compared.
    codes = ["91370300" + text[8:] for text in texts]
    codes += [uscc(code[:17]) for code in codes if not set(code[:17]) - set(USCC_ALPHABET)]
    queries = {None, "inner_check", "department"}
    ours = [r.failure in queries for r in read("uscc", codes)]
    assert ours == [stdnum_uscc.is_valid(code) for code in codes]


@SLOW
@given(USCCS, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_a_change_of_one_character_is_always_detected(
    read: Any, code: str, position: int, character: str
) -> None:
    changed = code[:position] + character + code[position + 1 :]
    found = read("uscc", [changed])[0].failure
    assert (found == "check_digit") == (changed != code)


@pytest.mark.parametrize("code", ["D2143569X", "600037341", "71526726X", "663128478"])
def test_published_organization_codes_are_sound(read: Any, code: str) -> None:
    # D2143569-X is the example of GB 11714 itself.
    assert read("organization_code", [code])[0].failure is None


def test_the_hyphen_of_an_organization_code_is_dropped_and_noted(read: Any) -> None:
    (found,) = read("organization_code", ["d2143569-x"])
    assert found.value == "D2143569X"
    assert found.changes == ("upper_case", "separator")


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("69787423", "form"),
        ("91520115097309206Y", "form"),
        ("66312847A", "form"),
        ("663128477", "check_digit"),
    ],
)
def test_a_wrong_organization_code_says_why(read: Any, text: str, failure: str) -> None:
    assert read("organization_code", [text])[0].failure == failure


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("110105010247558", None),
        ("110105010247557", "check_digit"),
        ("1101052001234", None),
        ("50010318003622", "form"),
        ("9132058172054433XE", "form"),
        ("企合鲁总字第000123号", "form"),
    ],
)
def test_registration_numbers_have_13_digits_or_15_with_a_check(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("registration_no", [text])[0].failure == failure


@SLOW
@given(st.lists(st.text("0123456789", min_size=15, max_size=15), min_size=1, max_size=50))
def test_registration_numbers_are_judged_as_stdnum_judges_mod_11_10(
    read: Any, numbers: list[str]
) -> None:
    numbers += [n[:14] + mod_11_10.calc_check_digit(n[:14]) for n in numbers]
    ours = [r.failure is None for r in read("registration_no", numbers)]
    assert ours == [mod_11_10.is_valid(number) for number in numbers]
