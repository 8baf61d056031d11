"""Columns: elements, headers, grades, derivation. Each on a small catalogue broken in one place."""

from __future__ import annotations

from ..conftest import PATIENTS, each_of

BROKEN = {
    "unknown element": (
        PATIENTS, "element: weight", "element: mass", "columns[2](weight).element", "mass", 8,
    ),
    "grade below its columns'": (
        PATIENTS, "security_grade: 4", "security_grade: 2",
        "security_grade", "2 级，而 id_no 列为 4 级", 8,
    ),
    "unit on a column without money": (
        PATIENTS, "element: weight", "element: weight, default_unit: 元",
        "columns[2](weight).default_unit", "数据元 weight 的格式为 空", None,
    ),
    "column twice": (
        PATIENTS, "{id: sex, name: 性别", "{id: id_no, name: 性别",
        "columns[1](id_no).id", "id_no", None,
    ),
    "reserved word": (
        PATIENTS, "{id: weight, name: 体重", "{id: primary, name: 体重",
        "columns[2](primary).id", "primary", None,
    ),
    "alias of two columns, full-width and spaced": (
        PATIENTS, "element: weight", "element: weight, aliases: [身份 号码]",
        "columns[2](weight).aliases", "表头“身份 号码”也指 id_no 列", None,
    ),
    "operation column that is a column": (
        PATIENTS, "mode: snapshot", "mode: snapshot\noperation_column: 性别",
        "operation_column", "“性别”是 sex 列的表头", None,
    ),
    "ignored header that is a column": (
        PATIENTS, "requires: [weight]", "requires: [weight], ignores: [体重]",
        "shapes[0].ignores", "“体重”是 weight 列的表头", None,
    ),
    "derived from nothing": (
        PATIENTS, "element: sex}", "element: sex, derived: {column: card, part: sex}}",
        "columns[1](sex).derived.column", "card", None,
    ),
    "dated by nothing": (
        PATIENTS, "element: sex}", "element: sex, dated_by: day}",
        "columns[1](sex).dated_by", "day", None,
    ),
    "dated by what is no date": (
        PATIENTS, "element: sex}", "element: sex, dated_by: weight}",
        "columns[1](sex).dated_by", "weight 不是日期、时间或期间", None,
    ),
    "dated without being a code": (
        PATIENTS, "element: weight", "element: weight, dated_by: id_no",
        "columns[2](weight).dated_by", "数据元 weight", None,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)
