"""Code tables' rows, and what is taken from them. Each on a small catalogue broken in one place."""

from __future__ import annotations

from ..conftest import ELEMENTS, PATIENTS, SEX, each_of

BROKEN = {
    "shape's constant outside the code table": (
        PATIENTS, 'constants: {sex: "1"}', 'constants: {sex: "3"}',
        "shapes[0](plain).constants.sex", "3", None,
    ),
    "example outside the range": (
        ELEMENTS, '"61.5"', '"615"', "[2](weight).example", "615", None,
    ),
    "example outside the code table": (
        ELEMENTS, 'example: "1"', 'example: "3"', "[1](sex).example", "3", None,
    ),
    "code twice": (SEX, "2,女性", "1,女性", "code 1", "同一时期出现多次", None),
    "alias of two codes": (SEX, "2,女性,女", "2,女性,男", "code 1", "别名“男”也指 2", None),
    "nameless code": (SEX, "2,女性,女", "2,,女", "第 3 行 name", "空", None),
    "date of validity": (SEX, "1,男性,男,,", "1,男性,男,1984,", "第 2 行 valid_from", "1984", None),
    "validity backwards": (
        SEX, "1,男性,男,,", "1,男性,男,1990-01-01,1984-01-01",
        "第 2 行 valid_to", "1984-01-01", None,
    ),
    "short row": (SEX, "2,女性,女,,", "2,女性", "第 3 行", "列数与表头不符", None),
    "header of a code table": (SEX, "code,name", "代码,name", "表头",
        "表头为 代码,name,aliases,valid_from,valid_to", None),
    "example with a fraction where the number is whole": (
        ELEMENTS, "type: decimal\n  scale: 1", "type: integer", "[2](weight).example", "61.5", None,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


def test_a_code_may_return_in_another_period(small):
    small.write(
        SEX,
        "code,name,aliases,valid_from,valid_to\n"
        "1,男性,男,,1999-12-31\n"
        "1,男,,2000-01-01,\n"
        "2,女性,,,\n",
    )
    assert small.findings() == ()


def test_a_code_file_that_no_table_declares_is_a_finding(small):
    small.write("codes/colours.csv", "code,name\n1,红\n")
    (finding,) = small.findings()
    assert (finding.file, finding.found) == ("codes/colours.csv", "未登记")


def test_a_condition_that_compares_a_code_with_none_of_its_table_is_a_finding(small):
    small.edit(PATIENTS, "sex in ('1', '2')", "sex in ('1', 'M')")
    (finding,) = small.findings()
    assert finding.field == "rules[0](weight_known).check"
    assert finding.found == "sex 与 'M' 相比"


def test_a_code_table_may_be_declared_in_any_yaml_file_of_its_folder(small):
    text = (small.root / "codes/tables.yaml").read_text(encoding="utf-8")
    (small.root / "codes/tables.yaml").unlink()
    small.write("codes/people.yaml", text)
    assert small.findings() == ()
