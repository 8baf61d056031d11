"""Compound files: XLS workbooks, made byte by byte, and what only looks like one."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from warehouse.intake import Unusable

from .conftest import Outcome

TakeIn = Callable[..., Outcome]


def compound(name: str, data: bytes) -> bytes:
    """A compound file with one stream of at least 4096 bytes."""
    data = data.ljust(4096, b"\0")
    data += bytes(-len(data) % 512)
    sectors = len(data) // 512
    free, end, table_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    table = [table_mark, end, *range(3, 2 + sectors), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = title.encode("utf-16-le") + b"\0\0"
        fixed = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, free, free, child)
        return fixed + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(data))
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    return header + fat + directory.ljust(512, b"\0") + data


def test_a_workbook_with_a_password_is_refused_as_such(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match=r"shops\.xlsx.*打开密码") as refused:
        take_in(compound("EncryptedPackage", b"secret"), "shops.xlsx")
    assert refused.value.code == "delivery.encrypted"


def test_a_compound_file_that_is_cut_or_no_workbook_is_refused(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match="没有工作簿"):
        take_in(compound("WordDocument", b"x"), "shops.xls")
    with pytest.raises(Unusable, match="可能没有传完"):
        take_in(compound("Workbook", b"x")[:1000], "shops.xls")
    with pytest.raises(Unusable, match="Excel 95"):
        take_in(compound("Book", b"x"), "shops.xls")


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def text16(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls(globals_: list[tuple[int, bytes]], cells: list[tuple[int, bytes]]) -> bytes:
    begin, end = (0x0809, struct.pack("<HH12x", 0x0600, 5)), (0x000A, b"")
    sheet_begin = (0x0809, struct.pack("<HH12x", 0x0600, 0x10))
    head = biff(begin, *globals_)
    name = b"\x02\x01" + "名单".encode("utf-16-le")
    bound = 4 + 6 + len(name)
    position = len(head) + bound + 4
    sheet = biff((0x0085, struct.pack("<IBB", position, 0, 0) + name), end)
    return compound("Workbook", head + sheet + biff(sheet_begin, *cells, end))


def test_an_xls_comes_out_as_a_person_sees_it(take_in: TakeIn) -> None:
    formats = [(0x041E, struct.pack("<H", 164) + text16("000000"))]
    styles = [(0x00E0, struct.pack("<HH16x", 0, f)) for f in (0, 14, 10, 164)]
    strings = (0x00FC, struct.pack("<II", 3, 3) + text16("编号") + text16("名称") + text16("甲"))

    def at(row: int, column: int, style: int = 0) -> bytes:
        return struct.pack("<HHH", row, column, style)

    cells = [
        (0x00FD, at(0, 0) + struct.pack("<I", 0)),
        (0x00FD, at(0, 1) + struct.pack("<I", 1)),
        (0x0203, at(1, 0) + struct.pack("<d", 110108010650789.0)),
        (0x00FD, at(1, 1) + struct.pack("<I", 2)),
        (0x027E, at(2, 0, 3) + struct.pack("<I", 123 << 2 | 2)),
        (0x027E, at(3, 0, 2) + struct.pack("<I", 1250 << 2 | 3)),
        (0x00BD, struct.pack("<HHHIHIH", 4, 0, 1, 45322 << 2 | 2, 0, 7 << 2 | 2, 1)),
        (0x0205, at(5, 0) + b"\x2a\x01"),
        (0x0205, at(5, 1) + b"\x01\x00"),
        (0x0205, at(6, 0) + b"\x2a\x01"),
        (0x00E5, struct.pack("<5H", 1, 1, 3, 1, 1)),
    ]
    found = take_in(xls([*formats, *styles, strings], cells), "shops.xls")
    assert (found.received.format, found.received.sheet) == ("xls", "名单")
    assert found.raw.select("code", "name", "_line").rows() == [
        ("110108010650789", "甲", 2),
        ("000123", "甲", 3),
        ("1250%", "甲", 4),
        ("2024-01-31", "7", 5),
        ("#N/A", "TRUE", 6),
    ]


def test_an_encrypted_xls_is_refused_as_such(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match="打开密码"):
        take_in(xls([(0x002F, bytes(54))], []), "shops.xls")
