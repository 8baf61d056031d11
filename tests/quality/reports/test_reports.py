"""What an agency finds in its outbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from quality.reports import ReportSummary, write_reports
from quality.reports.collect import Previous, collect, reporting
from quality.reports.document import SCHEMA_FILE, document
from quality.tickets import tickets
from tests.quality.reports.small_city import AGENCY, GOOD, SmallCity

NO_NAME = GOOD | {"name": None}
FORMULA = GOOD | {"uscc": "91370303MA3CFB0F8X", "name": '=HYPERLINK("http://x")'}


def report(city: SmallCity) -> ReportSummary:
    (summary,) = write_reports(
        city.con, city.catalog, city.folder / "outbox", city.now.date(), city.now
    )
    return summary


def sheet_of(summary: ReportSummary, name: str, file: str = "quality-report.xlsx") -> Worksheet:
    sheet = load_workbook(summary.folder / file)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def table(sheet: Worksheet, head: str) -> list[dict[str, Any]]:
    """Rows below the row whose first cell is `head`, up to the first empty one."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == head)
    found = []
    for row in rows[start + 1 :]:
        if not any(row):
            break
        found.append(dict(zip([str(title) for title in rows[start]], row, strict=True)))
    return found


def told(summary: ReportSummary) -> Any:
    return json.loads((summary.folder / "quality-report.json").read_text(encoding="utf-8"))


def test_each_wrong_row_is_named_by_file_line_key_and_column_with_what_to_do(
    tmp_path: Path,
) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD | {"uscc": "91370303MA3CFB1G24"}, NO_NAME)
    (row,) = table(sheet_of(report(city), "问题明细"), "工单")
    assert row["文件"] == "经营主体.csv"
    assert (row["文件行号"], row["第几条"]) == (3, 2)
    assert (row["主键"], row["栏目"]) == (GOOD["uscc"], "企业名称")
    assert (row["发现的值"], row["性质"]) == ("（空）", "错误")
    assert "必填" in row["问题"]
    assert row["正确示例"] and row["如何更正"] and row["依据"]
    assert (row["办理期限"], row["批次"]) == ("2026-03-09", "d000001")


def test_what_is_noted_of_a_row_is_of_the_file_in_which_it_stands_now(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    for rows, others in (([GOOD | {"uscc": "91370303MA3CFB1G24"}, NO_NAME], 9), ([NO_NAME], 7)):
        delivery, key = city.deliver(*rows), str(NO_NAME["uscc"])
        note = ("note", "name.required", key, len(rows), None, f"与第 {others} 行重复", "name")
        city.find(delivery, *note)
    found = table(sheet_of(report(city), "问题明细"), "工单")
    told = [row for row in found if row["栏目"] == "企业名称"]
    assert [(row["批次"], row["文件行号"], row["问题"]) for row in told] == [
        ("d000002", 2, "与第 7 行重复")
    ]


def test_the_overview_states_the_balance_of_each_delivery(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD, rejects=["a,b,c"])
    (row,) = table(sheet_of(report(city), "概览"), "批次")
    assert (row["报送行数"], row["接收行数"], row["未接收行数"]) == (2, 1, 1)
    assert row["核对"] == "平衡（报送＝接收＋未接收）"


def test_a_refused_delivery_is_reported_with_its_reason(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(state="refused", message="文件“经营主体.csv”是空的")
    summary = report(city)
    (row,) = table(sheet_of(summary, "概览"), "批次")
    assert (row["结果"], row["说明"]) == ("已退回", "文件“经营主体.csv”是空的")
    (defect,) = table(sheet_of(summary, "问题明细"), "工单")
    assert defect["问题"] == "文件“经营主体.csv”是空的"


def test_unreadable_records_are_listed_with_line_and_text(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD, rejects=["=1+1,b,c"])
    (row,) = table(sheet_of(report(city), "无法读取的行"), "工单")
    assert (row["文件行号"], row["第几条"], row["原因"]) == (3, 2, "栏数与表头不一致")
    assert row["原文（最多 300 字）"] == "=1+1,b,c"


def test_a_value_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(FORMULA, rejects=["=1+1", "+1", "-1", "@x"])
    summary = report(city)
    for file in ("quality-report.xlsx", "correction-market_supervision-business_entities.xlsx"):
        for sheet in load_workbook(summary.folder / file).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    if str(cell.value).startswith(("=", "+", "-", "@")):
                        assert cell.quotePrefix


def test_the_correction_file_holds_the_row_as_delivered_and_marks_what_to_correct(
    tmp_path: Path,
) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD, FORMULA)
    file = "correction-market_supervision-business_entities.xlsx"
    summary = report(city)
    sheet = sheet_of(summary, "更正表", file)
    ending, row = table(sheet, "操作类型")
    assert (row["操作类型"], row["企业名称"]) == ("修改", FORMULA["name"])
    assert "币种" not in row
    assert {name: value for name, value in ending.items() if value} == {
        "操作类型": "删除", "统一社会信用代码": FORMULA["uscc"],
    }  # fmt: skip
    marked = [cell for cell in sheet[3] if cell.comment]
    assert [cell.value for cell in marked] == [FORMULA["uscc"]]
    assert "经营主体.csv 第 3 行" in marked[0].comment.text
    assert all(cell.number_format == "@" for cell in sheet[3])
    manifest = json.loads((summary.folder / f"{file}.manifest.json").read_text())
    assert manifest == {"mode": "increment"}


def test_values_of_grade_three_and_above_are_masked_everywhere(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    element = city.catalog.elements["uscc"].model_copy(update={"grade": 3, "mask": "hidden"})
    elements = dict(city.catalog.elements) | {"uscc": element}
    city.catalog = replace(city.catalog, elements=elements, _codes={})
    city.deliver(FORMULA, NO_NAME, rejects=[f"{GOOD['uscc']},x"])
    summary = report(city)
    for file in summary.folder.glob("*.xlsx"):
        for sheet in load_workbook(file).worksheets:
            shown = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
            assert not any(FORMULA["uscc"] in text or GOOD["uscc"] in text for text in shown)
    for name in ("quality-report.json", "digest.md"):
        text = (summary.folder / name).read_text(encoding="utf-8")
        assert FORMULA["uscc"] not in text
        assert GOOD["uscc"] not in json.dumps(
            told(summary)["datasets"][0]["rejects"], ensure_ascii=False
        )
    assert {row["key"] for row in told(summary)["datasets"][0]["defects"]} == {"***"}


def test_what_the_next_delivery_corrects_is_reported_once_with_its_proof(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    report(city)
    city.deliver(GOOD)
    summary = report(city)
    assert (summary.errors, summary.corrected) == (0, 1)
    (row,) = [row for row in table(sheet_of(summary, "概览"), "工单")]
    assert (row["结果"], row["核验批次"], row["数量"]) == ("已更正", "d000002", 1)
    digest = (summary.folder / "digest.md").read_text(encoding="utf-8")
    assert "## 已更正并核验" in digest
    assert "在批次 d000002 中已更正并通过校验" in digest
    assert (
        write_reports(city.con, city.catalog, tmp_path / "outbox", date(2026, 3, 9), city.now) == []
    )


def test_a_second_report_of_the_same_day_still_tells_what_the_first_told(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    report(city)
    city.deliver(GOOD)
    first = report(city)
    document_before = told(first)
    workbook_before = (first.folder / "quality-report.xlsx").read_bytes()
    again = report(city)
    assert told(again) == document_before
    assert (again.folder / "quality-report.xlsx").read_bytes() == workbook_before
    assert not list(again.folder.glob("correction-*"))


def test_a_limit_shows_some_of_every_rule_and_states_both_numbers(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    others = [GOOD | {"uscc": f"9137030{n}MA3CFB0F80"} for n in range(8) if n != 3]
    city.deliver(*others, NO_NAME)
    with reporting(city.con) as cursor:
        found = collect(
            cursor,
            city.catalog,
            tickets(city.con, city.catalog),
            AGENCY,
            city.now.date(),
            city.now,
            Previous(),
            limit=3,
        )
    (section,) = found.sections
    assert (section.shown, section.total) == (3, sum(row["open_count"] for row in found.tickets))
    assert "name.required" in {row.rule for row in section.defects}
    assert {"total": section.total, "shown": 3}.items() <= document(found)["datasets"][0].items()


def test_the_document_is_what_its_published_schema_says(tmp_path: Path) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME, GOOD | {"uscc": None}, rejects=["坏行"])
    first = told(report(city))
    city.deliver(GOOD)
    city.deliver(state="held", message="将删除 30% 的主键")
    for content in (first, told(report(city))):
        assert content["$schema"] == schema["$id"]
        jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(first | {"open_errors": -1}, schema)


def test_an_agency_without_news_or_open_defects_gets_no_report(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD)
    written = write_reports(
        city.con, city.catalog, tmp_path / "outbox", city.now.date(), city.now, ["statistics"]
    )
    assert written == []
    assert not (tmp_path / "outbox" / "statistics").exists()


def test_what_a_report_has_told_is_no_reason_for_the_next_days_report(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD)
    assert report(city).deliveries == 1
    next_day = city.now + timedelta(days=1)
    written = write_reports(
        city.con, city.catalog, tmp_path / "outbox", next_day.date(), next_day, [AGENCY]
    )
    assert written == []


def card(number: int, **figures: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "no": 10 * number + place, "at": datetime(2026, 3, number), "level": "agency",
            "subject": AGENCY, "agency": AGENCY, "dimension": dimension, "rules": 3,
            "passed": passed, "asked": asked,
        }
        for place, (dimension, (passed, asked)) in enumerate(figures.items())
    ]  # fmt: skip


def test_the_overview_tells_each_score_with_a_and_b_and_how_it_stands_to_the_last_report(
    tmp_path: Path,
) -> None:
    city = SmallCity(tmp_path)
    score = partial(city.insert, "quality.main.scores")
    score(pl.DataFrame(card(1, completeness=(999, 1000), accuracy=(9, 10), timeliness=(0, 0))))
    city.deliver(NO_NAME)
    first = table(sheet_of(report(city), "概览"), "维度")
    shown = {
        row["维度"]: (row["得分"], row["合格数"], row["检查数"], row["比上次"]) for row in first
    }
    assert shown["完整性"] == ("99.90%", 999, 1000, None)
    assert shown["时效性"] == ("—", 0, 0, None)
    # The word and its two dimensions: nothing was asked of consistency, so accuracy stands alone.
    words = {row["维度"]: row["得分"] for row in first if row["类别"] == "办法第十六条"}
    assert words == {"完整性": "99.90%", "准确性": "90.00%", "时效性": "—", "可用性": "—"}
    score(pl.DataFrame(card(2, completeness=(1000, 1000), accuracy=(8, 10), timeliness=(0, 0))))
    city.deliver(NO_NAME)
    summary = report(city)
    second = {row["维度"]: row["比上次"] for row in table(sheet_of(summary, "概览"), "维度")}
    assert second["完整性"] == "上升 0.10 个百分点"
    assert second["准确性"] == "下降 10.00 个百分点"
    digest = (summary.folder / "digest.md").read_text(encoding="utf-8")
    assert "质量得分：完整性 100.00%（比上次上升 0.10 个百分点），准确性 80.00%" in digest
    document_scores = {each["id"]: each for each in told(summary)["scores"]}
    assert document_scores["accuracy"] == {
        "kind": "dimension", "id": "accuracy", "name": "准确性", "passed": 8, "asked": 10,
        "score": 0.8, "previous": 0.9,
    }  # fmt: skip
    jsonschema.validate(told(summary), json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def test_an_agency_of_which_nothing_was_asked_is_told_of_no_score(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    summary = report(city)
    assert told(summary)["scores"] == []
    assert "质量得分：" not in (summary.folder / "digest.md").read_text(encoding="utf-8")
