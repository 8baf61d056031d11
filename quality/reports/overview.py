"""The workbook's first sheet: what was delivered, what is to be done, what is done, the scores.

Belongs here: its four tables, which share their columns' widths.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized

from quality.reports.model import (
    DIMENSION_MEANINGS,
    DIMENSION_TEXTS,
    MODE_TEXTS,
    SEVERITY_TEXTS,
    STATE_TEXTS,
    Report,
    ReportedDelivery,
)
from quality.reports.sheets import Book, Sheet, severity_look
from quality.reports.texts import (
    balance_text,
    due_text,
    scores_text,
    summary_text,
    trend_text,
)
from quality.scores.items import percent

_WIDTHS = (11, 16, 28, 8, 12, 11, 9, 9, 10, 26, 30)


def write_overview(book: Book, report: Report) -> None:
    """Writes the sheet 概览."""
    sheet = Sheet.of(book, "概览", _WIDTHS)
    sheet.text(f"{report.agency_name} 数据质量报告", "title", 30)
    sheet.text(summary_text(report), "note", 20)
    if report.scores:
        sheet.text(scores_text(report), "note", 20)
    _delivered(sheet, report.deliveries)
    _open_tickets(sheet, report)
    _finished(sheet, report)
    _scores(sheet, report)


def _begin(sheet: Sheet, title: str, rows: Sized, without: str, *heads: str) -> None:
    """A table's title and the titles of its columns, or what is said where it has no rows."""
    sheet.row += 1
    sheet.text(title, "section", 20)
    if rows:
        sheet.head(*heads)
    else:
        sheet.text(without, "note")


def _delivered(sheet: Sheet, deliveries: Sequence[ReportedDelivery]) -> None:
    _begin(
        sheet, "一、报送情况", deliveries, "上次报告以来没有新的报送。",
        "批次", "数据集", "文件", "方式", "接收时间", "结果",
        "报送行数", "接收行数", "未接收行数", "核对", "说明",
    )  # fmt: skip
    for known in deliveries:
        sheet.line(
            known.delivery,
            known.dataset_name,
            known.file,
            MODE_TEXTS.get(known.mode or "", ""),
            known.received_at,
            STATE_TEXTS.get(known.state, known.state),
            known.delivered,
            known.accepted,
            known.rejected,
            balance_text(known),
            known.message,
        )


def _open_tickets(sheet: Sheet, report: Report) -> None:
    _begin(
        sheet, "二、待处理工单（按影响大小排列）", report.tickets, "没有待处理的工单。",
        "工单", "数据集", "问题", "性质", "质量维度", "办理期限",
        "待处理", "已更正", "反复", "影响的库表", "如何更正",
    )  # fmt: skip
    for row in report.tickets:
        sheet.write(0, row["ticket"])
        sheet.write(1, row["dataset_name"])
        sheet.write(2, row["message"])
        sheet.write(3, SEVERITY_TEXTS[row["severity"]], severity_look(row["severity"]))
        sheet.write(4, DIMENSION_TEXTS[row["dimension"]])
        sheet.write(5, due_text(row["due_on"], row["due_provisional"]))
        for column, count in enumerate(("open_count", "closed_count", "relapses"), start=6):
            sheet.write(column, row[count])
        sheet.write(9, row["harms"])
        sheet.write(10, row["how_to_correct"])
        sheet.end()


def _finished(sheet: Sheet, report: Report) -> None:
    _begin(
        sheet, "三、已更正并核验", report.finished, "上次报告以来没有核验通过的更正。",
        "工单", "数据集", "问题", "结果", "核验时间", "核验批次",
        "数量", "", "", "", "依据",
    )  # fmt: skip
    for row in report.finished:
        sheet.line(
            row.ticket,
            row.dataset_name,
            row.message,
            "已更正" if row.event == "closed" else "已撤回",
            row.finished_at,
            row.delivery,
            row.defects,
            "",
            "",
            "",
            row.reason,
        )


def _scores(sheet: Sheet, report: Report) -> None:
    _begin(
        sheet, "四、质量得分（截至报告时）", report.scores, "还没有可以计分的数据。",
        "维度", "类别", "说明", "得分", "合格数", "检查数", "不合格数", "比上次",
    )  # fmt: skip
    for each in report.scores:
        of_word = each.kind == "word"
        failed = None if each.asked is None or each.passed is None else each.asked - each.passed
        sheet.line(
            each.name,
            "办法第十六条" if of_word else "GB/T 36344",
            "各维度得分的平均，见“说明”" if of_word else DIMENSION_MEANINGS[each.id],
            percent(each.score),
            each.passed,
            each.asked,
            failed,
            trend_text(each),
        )
