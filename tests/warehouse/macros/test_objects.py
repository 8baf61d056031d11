"""The macros of things and periods: published samples, and python-stdnum as an oracle."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import casrn


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(10_000, 9_999_999_999), min_size=1, max_size=40))
def test_cas_numbers_are_judged_as_stdnum_does(answers: Any, numbers: list[int]) -> None:
    texts = [casrn.compact(str(number)) for number in numbers]
    texts += [text[:-1] + casrn.calc_check_digit(text[:-1]) for text in texts]
    assert answers("cas_no_is_valid", texts) == [casrn.is_valid(text) for text in texts]


def test_a_cas_number_needs_its_hyphens_here(answers: Any) -> None:
    assert answers("cas_no_is_valid", ["7732-18-5", "7732185", "水", ""]) == [True] + [False] * 3


def test_a_real_estate_unit_without_a_fixture_has_no_number_of_one(answers: Any) -> None:
    cases = {
        "370105012002GB00001F00010751": (True, True, True),
        "370303001001JC00001W00000000": (True, True, True),
        "370303001001JC00001W00000001": (True, False, True),
        "380303001001GB00001F00010001": (True, True, False),
        "370303001001GB00001F0001000": (False, True, True),
    }
    macros = ("is_valid", "fixture_agrees", "division_known")
    found = [answers(f"real_estate_unit_no_{macro}", list(cases)) for macro in macros]
    assert dict(zip(cases, zip(*found, strict=True), strict=True)) == cases


def test_diagnoses_plates_and_periods_have_their_forms(answers: Any) -> None:
    forms = {
        "icd10_is_valid": ("I10 A00.0 I10.x00x002 A18.0+", "a00 I1 I10. I10.X05 高血压"),
        "plate_no_is_valid": (
            "鲁C12345 鲁CD12345 鲁C12345D 鲁C1234学 粤Z1234港",
            "鲁C1234 鲁CI2345 鲁C123456 AB12345 C12345",
        ),
        "period_is_valid": ("2026 2026Q4 2026-12 1949", "2026Q5 2026-13 2026-1 1948 2099 202609"),
    }
    for macro, (right, wrong) in forms.items():
        assert set(answers(macro, right.split())) == {True}, macro
        assert set(answers(macro, [*wrong.split(), ""])) == {False}, macro


def test_a_period_begins_on_its_first_day(answers: Any) -> None:
    found = answers("period_first_day", ["2026", "2026Q3", "2026-09", "2026-13", "九月"])
    assert found == [date(2026, 1, 1), date(2026, 7, 1), date(2026, 9, 1), None, None]


def test_a_missing_number_is_neither_right_nor_wrong(shell: Any) -> None:
    formats = ("cas_no", "real_estate_unit_no", "icd10", "plate_no", "period")
    query = ", ".join(f"{name}_is_valid(v)" for name in formats)
    row = shell.execute(f"select {query} from (select null::varchar as v)").fetchone()
    assert row == (None,) * len(formats)
