"""How the workbook looks on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.worksheet.cell_range import CellRange

from tests.quality.reports.small_city import GOOD, SmallCity
from tests.quality.reports.test_reports import NO_NAME, report, sheet_of

PAGE_WIDTH = 784
"""Points between the margins of A4, landscape."""
CHARACTER = 5.25
"""Points that a character of a column's width takes."""


@pytest.mark.parametrize("name", ["概览", "问题明细", "无法读取的行", "说明"])
def test_a_sheet_printed_on_the_width_of_a4_has_letters_of_eight_points(
    tmp_path: Path, name: str
) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME, rejects=["a,b,c"])
    sheet = sheet_of(report(city), name)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    area = sheet.print_area.split("!")[-1] or sheet.dimensions
    printed = CellRange(area).max_col
    width = sum(
        CHARACTER * group.width * (min(group.max, printed) - group.min + 1)
        for group in sheet.column_dimensions.values()
        if group.min <= printed
    )
    assert 10 * min(1, PAGE_WIDTH / width) >= 8


def test_a_row_is_high_enough_for_a_time_that_takes_two_lines(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(GOOD)
    sheet = sheet_of(report(city), "概览")
    (row,) = (cells[0].row for cells in sheet.iter_rows() if cells[0].value == "d000001")
    height = sheet.row_dimensions[row].height
    assert height is not None and height >= 2 * 16
