"""The report as a workbook for a clerk: overview, defects, correction sheets, unreadable records.

Belongs here: the sheets and their columns. What stands in them is gathered in `collect`, how a cell
is written stands in `sheets`.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from quality.reports.form import write_form
from quality.reports.model import SEVERITY_TEXTS, CorrectionSheet, Report
from quality.reports.overview import write_overview
from quality.reports.sheets import Book, Sheet, severity_look
from quality.reports.texts import explanations, value_text

_DEFECTS = (11, 6, 20, 7, 9, 20, 12, 19, 28, 26, 19, 24, 20, 8, 12, 10)
_DEFECTS_PRINTED = 11
"""Columns of 问题明细 that are printed: all of them on one page's width are too small to read."""
_DIVERGENCES = (22, 20, 22, 9, 24, 24, 24, 30, 9)
_REJECTS = (11, 16, 24, 8, 9, 8, 30, 44, 9)


def write_workbook(report: Report, path: Path) -> None:
    """Writes `quality-report.xlsx`. The same report gives the same file."""
    with _open(report, path) as workbook:
        book = Book(workbook)
        write_overview(book, report)
        _defects(book, report)
        for name, form in zip(_form_names(report), _forms(report), strict=True):
            write_form(book, name, form)
        _rejects(book, report)
        if report.divergences.total:
            _divergences(book, report)
        _explanation(book, report)


def write_correction_file(report: Report, form: CorrectionSheet, path: Path) -> None:
    """Writes one correction sheet as a workbook of its own, ready to be delivered."""
    with _open(report, path) as workbook:
        write_form(Book(workbook), "更正表", form)


def _open(report: Report, path: Path) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {"title": f"{report.agency_name}数据质量报告 {report.date}", "created": report.at}
    )
    return book


def _forms(report: Report) -> list[CorrectionSheet]:
    return [form for section in report.sections for form in section.corrections if form.rows]


def _form_names(report: Report) -> list[str]:
    """Sheet names: at most 31 characters, none twice, none of []:*?/\\."""
    names: list[str] = []
    for form in _forms(report):
        bare = "".join("_" if sign in "[]:*?/\\'" else sign for sign in form.dataset_name)
        name = f"更正表 {bare[:20]}"
        taken = sum(known == name or known.startswith(f"{name} (") for known in names)
        names.append(f"{name} ({taken + 1})" if taken else name)
    return names


def _defects(book: Book, report: Report) -> None:
    sheet = Sheet.of(book, "问题明细", _DEFECTS)
    total = sum(section.total for section in report.sections)
    shown = sum(len(section.defects) for section in report.sections)
    rejects = sum(len(section.rejects) for section in report.sections)
    sheet.text(
        f"待处理问题共 {total:,} 个，本表列出 {shown:,} 个"
        + (f"，“无法读取的行”列出 {rejects:,} 个" if rejects else "")
        + "。发现的值按安全级别脱敏；行号为所在批次原文件的行号。打印时只印到“正确示例”一栏。",
        "note",
    )
    head = sheet.row
    sheet.head(
        "工单", "性质", "文件", "工作表", "文件行号", "主键", "栏目", "发现的值", "问题",
        "如何更正", "正确示例", "依据", "数据集", "第几条", "办理期限", "批次",
    )  # fmt: skip
    for section in report.sections:
        for row in section.defects:
            sheet.write(0, row.ticket)
            sheet.write(1, SEVERITY_TEXTS[row.severity], severity_look(row.severity))
            sheet.write(2, row.file)
            sheet.write(3, row.sheet)
            sheet.write(4, row.line, "plain_number")
            told = (
                row.key, row.column_name, value_text(row.kind, row.value), row.message,
                row.how_to_correct, row.example, row.standard, section.dataset_name,
            )  # fmt: skip
            for column, text in enumerate(told, start=5):
                sheet.write(column, text)
            sheet.write(13, row.row, "plain_number")
            sheet.write(14, row.due_on)
            sheet.write(15, row.delivery)
            sheet.end()
    sheet.freeze_below(head)
    sheet.print_columns(_DEFECTS_PRINTED)


def _rejects(book: Book, report: Report) -> None:
    sheet = Sheet.of(book, "无法读取的行", _REJECTS)
    shown = sum(len(section.rejects) for section in report.sections)
    if not shown:
        sheet.text("没有无法读取的行。", "note")
        return
    sheet.text(
        f"以下 {shown:,} 行无法按文件格式读取，没有入库。请按行号在原文件中查看并改正。",
        "note",
    )
    head = sheet.row
    sheet.head(
        "工单",
        "数据集",
        "文件",
        "工作表",
        "文件行号",
        "第几条",
        "原因",
        "原文（最多 300 字）",
        "批次",
    )
    for section in report.sections:
        for row in section.rejects:
            for column, text in enumerate((row.ticket, section.dataset_name, row.file, row.sheet)):
                sheet.write(column, text)
            sheet.write(4, row.line, "plain_number")
            sheet.write(5, row.row, "plain_number")
            sheet.write(6, row.message)
            hidden = f"（含敏感栏目，不显示原文，共 {row.characters} 字）" if row.characters else ""
            sheet.write(7, hidden if row.text is None else row.text)
            sheet.write(8, row.delivery)
            sheet.end()
    sheet.freeze_below(head)


def _divergences(book: Book, report: Report) -> None:
    sheet = Sheet.of(book, "与标准源不一致", _DIVERGENCES)
    told = report.divergences
    sheet.text(
        f"以下各值与标准源不一致，共 {told.total:,} 处，列出 {len(told.listed):,} 处。"
        "基础库以标准源为准；"
        f"请核对：贵单位的值有误的，请更正；标准源有误的，请告知{report.bureau_name}。值按安全级别脱敏。",
        "note",
    )
    head = sheet.row
    sheet.head(
        "数据集", "栏目", "文件", "第几条", "主体（基础库主键）", "贵单位的值", "标准源的值",
        "标准源", "批次",
    )  # fmt: skip
    for each in told.listed:
        sheet.line(
            each.dataset_name,
            each.column_name,
            each.file,
            str(each.row),
            each.key,
            each.value,
            each.standard_value,
            f"{each.standard_agency}《{each.standard_dataset}》",
            each.delivery,
        )
    sheet.freeze_below(head)


def _explanation(book: Book, report: Report) -> None:
    sheet = Sheet.of(book, "说明", (18, 100))
    sheet.text("如何使用本报告", "section", 20)
    for title, text in explanations(report):
        sheet.write(0, title, "head")
        sheet.write(1, text)
        sheet.end()
