from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from catalog.models.code_tables import Code
from tests.quality.identities import SAMPLE, identities, identity

SLOW = settings(max_examples=25, deadline=None)

DIVISIONS = (
    Code(code="110105", name="朝阳区"),
    Code(code="370303", name="张店区"),
    Code(code="110103", name="崇文区", valid_to="2010-12-31"),
)


NUMBERS = identities(["110105", "370303", "440524"], date(1900, 1, 1), date(2026, 10, 31))


def test_the_published_sample_is_sound(read: Any) -> None:
    (found,) = read("id_no", [SAMPLE], divisions=DIVISIONS)
    assert found.value == SAMPLE
    assert found.failure is None


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("1101051949123100", "length"),
        ("110105********002X", "alphabet"),
        ("3.70303E+17", "length"),
        ("110105194912310021X", "length"),
        ("11010519491331002X", "date"),
        ("110105190002290025", "date"),
        ("110105189011010025", "date"),
        ("110105202611020025", "date"),
        ("110105194912310021", "check_digit"),
        ("１１０１０５１９４９１２３１００２x", None),
        ("NULL", "null_word"),
    ],
)
def test_a_wrong_number_gets_the_first_reason_that_explains_it(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("id_no", [text], as_of=date(2026, 11, 1))[0].failure == failure


def test_quotes_blanks_and_lower_case_are_normalised_and_noted(read: Any) -> None:
    (found,) = read("id_no", ["'110105 19491231 002x"])
    assert found.value == SAMPLE
    assert found.changes == ("blanks", "quote", "upper_case")


def test_fifteen_digits_become_eighteen(read: Any) -> None:
    (found,) = read("id_no", ["110105491231002"])
    assert found.value == SAMPLE
    assert found.changes == ("id_15_to_18",)


@pytest.mark.parametrize(
    ("sequence", "century"), [("995", "19"), ("996", "18"), ("999", "18"), ("001", "19")]
)
def test_the_sequences_of_centenarians_belong_to_the_century_before(
    read: Any, sequence: str, century: str
) -> None:
    (found,) = read("id_no", ["110105991231" + sequence], as_of=date(1999, 12, 31))
    assert str(found.value).startswith(f"110105{century}991231{sequence}")
    assert found.failure is None


def test_an_abolished_division_counts_when_it_was_in_force_at_birth_or_later(read: Any) -> None:
    born_before, born_after = identity("11010320100101001"), identity("11010320110101001")
    unknown = identity("99999920100101001")
    found = read("id_no", [born_before, born_after, unknown], divisions=DIVISIONS)
    assert [r.failure for r in found] == [None, "division", "division"]


def test_without_a_table_of_divisions_none_is_doubted(read: Any) -> None:
    assert read("id_no", [identity("99999920100101001")])[0].failure is None


def test_birth_date_and_sex_are_derived_from_sound_numbers_alone(parts: Any) -> None:
    numbers = [SAMPLE, identity("37030319800229013"), "110105194912310021"]
    assert parts("id_no", "birth_date", numbers) == [date(1949, 12, 31), date(1980, 2, 29), None]
    assert parts("id_no", "sex", numbers) == ["2", "1", None]


@SLOW
@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_numbers_are_judged_as_stdnum_judges_them(read: Any, numbers: list[str]) -> None:
    # Compared on divisions that stdnum knows in every year: it judges the division by the birth
    # year, where the standard keeps codes of the time of first issue.
    changed = [number[:16] + number[17] + number[17] for number in numbers]
    texts = [n for n in numbers + changed if n[:6] in ("110105", "370303") and n[6:10] > "1984"]
    ours = [r.failure is None for r in read("id_no", texts)]
    assert ours == [ric.is_valid(text) for text in texts]


@SLOW
@given(NUMBERS, st.integers(0, 16), st.sampled_from("0123456789"))
def test_a_change_of_one_digit_is_always_detected(
    read: Any, number: str, position: int, digit: str
) -> None:
    changed = number[:position] + digit + number[position + 1 :]
    found = read("id_no", [changed])[0].failure
    assert (found in ("check_digit", "date")) == (changed != number)


@SLOW
@given(NUMBERS.filter(lambda n: n[6:8] == "19" and n[14:17] < "996"))
def test_shortening_and_lengthening_a_number_returns_to_it(read: Any, number: str) -> None:
    assert read("id_no", [number[:6] + number[8:17]])[0].value == number
