"""The correction sheet of a workbook: failing rows in the form in which they are delivered back.

Belongs here: how such a sheet looks. Which rows and columns it has stands in `corrections`.
"""

from __future__ import annotations

from quality.reports.model import CorrectionSheet
from quality.reports.sheets import Book, Sheet

OPERATION_UPDATE = "修改"
"""What the operation column of a correction sheet is prefilled with."""
_OPERATIONS = ["新增", "修改", "删除"]

_NOTES_PER_SHEET = 2_000
"""Notes on marked cells: a workbook with many more opens slowly."""


def write_form(book: Book, name: str, form: CorrectionSheet) -> None:
    """A correction sheet: header in the first row, as a delivery has it, then the failing rows."""
    with_operation = form.operation_column is not None
    headers = ([form.operation_column] if form.operation_column else []) + list(form.headers)
    widths = [max(12, min(36, 2 * len(head) + 8)) for head in headers]
    sheet = Sheet.of(book, name, widths, most_lines=3)
    sheet.head(*headers)
    notes = 0
    for row in form.rows:
        if with_operation:
            sheet.write(0, OPERATION_UPDATE, "form")
        place = f"原文件：{row.place}"
        for offset, (column, value) in enumerate(zip(form.columns, row.values, strict=True)):
            at = offset + with_operation
            mark = row.marks.get(column)
            look = "marked" if mark else "left_empty" if column in form.masked else "form"
            sheet.write(at, value, look)
            if mark and notes < _NOTES_PER_SHEET:
                sheet.sheet.write_comment(
                    sheet.row, at, f"{mark}\n{place}", {"x_scale": 2, "y_scale": 1.2, "author": ""}
                )
                notes += 1
        sheet.end()
    if with_operation:
        sheet.sheet.data_validation(
            1, 0, max(sheet.row - 1, 1), 0, {"validate": "list", "source": _OPERATIONS}
        )
    sheet.freeze_below(0)
