"""The reading macros: blanks, null words, full-width forms."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from quality.standards.text import NULL_WORDS


def those_that(con: duckdb.DuckDBPyConnection, macro: str, values: list[str]) -> set[str]:
    """The values for which the macro is true."""
    query = f"select v from (select unnest($1) as v) where {macro}(v)"
    return {row[0] for row in con.execute(query, [values]).fetchall()}


def test_the_null_words_are_those_of_the_row_rules(shell: duckdb.DuckDBPyConnection) -> None:
    definition = shell.execute(
        "select macro_definition from duckdb_functions()"
        " where function_name = 'is_listed_null_word'"
    ).fetchone()
    assert definition is not None
    listed = {word for word in NULL_WORDS if f"'{word}'" in definition[0]}
    assert listed == NULL_WORDS
    assert definition[0].count("', '") + 1 == len(NULL_WORDS)


def test_every_null_word_is_recognised_in_running_text_and_in_symbols(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    words = sorted(NULL_WORDS)
    assert those_that(shell, "is_null_word", words) == set(words)
    assert those_that(shell, "is_null_symbol", words) == set(words)


def test_case_width_and_blanks_around_do_not_hide_a_null_word(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    words = [" 无\u3000", "ＮＵＬＬ", "N/A\n", "\u200b暂无\ufeff", "None"]
    assert those_that(shell, "is_null_word", words) == set(words)


def test_in_codes_and_numbers_blanks_within_quotes_and_full_width_signs_do_not_either(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    words = ["暂 无", "“无”", "'N/A'", "Ｎ／Ａ", "－－", "# N/A"]
    assert those_that(shell, "is_null_symbol", words) == set(words)
    assert those_that(shell, "is_null_word", words) == set()


def test_a_word_with_anything_else_in_it_is_a_value(shell: duckdb.DuckDBPyConnection) -> None:
    values = ["无锡", "空调", "0", "-1", "数据", "No", "无 无", "淄博市"]
    assert those_that(shell, "is_null_word", values) == set()
    assert those_that(shell, "is_null_symbol", values) == set()


def test_blank_is_nothing_but_blanks_and_invisible_characters(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    blank = ["", " ", "\u3000\t\n", "\u200b", "\xa0\ufeff", "\x00"]
    assert those_that(shell, "is_blank", [*blank, "a", "　张", "0", "-"]) == set(blank)
    assert shell.execute("select is_blank(null), is_null_word(null)").fetchone() == (True, None)


def test_running_text_keeps_chinese_punctuation_and_symbols_lose_it(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    row = shell.execute(
        "select running_text($1), symbol_text($1)", [" ＡＢ（１２）\u3000\u200b “甲，乙” "]
    ).fetchone()
    assert row == ("AB（12） “甲，乙”", "AB(12)“甲,乙")


def test_names_that_differ_only_in_writing_are_one_plain_name(
    answers: Callable[[str, list[str]], list[object]],
) -> None:
    same = [
        "淄博川泽(山东)公司",
        "淄博川泽（山东）公司",
        "淄博 川泽〔山东〕公司",
        "淄博·川泽【山东】公司",
    ]
    assert set(answers("plain_name", same)) == {"淄博川泽(山东)公司"}
    assert answers("plain_name", ["ＡＢ店", "ab店（个体工商户）", "店(个体工商户)甲"]) == [
        "AB店", "AB店", "店(个体工商户)甲",
    ]  # fmt: skip
