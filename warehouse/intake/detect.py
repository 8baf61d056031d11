"""Finds the format of a delivered file: by its content first, by its name second.

Belongs here: which reader a file goes to, and the plain refusals of files that go to none. Not
here: reading any format, the encoding of text.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from warehouse.intake.cfb import CompoundFile, NotCompound
from warehouse.intake.encoding import unzip
from warehouse.intake.model import Unusable
from warehouse.names import printable

Format = Literal["csv", "xlsx", "xls", "json", "ndjson", "parquet"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_EXPECTED = (
    "可接收的格式：CSV、XLSX、XLS、JSON、NDJSON、GeoJSON、Parquet，以及压缩成 .gz 的文本文件"
)


@dataclass(frozen=True, slots=True)
class Content:
    """What to read: the file (or its unzipped copy), its format, and the delivered name."""

    path: Path
    format: Format
    name: str


def detect(source: Path, work: Path) -> Content:
    """The format of a file. Raises Unusable when it is none of ours, cut off or locked."""
    name = printable(source.name)
    head = _head(source)
    if not head:
        raise Unusable("delivery.empty", f"文件“{name}”是空的，没有任何内容。", name)
    path, stem = source, name
    if head.startswith(b"\x1f\x8b"):
        path = unzip(source, work, name)
        stem = name[:-3] if name.lower().endswith(".gz") else name
        head = _head(path)
        if not head:
            raise Unusable("delivery.empty", f"文件“{name}”解压后是空的，没有任何内容。", name)
        if head.startswith((b"PK", _OLE, b"PAR1")):
            raise Unusable(
                "delivery.format",
                f"文件“{name}”是 gzip 压缩的工作簿或二进制文件；只有文本文件可以压缩成 .gz。"
                "请直接提交原文件。",
                name,
            )
    return Content(path, _format(path, head, stem, name), name)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _format(path: Path, head: bytes, stem: str, name: str) -> Format:
    suffix = Path(stem).suffix.lower()
    if head.startswith(b"PK"):
        return _zip(path, name)
    if head.startswith(_OLE):
        return _ole(path, name)
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix in {".xlsx", ".xlsm", ".xls", ".parquet"}:
        raise _mismatch(head, suffix, name)
    if suffix in {".ndjson", ".jsonl"}:
        return "ndjson"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in {".json", ".geojson"} or text[:1] == b"{" or text[:2] in {b"[{", b"[\n", b"[\r"}:
        return "json"
    if head.startswith(b"%PDF"):
        raise Unusable("delivery.format", f"文件“{name}”是 PDF 文件，不能接收。{_EXPECTED}。", name)
    if _is_html(text):
        raise _html(name)
    return "csv"


def _zip(path: Path, name: str) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise Unusable(
            "delivery.truncated",
            f"文件“{name}”不完整或已损坏（压缩包的结尾缺失），可能没有传完。请重新提交完整的文件。",
            name,
        ) from error
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        found = "XLSB 二进制工作簿"
    elif "content.xml" in members and "mimetype" in members:
        found = "OpenDocument 文件"
    elif "word/document.xml" in members:
        found = "Word 文档"
    else:
        found = "普通 ZIP 压缩包，里面没有工作簿"
    raise Unusable("delivery.format", f"文件“{name}”是{found}，不能接收。{_EXPECTED}。", name)


def _ole(path: Path, name: str) -> Format:
    try:
        with path.open("rb") as file:
            streams = CompoundFile(file).names()
    except NotCompound as error:
        raise Unusable(
            "delivery.truncated",
            f"文件“{name}”不完整或已损坏（复合文档的目录读不出来），可能没有传完。请重新提交完整的文件。",
            name,
        ) from error
    if "EncryptedPackage" in streams:
        raise encrypted(name)
    if "Workbook" in streams:
        return "xls"
    if "Book" in streams:
        raise Unusable(
            "delivery.format",
            f"文件“{name}”是 Excel 95 或更早的格式，不能接收。请另存为 XLSX 后再提交。",
            name,
        )
    raise Unusable(
        "delivery.format",
        f"文件“{name}”是旧式 Office 文档，但里面没有工作簿，不能接收。{_EXPECTED}。",
        name,
    )


def encrypted(name: str) -> Unusable:
    """The refusal of a workbook that asks for a password."""
    return Unusable(
        "delivery.encrypted",
        f"文件“{name}”设有打开密码，无法读取。请取消密码保护后重新提交。",
        name,
    )


def _is_html(text: bytes) -> bool:
    start = text[:512].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<table")) or b"<html" in start


def _html(name: str) -> Unusable:
    return Unusable(
        "delivery.format",
        f"文件“{name}”的内容是网页（HTML)，不是表格文件。"
        "请用 Excel 或 WPS 打开后另存为 XLSX 或 CSV 再提交。",
        name,
    )


def _mismatch(head: bytes, suffix: str, name: str) -> Unusable:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _is_html(text):
        return _html(name)
    expected = "Parquet 文件" if suffix == ".parquet" else "Excel 工作簿"
    found = "其中有空字节，像是损坏的二进制文件" if b"\0" in head else "内容像是文本文件"
    return Unusable(
        "delivery.format",
        f"文件“{name}”的扩展名是 {suffix}，但它不是{expected}({found})。"
        "请另存为真正的该格式，或把扩展名改对后再提交。",
        name,
    )
