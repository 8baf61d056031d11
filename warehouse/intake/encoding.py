"""Which encoding a text file is in, and its copy in UTF-8 when it is another one.

Strict and stated, never guessed: valid UTF-8, else valid GB18030 (GBK is a part of it), else
refused with the offset of the first byte that is valid in neither. Also unzips `.gz`.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from warehouse.intake.model import Unusable

CHUNK = 256 * 1024  # its copies stay in the processor's cache, and their memory is used again
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

Encoding = Literal["utf-8", "utf-8-sig", "gb18030"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text file ready to read: `utf8` is the original or a copy, beginning at byte `start`.

    `original` is the file as delivered, unzipped where it was zipped.
    """

    utf8: Path
    start: int
    original: Path
    encoding: Encoding


def unzip(source: Path, work: Path, name: str) -> Path:
    """The content of a gzip file, in the work folder, whatever name it gives for itself.

    `name` is the delivered name, for messages. Raises Unusable when the file is cut off.
    """
    copy = work / "unzipped"
    try:
        with gzip.open(source, "rb") as packed, copy.open("wb") as out:
            while piece := packed.read(CHUNK):
                out.write(piece)
    except (EOFError, OSError, zlib.error) as error:
        raise Unusable(
            "delivery.truncated",
            f"文件“{name}”的 gzip 压缩内容不完整或已损坏，可能没有传完。请重新压缩后再提交。",
            name,
        ) from error
    return copy


def open_text(original: Path, name: str, work: Path, chunk: int = CHUNK) -> Text:
    """Find the encoding of a text file and make a UTF-8 copy if it needs one.

    `name` is the delivered name, for messages. Raises Unusable: `delivery.encoding` for UTF-16 and
    for a file that is neither valid UTF-8 nor valid GB18030, `delivery.truncated` for one that ends
    within a character, `delivery.empty` for an empty one.
    """
    with original.open("rb") as file:
        head = file.read(4)
    if not head:
        raise Unusable("delivery.empty", f"文件“{name}”是空的，没有任何内容。", name)
    if head[:2] in _UTF16_BOMS:
        raise Unusable(
            "delivery.encoding",
            f"文件“{name}”是 UTF-16 编码（开头有 UTF-16 标记），不能接收。"
            "请另存为 UTF-8、GBK 或 GB18030 编码后再提交。",
            name,
        )
    bad_utf8 = _first_invalid_utf8(original, chunk)
    if bad_utf8 is None:
        bom = head.startswith(_UTF8_BOM)
        return Text(original, 3 if bom else 0, original, "utf-8-sig" if bom else "utf-8")
    if _ends_within_character(original, bad_utf8):
        raise Unusable(
            "delivery.truncated",
            f"文件“{name}”在第 {bad_utf8} 字节处（从 0 数起）、一个汉字的中间突然结束，"
            "可能没有传完。请重新提交完整的文件。",
            f"{name}:{bad_utf8}",
        )
    copy = work / "utf8"
    bad_gb18030 = _transcode(original, copy, chunk)
    if bad_gb18030 is None:
        return Text(copy, 0, original, "gb18030")
    raise Unusable(
        "delivery.encoding",
        f"文件“{name}”既不是有效的 UTF-8（第 {bad_utf8} 字节处无效），"
        f"也不是有效的 GB18030（第 {bad_gb18030} 字节处无效；字节从 0 数起）。"
        "请用 UTF-8、GBK 或 GB18030 编码重新导出。",
        f"{name}:{max(bad_utf8, bad_gb18030)}",
    )


def _first_invalid_utf8(path: Path, chunk: int) -> int | None:
    """Offset of the first byte that no strict UTF-8 decoder accepts; None when there is none."""
    base, rest = 0, b""
    with path.open("rb") as file:
        while True:
            piece = file.read(chunk)
            data = rest + piece
            # A character cut by the buffer's edge is judged with the next piece.
            cut = len(data) - _open_character(data) if piece else len(data)
            whole = data[:cut]
            if not _is_utf8(whole):
                return base + _error_offset(whole)
            if not piece:
                return None
            base, rest = base + cut, data[cut:]


def _ends_within_character(path: Path, bad: int) -> bool:
    """Whether all before offset `bad` is UTF-8 beyond ASCII, and a cut character all behind it."""
    with path.open("rb") as file:
        file.seek(bad)
        tail = file.read(4)
        if not tail or _open_character(tail) != len(tail):
            return False
        file.seek(0)
        left = bad
        while left and (piece := file.read(min(left, CHUNK))):
            if not piece.isascii():
                return True
            left -= len(piece)
    return False


def _is_utf8(data: bytes) -> bool:
    # Several times as fast as decoding into a str that nobody needs.
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String, strict=True)
    except pl.exceptions.PolarsError:
        return False
    return True


def _open_character(data: bytes) -> int:
    """How many bytes at the end begin a UTF-8 character without ending it."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if length > back else 0
        if byte < 0x80:
            return 0
    return 0


def _error_offset(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    raise AssertionError("two UTF-8 decoders disagree about the same bytes")


def _transcode(source: Path, copy: Path, chunk: int) -> int | None:
    """Write `source` (GB18030) as UTF-8; the offset of the first invalid byte, or None."""
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    offset = 0
    with source.open("rb") as file, copy.open("wb") as out:
        while True:
            piece = file.read(chunk)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return offset - pending + error.start
            out.write(text.encode("utf-8"))
            offset += len(piece)
            if not piece:
                return None
