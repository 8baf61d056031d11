"""Delivered files as their agency sees them, opened with other means than the lakehouse's own."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl

Record = Mapping[str, Any]


@cache
def records(path: Path) -> Sequence[Record]:
    """All records of the file by header, in its order."""
    content, name = path.read_bytes(), path.name
    if name.endswith(".gz"):
        content, name = gzip.decompress(content), name.removesuffix(".gz")
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (inner,) = archive.namelist()
            content, name = archive.read(inner), inner
    return _READERS[name.rpartition(".")[2]](content)


def cell(path: Path, row: int, headers: Sequence[str]) -> Any:
    """What stands in the file's record number `row` under the first of `headers` that it has."""
    record = records(path)[row - 1]
    named = [header for header in headers if header in record]
    assert named, f"record {row} has none of {', '.join(headers)}"
    return record[named[0]]


def text(value: Any) -> str:
    """The cell as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _delimited(content: bytes) -> Sequence[Record]:
    try:
        told = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = content.decode("gb18030")
    header = told.partition("\n")[0]
    separator = max(",;\t|", key=header.count)
    return list(csv.DictReader(io.StringIO(told, newline=""), delimiter=separator))


def _sheet(content: bytes) -> Sequence[Record]:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return _by_header([list(row) for row in sheet.iter_rows(values_only=True)])


def _old_sheet(content: bytes) -> Sequence[Record]:
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string")
    return _by_header([list(row) for row in sheet.to_polars().iter_rows()])


def _by_header(rows: Sequence[Sequence[Any]]) -> Sequence[Record]:
    filled = [row for row in rows if any(value not in (None, "") for value in row)]
    # A title above the header fills one cell.
    start = next(at for at, row in enumerate(filled) if sum(v not in (None, "") for v in row) > 1)
    header = [str(name).strip() for name in filled[start]]
    return [dict(zip(header, row, strict=False)) for row in filled[start + 1 :]]


def _document(content: bytes) -> Sequence[Record]:
    told = json.loads(content)
    if isinstance(told, dict) and told.get("type") == "FeatureCollection":
        return [{**each["properties"], **_place(each)} for each in told["features"]]
    while isinstance(told, dict):
        told = next(value for value in told.values() if isinstance(value, (dict, list)))
    return list(told)


def _place(feature: Mapping[str, Any]) -> Record:
    geometry = feature.get("geometry") or {}
    if geometry.get("type") != "Point":
        return {}
    return dict(zip(("lon", "lat"), geometry["coordinates"], strict=False))


def _lines(content: bytes) -> Sequence[Record]:
    return [json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip()]


def _parquet(content: bytes) -> Sequence[Record]:
    return pl.read_parquet(io.BytesIO(content)).to_dicts()


_READERS = {
    "csv": _delimited, "txt": _delimited, "tsv": _delimited, "xlsx": _sheet, "xls": _old_sheet,
    "json": _document, "geojson": _document, "ndjson": _lines, "jsonl": _lines,
    "parquet": _parquet,
}  # fmt: skip
