"""Patterns of texts."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from quality.profiles.shapes import LONGEST, patterns

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST), max_size=8)


def of(*texts: str) -> list[str]:
    return patterns(pl.Series(texts, dtype=pl.String)).to_list()


def test_digits_letters_and_han_are_told_apart_and_signs_are_kept() -> None:
    assert of("91370303MA3E", "2026-09-30", "张店区 8号", "") == [
        "99999999AA9A", "9999-99-99", "汉汉汉 9汉", "",
    ]  # fmt: skip


def test_full_width_forms_other_scripts_and_numerals_show_no_letter() -> None:
    assert of("Ａ１", "é한", "〇々", "Ⅳ") == ["A9", "AA", "汉汉", "9"]


def test_a_line_break_is_a_control_and_no_second_text() -> None:
    assert of("a\nb", "c") == ["A␀A", "A"]


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert of("a" * LONGEST, "a" * (LONGEST + 1)) == ["A" * LONGEST, "A" * LONGEST + "…"]


@given(TEXTS)
def test_there_is_one_pattern_a_text_as_long_as_it_and_a_pattern_is_its_own(
    texts: list[str],
) -> None:
    told = of(*texts)
    assert [len(shape) for shape in told] == [len(text) for text in texts]
    assert of(*told) == told
