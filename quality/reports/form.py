"""The correction sheet of a workbook: failing rows in the form in which they are delivered back.

Belongs here: how such a sheet looks. Which rows and columns it has stands in `corrections`.
"""

from __future__ import annotations

from quality.reports.model import CorrectionRow, CorrectionSheet
from quality.reports.sheets import Book, Sheet

OPERATION_UPDATE = "修改"
"""What the operation column of a correction sheet is prefilled with."""
OPERATION_DELETE = "删除"
"""What it is prefilled with where a record is ended under the key it was delivered with."""
_OPERATIONS = ["新增", OPERATION_UPDATE, OPERATION_DELETE]
_ENDS_KEY = "下一行的主键需要更正：本行删除原主键下的记录，请保留；主键核实无误的，把本行删去。"

_NOTES_PER_SHEET = 2_000
"""Notes on marked cells: a workbook with many more opens slowly."""


def write_form(book: Book, name: str, form: CorrectionSheet) -> None:
    """A correction sheet: header in the first row, as a delivery has it, then the failing rows.

    A row whose key is to be corrected follows one that deletes the record under its old key: a
    new key in an increment says nothing about the old one.
    """
    with_operation = form.operation_column is not None
    headers = ([form.operation_column] if form.operation_column else []) + list(form.headers)
    widths = [max(12, min(36, 2 * len(head) + 8)) for head in headers]
    sheet = Sheet.of(book, name, widths, most_lines=3)
    sheet.head(*headers)
    notes = 0
    for row in form.rows:
        if with_operation and row.ends_key:
            _end_key(sheet, form, row)
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


def _end_key(sheet: Sheet, form: CorrectionSheet, row: CorrectionRow) -> None:
    """The row that ends a record: the operation and the key as it was delivered."""
    sheet.write(0, OPERATION_DELETE, "form")
    sheet.sheet.write_comment(sheet.row, 0, _ENDS_KEY, {"x_scale": 2, "y_scale": 1.2, "author": ""})
    for at, (column, value) in enumerate(zip(form.columns, row.values, strict=True), start=1):
        is_key = column in form.key_columns
        look = "left_empty" if is_key and column in form.masked else "form"
        sheet.write(at, value if is_key else None, look)
    sheet.end()
