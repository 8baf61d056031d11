"""Elements: what their type allows. Each on a small catalogue broken in one place."""

from __future__ import annotations

from ..conftest import ELEMENTS, each_of

BROKEN = {
    "code without table": (
        ELEMENTS, "  code_table: sex\n", "", "[1](sex).code_table", "空", None,
    ),
    "unknown table": (
        ELEMENTS, "code_table: sex", "code_table: sexes", "[1](sex).code_table", "sexes", None,
    ),
    "list of codes of a number": (
        ELEMENTS, "  scale: 1", "  scale: 1\n  format: code_list",
        "[2](weight).format", "code_list", None,
    ),
    "scale of a date": (
        ELEMENTS, '  earliest: "1949-10-01"', "  scale: 2", "[3](seen_on).scale", "2", None,
    ),
    "range of a code": (
        ELEMENTS, "  code_table: sex", "  code_table: sex\n  minimum: 1",
        "[1](sex).minimum", "type 为 code", None,
    ),
    "empty range": (
        ELEMENTS, "maximum: 500", "maximum: -1", "[2](weight).minimum", "0.0", None,
    ),
    "earliest that is no date": (
        ELEMENTS, "1949-10-01", "1949-10", "[3](seen_on).earliest", "1949-10", None,
    ),
    "pattern with look-ahead": (
        ELEMENTS, "  format: id_no", "  pattern: (?=a)b", "[0](id_no).pattern", "(?=a)b", None,
    ),
    "earliest written otherwise": (
        ELEMENTS, "1949-10-01", "19491001", "[3](seen_on).earliest", "19491001", None,
    ),
    "limit that is no number": (
        ELEMENTS, "maximum: 500", "maximum: .inf", "[2](weight).maximum", "inf", None,
    ),
    "pattern that the engines read apart": (
        ELEMENTS, "  format: id_no", "  pattern: '\\d{17}[0-9X]'",
        "[0](id_no).pattern", "\\d{17}[0-9X]", None,
    ),
    "source that is half a reference": (
        ELEMENTS, "{dataset: health/patients, column: id_no}", "{dataset: health/patients}",
        "[0](id_no).source.column", "缺少此项", None,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)
