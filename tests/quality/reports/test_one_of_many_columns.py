"""What an agency is told when a rule between datasets accuses one of several columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quality.between.model import BetweenRule, between_rules
from quality.reports.collect import Previous, collect, reporting
from quality.reports.corrections import correction_sheets
from quality.reports.model import DatasetSection
from quality.tickets import tickets
from tests.quality.reports.small_city import GOOD, SmallCity

FUND = "medical_insurance/fund_income"
MONTH: dict[str, str | None] = {
    "insurance_type": "310",
    "period": "2026-01",
    "division": "370303",
    "income": "123456",
    "other_income": "78.9",
}
MARRIAGES = "civil_affairs/marriages"
COUPLE: dict[str, str | None] = {
    "certificate_no": "J370303-2026-000001",
    "type": "1",
    "id_no_a": "370303198503170016",
    "name_a": "张三",
    "id_no_b": "370303198609120025",
    "name_b": "李四",
    "registered_on": "2026-01-05",
}


def between(name: str, ref: str, *columns: str) -> BetweenRule:
    """The declared rule, which accuses these columns of the dataset in this order."""
    (rule,) = [rule for rule in between_rules() if rule.name == name]
    assert rule.as_rule(ref).columns[: len(columns)] == columns
    return rule


def section(city: SmallCity) -> DatasetSection:
    with reporting(city.con) as cursor:
        found = collect(
            cursor,
            city.catalog,
            tickets(city.con, city.catalog),
            city.agency,
            city.now.date(),
            city.now,
            Previous(),
        )
    (only,) = found.sections
    return only


def key_of(city: SmallCity, row: int) -> str:
    ((key,),) = city.con.execute(
        f"select _key from held_by.{city.table} where _row = $1", [row]
    ).fetchall()
    return str(key)


def accused(city: SmallCity, rule: BetweenRule, *cells: tuple[int, str]) -> DatasetSection:
    """The section about the last delivery, of which these cells (row, column) stand accused."""
    for row, column in cells:
        city.accuse(rule.id, key_of(city, row), column, f"d{city.count:06d}", row)
    return section(city)


def test_only_the_accused_column_is_named_with_its_value_and_marked(tmp_path: Path) -> None:
    rule = between("magnitude", FUND, "income", "other_income")
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH)
    told = accused(city, rule, (1, "other_income"))
    (defect,) = told.defects
    assert (defect.column, defect.column_name) == ("other_income", "其中其他收入（万元）")
    assert defect.value == "78.9"
    assert defect.message == f"{rule.message}（与other_income比对不符）"
    (row,) = told.corrections[0].rows
    assert row.marks == {"other_income": f"{rule.message}。{rule.how_to_correct}"}


def test_each_of_two_accused_columns_has_its_own_value_and_mark(tmp_path: Path) -> None:
    rule = between("magnitude", FUND, "income", "other_income")
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH, MONTH | {"period": "2026-02", "income": "222222"})
    told = accused(city, rule, (1, "other_income"), (1, "income"), (2, "income"))
    assert [(each.row, each.column, each.value) for each in told.defects] == [
        (1, "income", "123456"),
        (1, "other_income", "78.9"),
        (2, "income", "222222"),
    ]
    mark = f"{rule.message}。{rule.how_to_correct}"
    assert [row.marks for row in told.corrections[0].rows] == [
        {"income": mark, "other_income": mark},
        {"income": mark},
    ]


def test_the_accused_columns_own_mask_hides_its_value(tmp_path: Path) -> None:
    rule = between("overlapping_marriage", MARRIAGES, "id_no_a", "id_no_b")
    city = SmallCity(tmp_path, MARRIAGES, "civil_affairs")
    city.deliver(COUPLE)
    told = accused(city, rule, (1, "id_no_b"))
    (defect,) = [each for each in told.defects if each.kind == "between"]
    assert (defect.column_name, defect.value) == ("女方公民身份号码", "3703**************")


def test_a_column_that_the_rule_no_longer_accuses_is_named_without_value(tmp_path: Path) -> None:
    rule = between("magnitude", FUND, "income", "other_income")
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH)
    (defect,) = accused(city, rule, (1, "retired")).defects
    assert (defect.column_name, defect.value) == ("retired", None)


def test_a_row_rule_of_several_columns_still_shows_them_all(tmp_path: Path) -> None:
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH | {"other_income": "200000"})
    told = section(city)
    (defect,) = told.defects
    assert defect.rule == "row.other_within_income"
    assert defect.column_name == "其中其他收入（万元）、基金收入（万元）"
    assert defect.value == "其中其他收入（万元）：200000；基金收入（万元）：123456"
    assert list(told.corrections[0].rows[0].marks) == ["other_income"]


@pytest.mark.parametrize(
    ("cells", "column", "column_name"),
    [
        ([(1, "other_income"), (2, "other_income")], "other_income", "其中其他收入（万元）"),
        ([(1, "other_income"), (2, "income")], "", ""),
    ],
)
def test_a_ticket_has_a_column_while_all_its_defects_are_in_it(
    tmp_path: Path, cells: list[tuple[int, str]], column: str, column_name: str
) -> None:
    rule = between("magnitude", FUND, "income", "other_income")
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH, MONTH | {"period": "2026-02"})
    accused(city, rule, *cells)
    (ticket,) = tickets(city.con, city.catalog).to_dicts()
    assert (ticket["column"], ticket["column_name"]) == (column, column_name)


@pytest.mark.parametrize(("column", "ends"), [("uscc", True), ("name", False)])
def test_the_old_key_is_ended_when_the_accused_column_is_of_the_key(
    tmp_path: Path, column: str, ends: bool
) -> None:
    city = SmallCity(tmp_path)
    delivery = city.deliver(GOOD)
    rule = replace(between_rules()[0].as_rule(city.ref), columns=("uscc", "name"))
    dataset = city.catalog.datasets[city.ref]
    with reporting(city.con) as cursor:
        cursor.execute(
            "create temp table shown as select $1 as delivery, 1 as row, 'between' as kind, "
            '$2 as rule, $3 as "column"',
            [delivery, rule.id, column],
        )
        (sheet,) = correction_sheets(cursor, dataset, (rule,), frozenset())
    (row,) = sheet.rows
    assert (list(row.marks), row.ends_key) == ([column], ends)
