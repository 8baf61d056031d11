"""A minimal writer of old Excel workbooks: BIFF8 text cells in a compound file.

Belongs here: just enough of [MS-XLS] and [MS-CFB] for one sheet of text, since the real list comes
in this format and no maintained library writes it. Numbers, formats and styles are left out.
"""

from __future__ import annotations

import struct
from typing import Final

SECTOR: Final = 512
RECORD_LIMIT: Final = 8224
STREAM_MINIMUM: Final = 4096  # smaller streams would need a mini stream
END_OF_CHAIN: Final = 0xFFFFFFFE
FREE: Final = 0xFFFFFFFF
FAT_SECTOR: Final = 0xFFFFFFFD
CELL_STYLE: Final = 15  # the first extended format after the 15 for styles


def xls_bytes(sheet: str, records: list[list[str]]) -> bytes:
    """A workbook with one sheet, every cell text; a blank cell holds an empty text."""
    return _compound_file("Workbook", _workbook(sheet, records))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(value: str, length_format: str) -> bytes:
    """A string as UTF-16, its length counted in code units."""
    units = value.encode("utf-16-le")
    return struct.pack(length_format + "B", len(units) // 2, 1) + units


def _bof(substream: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, substream, 0x0DBB, 0x07CC, 0, 0x06))


def _formats() -> bytes:
    """One font and the extended formats that Excel expects to find: 15 for styles, 1 for cells."""
    font = struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B")
    style = struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    cell = struct.pack("<HHHBBBBIIH", 0, 49, 0x0001, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    return (
        _record(0x0031, font) * 4
        + _record(0x00E0, style) * CELL_STYLE
        + _record(0x00E0, cell)
        + _record(0x0293, struct.pack("<HBB", 0x8000, 0, 0xFF))
    )


def _workbook(sheet: str, records: list[list[str]]) -> bytes:
    cells = [value for record in records for value in record]
    shared = {value: index for index, value in enumerate(dict.fromkeys(cells))}
    window = _record(0x003D, struct.pack("<9H", 0, 0, 0x4000, 0x2000, 0x38, 0, 0, 1, 600))
    opening = _bof(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + window + _formats()
    strings = _shared_strings(list(shared), len(cells)) + _record(0x000A)
    name = _text(sheet, "<B")
    sheet_at = len(opening) + 4 + 6 + len(name) + len(strings)
    bound_sheet = _record(0x0085, struct.pack("<IH", sheet_at, 0) + name)
    return opening + bound_sheet + strings + _sheet(records, shared)


def _shared_strings(values: list[str], uses: int) -> bytes:
    """The SST record, continued between two strings where it grows beyond a record's limit."""
    bodies = [struct.pack("<II", uses, len(values))]
    for value in values:
        text = _text(value, "<H")
        if len(bodies[-1]) + len(text) > RECORD_LIMIT:
            bodies.append(b"")
        bodies[-1] += text
    return _record(0x00FC, bodies[0]) + b"".join(_record(0x003C, body) for body in bodies[1:])


def _sheet(records: list[list[str]], shared: dict[str, int]) -> bytes:
    width = max(len(record) for record in records)
    parts = [_bof(0x0010), _record(0x0200, struct.pack("<IIHHH", 0, len(records), 0, width, 0))]
    for row, record in enumerate(records):
        for column, value in enumerate(record):
            body = struct.pack("<HHHI", row, column, CELL_STYLE, shared[value])
            parts.append(_record(0x00FD, body))
    window = struct.pack("<HHHHHHHI", 0x06B6, 0, 0, 0x40, 0, 0, 0, 0)
    parts += [_record(0x023E, window), _record(0x000A)]
    return b"".join(parts)


def _compound_file(name: str, stream: bytes) -> bytes:
    """A compound file with one stream: header, file allocation table, directory, stream."""
    stream = stream.ljust(STREAM_MINIMUM, b"\0")
    stream_sectors = -(-len(stream) // SECTOR)
    fat_sectors = 1
    while (fat_sectors + 1 + stream_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    first = fat_sectors + 1
    chain = [*range(first + 1, first + stream_sectors), END_OF_CHAIN]
    fat = [FAT_SECTOR] * fat_sectors + [END_OF_CHAIN] + chain
    fat += [FREE] * (fat_sectors * SECTOR // 4 - len(fat))
    directory = _entry("Root Entry", 5, 1, END_OF_CHAIN, 0)
    directory += _entry(name, 2, FREE, first, len(stream))
    return (
        _header(fat_sectors)
        + struct.pack(f"<{len(fat)}I", *fat)
        + directory.ljust(SECTOR, b"\0")
        + stream.ljust(stream_sectors * SECTOR, b"\0")
    )


def _header(fat_sectors: int) -> bytes:
    """The compound file header of version 3, with the places of the allocation table's sectors."""
    signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    layout = struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<IIIIIIIII", 0, fat_sectors, fat_sectors, 0, STREAM_MINIMUM,
                         END_OF_CHAIN, 0, END_OF_CHAIN, 0)  # fmt: skip
    table = [*range(fat_sectors), *[FREE] * (109 - fat_sectors)]
    return signature + layout + places + struct.pack("<109I", *table)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """A directory entry: root storage (5) or stream (2), without siblings."""
    units = (name + "\0").encode("utf-16-le")
    head = units.ljust(64, b"\0") + struct.pack("<HBB", len(units), kind, 1)
    links = struct.pack("<III", FREE, FREE, child)
    return head + links + bytes(36) + struct.pack("<IQ", start, size)
