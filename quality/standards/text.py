"""Cleaning of text: blanks, invisible characters, full-width forms, quotes, null words.

Belongs here: what is done to every value before its own standard is asked. What a cleaned value
must look like stands with its format.

Two depths. *Running text* (names, addresses, business scopes) keeps Chinese punctuation,
full-width brackets and commas included: 《标点符号用法》 GB/T 15834 prescribes them there, and a
registered name holds them by law. Only full-width letters and digits and the ideographic space
become half-width: they are typing accidents and break comparison. *Symbols* (codes, numbers, dates,
amounts) have no punctuation of that kind: all full-width forms become half-width, blanks and quotes
go altogether.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from catalog.models.elements import ElementType
from catalog.models.rules import Dimension
from quality.standards.reading import (
    NULL_WORD,
    Check,
    Context,
    Failures,
    Format,
    Notes,
    frame,
    in_order,
    is_true,
    noted,
    where_put,
)

NULL_WORDS: frozenset[str] = frozenset(
    (
        r"\n", "null", "(null)", "none", "nan", "nil", "na", "n/a", "undefined",
        "#n/a", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!",
        "-", "--", "---", "-;", ";", "/", "//", "\\", "—", "——", "－", "／",
        "暂无", "暂无数据", "无", "无数据", "空", "空值", "空白", "没有",
    )
)  # fmt: skip
"""Words that say "no value", in lower case (quality.md, defect 2; spreadsheet errors included)."""

INVISIBLE = (
    r"\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{17B4}\u{17B5}"
    r"\u{180E}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{3164}\u{FEFF}\u{FFA0}"
    r"\u{FFF9}-\u{FFFB}"
)
"""Control, zero-width and direction characters, as the inside of a character class. Variation
selectors stay: they distinguish rare characters in personal names."""

QUOTES = "'\"`‘’“”′"

_FULLWIDTH_ALPHANUMERIC = {
    chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code).isalnum()
}
FULLWIDTH_ALL = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-",
    "。": ".", "．": ".", "％": "%", "￥": "¥",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A depth of cleaning: which values need any, and the steps for those."""

    irregular: str
    """Matches every value that a step would change, that is blank, or that is a null word. Most
    columns match almost nowhere: one scan, and the steps see a handful of rows."""
    steps: tuple[tuple[str, Callable[[pl.Series], pl.Series]], ...]
    """Kind of normalisation and what is done, in order."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of normalisation that the steps can note."""
        return in_order(*(kind for kind, _ in self.steps))


def drop_invisible(text: pl.Series) -> pl.Series:
    return text.str.replace_all(f"[{INVISIBLE}]", "")


def _drop_blanks(text: pl.Series) -> pl.Series:
    return text.str.replace_all(r"\s", "")


def _collapse_blanks(text: pl.Series) -> pl.Series:
    return text.str.replace_all(r"\s+", " ").str.strip_chars(" ")


def _collapse_name_blanks(text: pl.Series) -> pl.Series:
    # 张　三: a blank between two Han characters only pads a name to the width of another one.
    # Twice, since matches of neighbouring characters overlap.
    padded = r"(\p{Han}) (\p{Han})"
    return _collapse_blanks(text).str.replace_all(padded, "$1$2").str.replace_all(padded, "$1$2")


def drop_quotes(text: pl.Series) -> pl.Series:
    return text.str.strip_chars(QUOTES)


def halfwidth(table: dict[str, str]) -> Callable[[pl.Series], pl.Series]:
    old, new = list(table), list(table.values())
    return lambda text: text.str.replace_many(old, new)


@cache
def null_word_pattern() -> str:
    """Matches a value that is one of the null words, whatever its case."""
    words = "|".join("".join(f"\\x{{{ord(c):X}}}" for c in word) for word in sorted(NULL_WORDS))
    return f"(?i:^(?:{words})$)"


def _running(blanks: Callable[[pl.Series], pl.Series], padding: str = "") -> Cleaning:
    unusual = f"[{INVISIBLE}０-９Ａ-Ｚａ-ｚ]"
    return Cleaning(
        rf"^$|^\s|\s$|  |[\s&&[^ ]]|{unusual}|{null_word_pattern()}{padding}",
        (
            ("invisible_characters", drop_invisible),
            ("fullwidth", halfwidth(_FULLWIDTH_ALPHANUMERIC)),
            ("blanks", blanks),
        ),
    )


RUNNING_TEXT = _running(_collapse_blanks)
PERSON_NAME = _running(_collapse_name_blanks, r"|\p{Han} \p{Han}")


def symbols(plain: str, *further: tuple[str, Callable[[pl.Series], pl.Series]]) -> Cleaning:
    """Cleaning for codes, numbers, dates: `plain` is the class of characters of a regular value."""
    return Cleaning(
        rf"^$|[^{plain}]|{null_word_pattern()}",
        (
            ("invisible_characters", drop_invisible),
            ("fullwidth", halfwidth(FULLWIDTH_ALL)),
            ("blanks", _drop_blanks),
            ("quote", drop_quotes),
            *further,
        ),
    )


UPPER_CASE = ("upper_case", lambda text: text.str.to_uppercase())


def clean(
    raw: pl.Series, cleaning: Cleaning, kept_words: frozenset[str] = frozenset()
) -> tuple[pl.Series, Notes, Failures]:
    """Cleaned text (null where blank or a null word), notes, and failure (0 or `NULL_WORD`).

    `kept_words` are null words that mean something in this column, such as a code's name.
    """
    notes = np.zeros(len(raw), np.uint32)
    failure = np.zeros(len(raw), np.uint8)
    irregular = is_true(raw.str.contains(cleaning.irregular))
    if not irregular.any():
        return raw, notes, failure
    text = raw.filter(irregular)
    some_notes, some_failures = np.zeros(len(text), np.uint32), np.zeros(len(text), np.uint8)
    spoken = _is_null_word(text, kept_words)
    text = _blanked(text, spoken)
    for kind, step in cleaning.steps:
        text = noted(text, step(text), some_notes, kind)
    # Again: `Ｎ／Ａ` or ` 无 ` is a null word only once it is clean.
    cleaned_spoken = _is_null_word(text, kept_words)
    text = _blanked(text, cleaned_spoken | is_true(text == ""))
    some_failures[spoken | cleaned_spoken] = NULL_WORD
    notes[irregular], failure[irregular] = some_notes, some_failures
    return where_put(raw, irregular, text), notes, failure


def _is_null_word(text: pl.Series, kept: frozenset[str]) -> np.typing.NDArray[np.bool_]:
    words = sorted(NULL_WORDS - kept)
    return is_true(text.str.to_lowercase().is_in(words))


def _blanked(text: pl.Series, where: np.typing.NDArray[np.bool_]) -> pl.Series:
    if not where.any():
        return text
    return text.set(pl.Series(where), None)


def _reader(cleaning: Cleaning) -> Callable[[pl.Series, Context], pl.DataFrame]:
    return lambda raw, _: frame(*clean(raw, cleaning))


TEXT = Format("text", "文本", _reader(RUNNING_TEXT), RUNNING_TEXT.kinds, (ElementType.TEXT,))
ENTITY_NAME = Format(
    "entity_name", "单位名称", _reader(RUNNING_TEXT), RUNNING_TEXT.kinds, (ElementType.TEXT,)
)
PERSON = Format("person_name", "姓名", _reader(PERSON_NAME), PERSON_NAME.kinds, (ElementType.TEXT,))


def _join_phone(text: pl.Series) -> pl.Series:
    """One run of digits, `-` before an extension; the mobile's +86 falls away."""
    joined = (
        text.str.replace(r"(?:转|#|(?i:ext))([0-9]{1,6})$", "~$1")
        .str.replace(r"([0-9]{7,8})-([0-9]{1,6})$", "$1~$2")
        .str.replace_all(r"[-()]", "")
        .str.replace(r"^\+?(?:0086|86)(1[3-9]|0[1-9])", "$1")
        # What is left is too short to have an extension.
        .str.replace(r"^(\+?[0-9]{0,6})~", "$1")
        .str.replace("~", "-", literal=True)
    )
    # What is no telephone number at all is not tidied up as if it were one.
    return joined.zip_with(
        text.str.contains(r"^\+?[0-9()-]+(?:(?:转|#|(?i:ext))[0-9]{1,6})?$"), text
    )


PHONE_CLEANING = symbols("0-9", ("separator", _join_phone))
PHONE_FORM = (
    r"^(?:1[3-9][0-9]{9}|(?:0[0-9]{2,3})?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?|[48]00[0-9]{7}"
    r"|1[0-9]{2,4}|9[0-9]{4})$"
)
"""Mobile; landline with or without area code and extension; 400/800; service numbers."""


def _read_phone(raw: pl.Series, _: Context) -> pl.DataFrame:
    text, notes, failure = clean(raw, PHONE_CLEANING)
    failure[~is_true(text.str.contains(PHONE_FORM) | text.is_null())] = PHONE.failure_of("form")
    return frame(text, notes, failure)


PHONE = Format(
    "phone",
    "电话号码",
    _read_phone,
    PHONE_CLEANING.kinds,
    (ElementType.TEXT,),
    (Check("form", "{name}不是完整的手机号或固定电话号码", Dimension.CONFORMITY),),
)
