"""Workbooks: sheet, header, the text a person sees, and workbooks that cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from warehouse.intake import Unusable
from warehouse.intake.cell_text import format_of, number_text

from .conftest import Outcome, dataset

TakeIn = Callable[..., Outcome]
HEADER = ["编号", "名称", "地址"]


def workbook(fill: Callable[[Any], None], **options: Any) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)
    book.close()
    return out.getvalue()


def one_sheet(rows: list[list[Any]]) -> bytes:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def test_a_workbook_below_titles_arrives_without_its_empty_rows(take_in: TakeIn) -> None:
    rows = [["店铺名单"], [], HEADER, ["1", "甲", "东"], [], ["2", "乙", ""], ["", " ", ""], []]
    found = take_in(one_sheet(rows), "shops.xlsx")
    assert (found.received.sheet, found.received.header_line) == ("名单", 3)
    assert found.raw.select("code", "name", "address", "_row", "_line").rows() == [
        ("1", "甲", "东", 1, 4),
        ("2", "乙", None, 2, 6),
    ]


def test_cells_come_out_as_a_person_sees_them(take_in: TakeIn) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        form = {k: book.add_format({"num_format": k}) for k in FORMS}
        cells: list[tuple[Any, str | None]] = [
            (110108010650789, None), (28078.291, None), (1.0, None),
            (dt.date(2024, 1, 31), "yyyy-mm-dd"), (dt.datetime(2024, 1, 31, 8), "yyyy/m/d h:mm"),
            (dt.date(2024, 1, 31), '[$-804]yyyy"年"m"月"d"日"'), (0.125, "0.00%"), (123, "000000"),
            (0.1 + 0.2, "0.00"), (1234.5, "#,##0.00"), (0.25, "hh:mm"), (True, None),
            (1e22, None), (-5, "000"), (" 前后 ", None), (45322, "@"),
        ]  # fmt: skip
        for row, (value, number_format) in enumerate(cells, 1):
            sheet.write(row, 0, row)
            if number_format is None:
                sheet.write(row, 1, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, 1, value, form[number_format])
            else:
                sheet.write(row, 1, value, form[number_format])
        sheet.write_formula(len(cells) + 1, 1, "=1/0", None, "#DIV/0!")
        sheet.write(len(cells) + 1, 0, "x")
        sheet.write_formula(len(cells) + 2, 1, "=1/0", None, "#DIV/0!")

    forms = take_in(workbook(fill), "shops.xlsx").raw["name"].to_list()
    assert forms == [
        "110108010650789", "28078.291", "1", "2024-01-31", "2024-01-31 08:00:00", "2024-01-31",
        "12.5%", "000123", "0.3", "1234.5", "06:00:00", "TRUE", "10000000000000000000000",
        "-005", " 前后 ", "45322", "#DIV/0!",
    ]  # fmt: skip


FORMS = (
    "yyyy-mm-dd", "yyyy/m/d h:mm", '[$-804]yyyy"年"m"月"d"日"', "0.00%", "000000", "0.00",
    "#,##0.00", "hh:mm", "000", "@",
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "number", "code", "from_1904", "text"),
    [
        ("45322", 14, None, False, "2024-01-31"),
        ("43860", 14, None, True, "2024-01-31"),
        ("45322.33333333334", 22, None, False, "2024-01-31 08:00:00"),
        ("59", 14, None, False, "1900-02-28"),
        ("61", 14, None, False, "1900-03-01"),
        ("-3", 14, None, False, "-3"),
        ("1.5", 46, "[h]:mm:ss", False, "36:00:00"),
        ("45322", 176, 'm"月"d"日"', False, "2024-01-31"),
        ("0.07", 9, None, False, "7%"),
        ("0.30000000000000004", 0, None, False, "0.3"),
        ("1.1010801065078901E+17", 0, None, False, "110108010650789000"),
        ("45322", 176, '"共"0"天"', False, "45322"),
    ],
)
def test_number_formats_say_what_a_number_means(
    value: str, number: int, code: str | None, from_1904: bool, text: str
) -> None:
    assert number_text(value, format_of(number, code), from_1904) == text


def test_a_value_merged_over_rows_belongs_to_each_of_them(take_in: TakeIn) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "店铺名单")
        sheet.write_row(1, 0, HEADER)
        for row in range(2, 6):
            sheet.write(row, 0, row)
        sheet.merge_range(2, 1, 4, 1, "甲")
        sheet.write(5, 1, "乙")
        sheet.merge_range(6, 2, 9, 2, "合计")

    found = take_in(workbook(fill), "shops.xlsx")
    assert found.raw["name"].to_list() == ["甲", "甲", "甲", "乙", None]
    assert found.raw["address"].to_list() == [None, None, None, None, "合计"]


def two_sheets(*names: str) -> bytes:
    def fill(book: Any) -> None:
        book.add_worksheet("说明").write_row(0, 0, ["填表说明", "名称"])
        for name in names:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ["1", name, "东"])

    return workbook(fill)


def test_the_sheet_whose_header_fits_best_is_read(take_in: TakeIn) -> None:
    assert take_in(two_sheets("数据"), "shops.xlsx").received.sheet == "数据"


def test_of_two_sheets_that_fit_the_declared_one_is_read_else_both_are_named(
    take_in: TakeIn,
) -> None:
    content = two_sheets("一月", "二月")
    assert take_in(content, "a.xlsx", dataset(sheet="二月")).raw["name"].to_list() == ["二月"]
    with pytest.raises(Unusable, match=r"b\.xlsx.*“一月”、“二月”") as refused:
        take_in(content, "b.xlsx")
    assert refused.value.code == "delivery.sheet"


def test_values_beside_the_header_and_unknown_operations_are_kept(take_in: TakeIn) -> None:
    rows = [["编号", "名称", "操作类型"], ["1", "甲", "新增", "", "旁注"], ["2", "乙", "也许"]]
    found = take_in(one_sheet(rows), "shops.xlsx")
    assert found.raw["_extra"].to_list() == ['{"第5列":"旁注"}']
    assert found.rejects.select("row", "line", "reason", "text").row(0) == (
        2, 3, "record.unknown_operation", '{"编号":"2","名称":"乙","操作类型":"也许"}',
    )  # fmt: skip


def test_inline_strings_and_escapes_are_text(take_in: TakeIn) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["1", "甲\x07乙"])

    assert take_in(workbook(fill), "a.xlsx").raw["name"].to_list() == ["甲\x07乙"]
    inline = workbook(fill, constant_memory=True)
    assert take_in(inline, "b.xlsx").raw["name"].to_list() == ["甲\x07乙"]


def test_a_workbook_of_header_alone_has_no_rows(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match="表头在第 1 行") as refused:
        take_in(one_sheet([HEADER]), "shops.xlsx")
    assert refused.value.code == "delivery.no_rows"


def test_a_wrong_header_names_sheet_and_row(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match=r"工作表“名单”第 2 行.*缺少.*名称"):
        take_in(one_sheet([["标题"], ["编号", "别的"], ["1", "x"]]), "shops.xlsx")


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.99])
def test_a_truncated_workbook_is_refused(take_in: TakeIn, kept: float) -> None:
    content = one_sheet([HEADER, *([str(i), "甲", "东"] for i in range(500))])
    with pytest.raises(Unusable, match=r"shops\.xlsx.*可能没有传完") as refused:
        take_in(content[: int(len(content) * kept)], "shops.xlsx")
    assert refused.value.code == "delivery.truncated"


def test_a_workbook_with_a_damaged_sheet_is_refused(take_in: TakeIn) -> None:
    source = zipfile.ZipFile(io.BytesIO(one_sheet([HEADER, ["1", "甲", "东"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    with pytest.raises(Unusable, match="可能没有传完"):
        take_in(out.getvalue(), "shops.xlsx")


def test_a_cell_that_no_workbook_may_hold_is_refused_with_sheet_and_row(take_in: TakeIn) -> None:
    inline = '<c r="B3" t="inlineStr"><is><t>MARK</t></is></c></row>'
    source = zipfile.ZipFile(io.BytesIO(one_sheet([HEADER, ["1", "甲", "东"], ["2", "", ""]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            data = source.read(name).decode()
            if "sheet1" in name:
                before, last, after = data.rpartition("</row>")
                assert last
                data = before + inline.replace("MARK", "x" * (17 << 20)) + after
            copy.writestr(name, data)
    with pytest.raises(Unusable, match=r"shops\.xlsx.*工作表“名单”第 3 行") as refused:
        take_in(out.getvalue(), "shops.xlsx")
    assert refused.value.code == "delivery.too_long"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (["readme.txt"], "普通 ZIP 压缩包"),
        (["word/document.xml"], "Word"),
        (["content.xml", "mimetype"], "OpenDocument"),
        (["xl/workbook.bin"], "XLSB"),
    ],
)
def test_a_zip_that_is_no_workbook_is_refused(
    take_in: TakeIn, members: list[str], said: str
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    with pytest.raises(Unusable, match=said) as refused:
        take_in(out.getvalue(), "shops.xlsx")
    assert refused.value.code == "delivery.format"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页"),
        ("编号,名称\n1,甲\n".encode(), "扩展名是 .xls.*内容像是文本文件"),
        (b"\x01\x02\x00\x03" * 20, "损坏的二进制文件"),
    ],
)
def test_a_file_that_only_claims_to_be_a_workbook_is_refused(
    take_in: TakeIn, content: bytes, said: str
) -> None:
    with pytest.raises(Unusable, match=said):
        take_in(content, "shops.xls")
