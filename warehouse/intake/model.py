"""What the intake hands out and what it raises.

Belongs here: the values that cross the border of `warehouse.intake`, and the batch that its
readers pass to each other. Not here: any reading of files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

TEXT_LIMIT = 64 * 1024
"""Bytes of a rejected record's text that are kept."""

RECORD_LIMIT = 16 * 1024 * 1024
"""Bytes of the longest record that is read; a longer one is a reject `record.too_long`."""


class Unusable(Exception):
    """The whole delivery cannot be used.

    `code` is stable (`delivery.<kind>`), `message` is Chinese and for the agency: file, place, what
    was found, what was expected, never a value from a row. `place` is the short form of where.
    """

    def __init__(self, code: str, message: str, place: str) -> None:
        super().__init__(code, message, place)
        self.code = code
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return self.message


class StillWriting(Exception):
    """The file changed while it was read: it waits until its deliverer has finished it."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies a file's content: SHA-256 in hex, bytes, and the time it was last changed."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery's parts go and what is written into every row.

    `raw` and `rejects` are the two Parquet files to write; `work` is a folder for transcoded or
    unzipped copies, removed by the caller.
    """

    raw: Path
    rejects: Path
    work: Path
    delivery: str
    seq: int
    agency: str


@dataclass(frozen=True, slots=True)
class Received:
    """What was found in a file and how many records it held.

    `counted` comes from a count that shares nothing with the reader. `missing` are optional columns
    the file does not bring, `unmapped` the headers that were put into `_extra`. `header_line` is
    the physical line (workbooks: the sheet's row number) of the header, None where there is none.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    shape: str | None
    header_line: int | None
    accepted: int
    rejected: int
    counted: int
    missing: tuple[str, ...]
    unmapped: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether every counted record is either accepted or rejected."""
        return self.counted == self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the deliverer says about a file in `<file>.manifest.json`; all fields are optional.

    `file` is the manifest's own name, for messages.
    """

    file: str
    rows: int | None
    sha256: str | None
    as_of: dt.datetime | dt.date | None
    mode: Literal["snapshot", "increment"] | None


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read.

    `row` is its ordinal below the header, `line` its physical line, `byte_offset` where it begins
    in the file (None where the original offset is not known). `text` is cut to TEXT_LIMIT bytes,
    `text_bytes` is its full size.
    """

    row: int
    line: int | None
    byte_offset: int | None
    reason: str
    message: str
    text: str
    text_bytes: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as a reader found them, in the file's order.

    `frame`: String columns named `0`, `1`, … by position in the header (None or a missing cell is
    null), then `_row` Int64 and `_line` Int64. A reader whose records bring their own names adds
    `_extra` String. `text_of(i)` gives byte offset and raw text of the i-th record, should it have
    to be rejected after all.
    """

    frame: pl.DataFrame
    text_of: Callable[[int], tuple[int | None, bytes]]


def reject(
    row: int,
    line: int | None,
    offset: int | None,
    reason: str,
    message: str,
    text: bytes,
    size: int | None = None,
) -> Reject:
    """A Reject from raw UTF-8 bytes: cut to TEXT_LIMIT, a character cut in two is left out."""
    cut = text[:TEXT_LIMIT].decode("utf-8", errors="ignore")
    return Reject(row, line, offset, reason, message, cut, len(text) if size is None else size)
