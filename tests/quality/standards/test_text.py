from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.standards.formats import FORMATS
from quality.standards.text import NULL_WORDS

SLOW = settings(max_examples=25, deadline=None)

MESSY = st.text(
    st.sampled_from(
        "aZ09xX中国　 \t\n\u200b\ufeff\x01０Ａｚ（）()，,、-;'\"’N/A\\无·．．。年月日万元%"
    ),
    max_size=12,
)


def test_chinese_punctuation_and_brackets_of_running_text_stay(read: Any) -> None:
    scope = "零售预包装食品、乳制品（含婴幼儿配方乳粉），化肥；服务。"
    name = "淄博燕清美容美发有限公司三宿舍分公司（分店）"
    assert read("text", [scope])[0].value == scope
    assert read("entity_name", [name])[0].value == name


def test_full_width_letters_and_digits_of_running_text_are_normalised(read: Any) -> None:
    (found,) = read("text", ["张北路２８１号Ａ座２＃楼"])
    assert found.value == "张北路281号A座2＃楼"
    assert found.changes == ("fullwidth",)


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        (" 张店区 ", "张店区", ("blanks",)),
        ("柳泉路  1号", "柳泉路 1号", ("blanks",)),
        ("柳泉路　1号", "柳泉路 1号", ("blanks",)),
        ("第一行\r\n第二行", "第一行 第二行", ("blanks",)),
        ("淄\u200b博\ufeff", "淄博", ("invisible_characters",)),
        ("淄\x00博", "淄博", ("invisible_characters",)),
        ("柳泉路 1号", "柳泉路 1号", ()),
    ],
)
def test_blanks_and_invisible_characters_are_normalised_and_noted(
    read: Any, text: str, value: str, changes: tuple[str, ...]
) -> None:
    (found,) = read("text", [text])
    assert (found.value, found.changes) == (value, changes)


def test_padding_between_the_characters_of_a_chinese_name_is_dropped(read: Any) -> None:
    found = read("person_name", ["张　三", "欧 阳 修", "John  Smith", "阿凡提·买买提"])
    assert [r.value for r in found] == ["张三", "欧阳修", "John Smith", "阿凡提·买买提"]


def test_rare_characters_with_a_variation_selector_stay_as_they_are(read: Any) -> None:
    name = "葛\U000e0100某"
    assert read("person_name", [name])[0].value == name


@pytest.mark.parametrize("word", sorted(NULL_WORDS))
def test_null_words_become_null_and_a_defect_in_every_spelling(read: Any, word: str) -> None:
    found = read("text", [word, word.upper(), f" {word}　"])
    assert [(r.value, r.failure, r.changes) for r in found] == [(None, "null_word", ())] * 3


def test_a_blank_is_null_and_no_defect(read: Any) -> None:
    found = read("text", [None, "", "  ", "　", "\u200b"])
    assert [(r.value, r.failure, r.changes) for r in found] == [(None, None, ())] * 5


@pytest.mark.parametrize("text", ["无锡市", "空调", "NAN HAI", "A-B", "无线电"])
def test_words_that_contain_a_null_word_are_values(read: Any, text: str) -> None:
    assert read("text", [text])[0].value == text


@SLOW
@pytest.mark.parametrize(
    "format_id",
    ["text", "entity_name", "person_name", "uscc", "organization_code", "registration_no", "id_no",
     "phone", "code"],
)  # fmt: skip
@given(texts=st.lists(MESSY, max_size=20))
def test_normalising_twice_is_normalising_once(read: Any, format_id: str, texts: list[str]) -> None:
    once = read(format_id, texts)
    again = read(format_id, [r.value for r in once])
    assert [r.value for r in again] == [r.value for r in once]
    assert all(r.changes == () for r in again)


@SLOW
@pytest.mark.parametrize("format_id", sorted(FORMATS))
@given(texts=st.lists(st.one_of(st.none(), MESSY, st.text(max_size=20)), max_size=20))
def test_any_text_is_read_without_an_error_and_nothing_vanishes_without_a_word(
    read: Any, format_id: str, texts: list[str | None]
) -> None:
    found = read(format_id, texts, default_unit="元")
    for text, reading in zip(texts, found, strict=True):
        if reading.value is None and reading.failure is None:
            assert text is None or not any(c.isalnum() for c in text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86-13812345678", "13812345678"),
        ("0533-2182345", "05332182345"),
        ("（0533）2182345转801", "05332182345-801"),
        ("05332182345-801", "05332182345-801"),
        ("12345", "12345"),
    ],
)
def test_phone_numbers_are_one_run_of_digits(read: Any, text: str, value: str) -> None:
    (found,) = read("phone", [text])
    assert (found.value, found.failure) == (value, None)


@pytest.mark.parametrize("text", ["1381234567", "0533-21823", "张三"])
def test_what_is_no_phone_number_is_reported(read: Any, text: str) -> None:
    assert read("phone", [text])[0].failure == "form"
