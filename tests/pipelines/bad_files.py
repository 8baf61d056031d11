"""Faulty and odd files as they are delivered, and what is to be said of each.

`locked/locked.xlsx` was encrypted (ECMA-376 agile, AES) by msoffcrypto-tool, `locked/locked.xls`
(RC4) by LibreOffice; both hold one row of the GDP table and open with `secret`.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

LOCKED = Path(__file__).parent / "locked"
FOLDER = "statistics/regional_gdp"
COLUMNS = (
    "年份", "省份", "GDP总量", "第一产业", "第二产业", "第三产业",
    "第一产业占比", "第二产业占比", "第三产业占比",
)  # fmt: skip
CELL = 200 << 20
BEYOND = 17 << 20
"""More than a record may hold; CELL is the same thing carried to excess, and dear to make."""


def cells(year: int) -> list[str]:
    """A right row."""
    return [str(year), "山东省", "1000", "100", "400", "500", "0.1", "0.4", "0.5"]


def line(year: int) -> str:
    """A right row as a line of CSV."""
    return ",".join(cells(year)) + "\n"


HEADER = ",".join(COLUMNS) + "\n"


def text(*years: int) -> bytes:
    """A right CSV file."""
    return (HEADER + "".join(line(year) for year in years)).encode()


def document(*years: int) -> bytes:
    """A right JSON file."""
    rows = [dict(zip(COLUMNS, cells(year), strict=True)) for year in years]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def workbook(year: int, shown: str = "") -> bytes:
    """A right workbook; its second record's province is written into the sheet as it is given."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("地区")
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, cells(year))
        if shown:
            sheet.write_row(2, 0, [year - 1, shown])
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def members(book: bytes) -> dict[str, bytes]:
    """The members of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def huge_cell_in_a_workbook() -> bytes:
    """A workbook with a cell beyond all limits among its shared texts."""
    parts = members(workbook(2001, "MARK"))
    return zipped(**{name: data.replace(b"MARK", b"x" * BEYOND) for name, data in parts.items()})


def gz_that_names_itself(name: str, content: bytes) -> bytes:
    """A gzip file whose header says it is to be unzipped to this name."""
    out = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=out) as packed:
        packed.write(content)
    # GzipFile keeps the last part of a path only: put the whole path there.
    made = out.getvalue()
    assert made[3] == 8  # a name follows the ten bytes of the header
    return made[:10] + name.encode() + made[made.index(b"\0", 10) :]


@dataclass(frozen=True)
class Fault:
    """A file of one fault in the folder of the GDP table."""

    content: bytes | Callable[[], bytes]
    said: tuple[str, ...]
    """What the run's message must hold beside the file's name."""
    manifest: Mapping[str, object] = field(default_factory=dict)


REFUSED: dict[str, Fault] = {
    "empty.csv": Fault(b"", ("是空的",)),
    "header_only.csv": Fault(HEADER.encode(), ("没有数据", "第 1 行")),
    "wrong_header.csv": Fault("时间,数值\n2024,1\n".encode(), ("第 1 行", "没有找到")),
    "half_a_header.csv": Fault(
        "年份,省份,GDP总量\n2024,山东省,1\n".encode(), ("第 1 行", "缺少", "第一产业")
    ),
    "truncated.xlsx": Fault(workbook(2010)[:-900], ("可能没有传完",)),
    "locked.xlsx": Fault((LOCKED / "locked.xlsx").read_bytes(), ("打开密码",)),
    "old_locked.xls": Fault((LOCKED / "locked.xls").read_bytes(), ("打开密码",)),
    "zip.xlsx": Fault(zipped(**{"readme.txt": b"x"}), ("普通 ZIP 压缩包",)),
    "cut.json": Fault(
        document(2010, 2011).partition(b'"2011"')[0], ("第 14 行", "字节", "突然结束")
    ),
    "cut_within_a_character.json": Fault(
        document(2010, 2011).rpartition("占比".encode())[0] + "占".encode()[:2],
        ("字节处", "汉字的中间突然结束"),
    ),
    "huge_cell.xlsx": Fault(huge_cell_in_a_workbook, ("16,777,216 个字符",)),
    "huge_cell.json": Fault(
        lambda: document(2010, 2011).replace(b'"2011"', b'"' + b"x" * BEYOND + b'"'),
        ("第 ", "超过 16777216 个字符"),
    ),
    "huge_start.csv": Fault(lambda: b"x" * BEYOND + b"\n" + text(2010), ("第 1 行", "找不到表头")),
    "count.csv": Fault(text(2010), ("字段“rows”", "7 条", "1 条"), {"rows": 7}),
    "checksum.csv": Fault(text(2010), ("字段“sha256”", "0" * 64), {"sha256": "0" * 64}),
    "manifest_path.csv": Fault(text(2010), ("字段“file”",), {"file": "../../x.csv"}),
    "manifest_time.csv": Fault(text(2010), ("as_of",), {"as_of": "0001-01-01T00:00:00+14:00"}),
}
"""Files that are unusable as a whole, by their name."""


@dataclass(frozen=True)
class Mixed:
    """A file with bad records and good ones behind them."""

    content: bytes | Callable[[], bytes]
    good: list[tuple[str, int, int]]
    """Year, row and line of the records that arrive."""
    bad: list[tuple[int, int, str]]
    """Row, line and reason of the rejects."""


MIXED: dict[str, Mixed] = {
    "ragged.csv": Mixed(
        (
            HEADER + '2030,"山东\n省",7\n' + "2031,山东省\n"
            + line(2032).replace("山东省", '"山东\n省"') + line(2033)
        ).encode(),
        [("2032", 3, 5), ("2033", 4, 7)],
        [(1, 2, "record.ragged"), (2, 4, "record.ragged")],
    ),
    "unclosed.csv": Mixed(
        (HEADER + line(2034) + '2035,"山东省,1000').encode(),
        [("2034", 1, 2)],
        [(2, 3, "record.unclosed_quote")],
    ),
    "nul.csv": Mixed(
        (HEADER + line(2036) + line(2037).replace("山东", "山\0东") + line(2038)).encode(),
        [("2036", 1, 2), ("2038", 3, 4)],
        [(2, 3, "record.nul")],
    ),
    "huge_cell.csv": Mixed(
        lambda: (
            (HEADER + line(2039)).encode() + b"2040," + b"x" * CELL + b"\n" + line(2041).encode()
        ),
        [("2039", 1, 2), ("2041", 3, 4)],
        [(2, 3, "record.too_long")],
    ),
    "cut.ndjson": Mixed(
        b"\n".join(
            json.dumps(dict(zip(COLUMNS, cells(year), strict=True))).encode()
            for year in (2042, 2043)
        )[:-30],
        [("2042", 1, 1)],
        [(2, 2, "record.json")],
    ),
}  # fmt: skip
"""Files of which all but the bad records arrive, by their name."""

NAMES = {
    "a..\\..\\x.csv": "a..\\..\\x.csv",
    "a\n\x1b[31m.csv": "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m.csv",
    "[bold]x[link=y].csv": "[bold]x[link=y].csv",
    os.fsdecode("空.csv".encode("gb18030")): "空.csv",
}
"""Names of empty files, and how messages show them."""

WAYS_OUT = {
    os.fsdecode("统计.csv".encode("gb18030")): text(2050),
    "way_out.csv.gz": gz_that_names_itself("../../x.csv", text(2051)),
    "way_out.xlsx": zipped(**members(workbook(2052)), **{"../../x.csv": text(2000)}),
}
"""Sound files whose name is no UTF-8, or that hold a name leading elsewhere."""

LONG = "zhangdian_market_supervision/business_entities/" + "l" * 246 + ".csv"
"""A sound file whose name leaves no room for that of a manifest."""

LEFT = {
    "statistics/no_such_dataset/x.csv": "目录中没有",
    "no_such_agency/x/y.csv": "不是目录中登记的单位代码",
    "statistics/x[/bold]y.csv": "目录中没有",
    f"{FOLDER}/link.csv": "符号链接",
}
"""What no delivery can be made of, by its place below landing, and what is said of it."""
