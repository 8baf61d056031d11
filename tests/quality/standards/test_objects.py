from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import casrn

from quality.standards.objects import PLATE_PROVINCES

SLOW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("7732-18-5", None),  # water
        ("7664-41-7", None),  # ammonia
        ("7782-50-5", None),  # chlorine
        ("50-00-0", None),  # formaldehyde
        ("７４－８２－８", None),  # methane
        ("7732-18-4", "check_digit"),
        ("7732-81-5", "check_digit"),
        ("07732-18-5", "form"),
        ("1950-0-0", "form"),
        ("混合物", "form"),
        ("——", "null_word"),
    ],
)
def test_a_cas_number_has_a_form_and_a_check_digit(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("cas_no", [text])[0].failure == failure


def test_the_hyphens_of_a_cas_number_are_put_in_and_noted(read: Any) -> None:
    (found,) = read("cas_no", ["7732185"])
    assert (found.value, found.changes) == ("7732-18-5", ("code_form",))


@SLOW
@given(st.lists(st.integers(1_000, 9_999_999_999), min_size=1, max_size=60))
def test_cas_numbers_are_judged_as_stdnum_judges_them(read: Any, numbers: list[int]) -> None:
    # stdnum also takes blanks away and puts hyphens in, as we do.
    texts = [str(number) for number in numbers]
    texts += [text[:-1] + casrn.calc_check_digit(text[:-1]) for text in texts]
    # The first group has two digits at least.
    texts = [text for text in texts if len(text) >= 5]
    assert [r.failure is None for r in read("cas_no", texts)] == [casrn.is_valid(t) for t in texts]


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("370303 001001 GB00001 F00010001", None),
        ("370105012002gb00001f00010751", None),
        ("370303001001JC00001W00000000", None),
        ("370303001001GB00001F0001000", "length"),
        ("370303001001XB00001F00010001", "form"),
        ("370303001001GB00001K00010001", "form"),
        ("37030300100100001GBF00010001", "form"),
        ("370303001001GB00001W00010001", "fixture"),
        ("380303001001GB00001F00010001", "division"),
    ],
)
def test_a_real_estate_unit_is_told_by_its_28_characters(
    read: Any, text: str, failure: str | None
) -> None:
    assert read("real_estate_unit_no", [text])[0].failure == failure


@pytest.mark.parametrize(
    ("text", "value", "failure"),
    [
        ("I10", "I10", None),
        ("A00.0", "A00.0", None),
        ("a000", "A00.0", None),
        ("E14.900x001", "E14.900x001", None),
        ("I10X00X002", "I10.x00x002", None),
        ("i10.X05", "I10.x05", None),
        ("A18.0+", "A18.0+", None),
        ("Ａ００．０", "A00.0", None),
        ("高血压", "高血压", "form"),
        ("I1", "I1", "form"),
        ("10.I", "10.I", "form"),
        ("A00-A09", "A00-A09", "form"),
        ("I10.", "I10.", "form"),
    ],
)
def test_a_diagnosis_is_written_with_a_point_and_a_small_x(
    read: Any, text: str, value: str, failure: str | None
) -> None:
    (found,) = read("icd10", [text])
    assert (found.value, found.failure) == (value, failure)


@pytest.mark.parametrize(
    ("text", "value", "failure"),
    [
        ("鲁C12345", "鲁C12345", None),
        ("鲁c·a1b2c", "鲁CA1B2C", None),
        ("鲁C-1234挂", "鲁C1234挂", None),
        ("粤Z1234港", "粤Z1234港", None),
        ("鲁CD12345", "鲁CD12345", None),
        ("鲁CFA1234", "鲁CFA1234", None),
        ("鲁C12345D", "鲁C12345D", None),
        ("AC12345", "AC12345", "province"),
        ("使014578", "使014578", "province"),
        ("鲁C1234", "鲁C1234", "length"),
        ("鲁C1234567", "鲁C1234567", "length"),
        ("鲁CI2345", "鲁CI2345", "form"),
        ("鲁112345", "鲁112345", "form"),
        ("鲁C123456", "鲁C123456", "new_energy"),
        ("鲁CI12345", "鲁CI12345", "new_energy"),
        ("鲁CDAA234", "鲁CDAA234", "new_energy"),
        ("鲁C1234学D", "鲁C1234学D", "new_energy"),
    ],
)
def test_a_number_plate_is_told_by_province_length_and_place_of_the_letters(
    read: Any, text: str, value: str, failure: str | None
) -> None:
    (found,) = read("plate_no", [text])
    assert (found.value, found.failure) == (value, failure)


@SLOW
@given(
    st.lists(
        st.builds(
            "{}{}{}".format,
            st.sampled_from(PLATE_PROVINCES),
            st.sampled_from("ABCDEFGHJKLMNOPQRSTUVWXYZ"),
            st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=5, max_size=5),
        ),
        max_size=50,
    )
)
def test_ordinary_plates_of_every_province_are_sound(read: Any, plates: list[str]) -> None:
    assert {r.failure for r in read("plate_no", plates)} <= {None}
