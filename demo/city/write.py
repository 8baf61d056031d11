"""Text frames to files: CSV, JSON, NDJSON, GeoJSON, Parquet and workbooks, as they come.

Belongs here: the file formats, piece by piece in bounded memory. What is in the pieces, and which
form a dataset's files have, stands elsewhere. A file's bytes are the same for the same pieces.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import polars as pl
import xlsxwriter

from demo.biff import xls_bytes
from demo.city.form import Form
from demo.writers import FIXED_TIME

SHEET: Final = "Sheet1"
_LEVEL: Final = 1
"""Compression of .gz: the fastest; an agency's export has no time to spare either."""


class Writer(ABC):
    """Writes one file; to be used in a `with` statement. `headers` maps column id → header."""

    def __init__(self, path: Path, headers: dict[str, str], form: Form) -> None:
        self.path, self.headers, self.form = path, headers, form
        self.rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("wb")
        self._out: IO[bytes] = self._file
        if form.compressed:
            self._out = gzip.GzipFile("", "wb", _LEVEL, self._file, mtime=0)  # type: ignore[assignment]
        self._begin()

    def write(self, text: pl.DataFrame) -> None:
        """Appends rows: String columns by column id, all that `headers` names."""
        if text.height:
            self._append(text.select(list(self.headers)))
            self.rows += text.height

    def write_broken(self, text: pl.DataFrame, how: str) -> None:
        """Appends one row so that it can't be read as a record: `how` is ragged_row or
        unclosed_quote in CSV, broken_record in NDJSON. ValueError in other formats."""
        self._append_broken(text.select(list(self.headers)), how)
        self.rows += 1

    def _append_broken(self, text: pl.DataFrame, how: str) -> None:
        raise ValueError(f"no {how} in {self.form.format}")

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._end()
        if self._out is not self._file:
            self._out.close()
        self._file.close()

    def manifest(self, as_of: str, mode: str) -> None:
        """Writes the manifest beside the closed file."""
        with self.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        facts = {"rows": self.rows, "sha256": digest, "as_of": as_of, "mode": mode}
        beside = self.path.with_name(f"{self.path.name}.manifest.json")
        beside.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")

    @abstractmethod
    def _begin(self) -> None: ...

    @abstractmethod
    def _append(self, text: pl.DataFrame) -> None: ...

    @abstractmethod
    def _end(self) -> None: ...


class CsvWriter(Writer):
    """Delimited text, in any encoding that Python knows; `utf-8-sig` begins with a BOM."""

    def _begin(self) -> None:
        encoding = self.form.encoding
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        if encoding == "utf-8-sig":
            self._out.write(b"\xef\xbb\xbf")
        header = pl.DataFrame({name: [header] for name, header in self.headers.items()})
        self._append(header)

    def _append(self, text: pl.DataFrame) -> None:
        if self._encoding == "utf-8":
            text.write_csv(self._out, include_header=False, separator=self.form.separator)
        else:
            self._out.write(self._lines(text).encode(self._encoding))

    def _lines(self, text: pl.DataFrame) -> str:
        return text.write_csv(include_header=False, separator=self.form.separator)

    def _append_broken(self, text: pl.DataFrame, how: str) -> None:
        line = self._lines(text)
        broken = {
            "ragged_row": f"{line[:-1]}{self.form.separator}附注\n",
            "unclosed_quote": f'"{line}',
        }[how]
        self._out.write(broken.encode(self._encoding))

    def _end(self) -> None:
        pass


class NdjsonWriter(Writer):
    """One JSON object a line, named by the headers."""

    def _begin(self) -> None:
        pass

    def _append(self, text: pl.DataFrame) -> None:
        self._out.write(self._lines(text))

    def _lines(self, text: pl.DataFrame) -> bytes:
        buffer = io.BytesIO()
        text.rename(self.headers).write_ndjson(buffer)
        return buffer.getvalue()

    def _append_broken(self, text: pl.DataFrame, how: str) -> None:
        line = self._lines(text).decode()
        self._out.write(f"{line[: len(line) // 2]}\n".encode())

    def _end(self) -> None:
        pass


class JsonWriter(NdjsonWriter):
    """An array of objects, one a line."""

    def _begin(self) -> None:
        self._out.write(b"[\n")
        self._first = True

    def _append(self, text: pl.DataFrame) -> None:
        if not self._first:
            self._out.write(b",\n")
        self._first = False
        self._out.write(self._lines(text).rstrip(b"\n").replace(b"}\n{", b"},\n{"))

    def _end(self) -> None:
        self._out.write(b"\n]\n")


class GeoJsonWriter(JsonWriter):
    """A feature collection: `lon` and `lat` become the point, the other columns properties."""

    def _begin(self) -> None:
        self._out.write(b'{"type":"FeatureCollection","features":[\n')
        self._first = True

    def _lines(self, text: pl.DataFrame) -> bytes:
        properties = [
            pl.col(name).alias(header)
            for name, header in self.headers.items()
            if name not in ("lon", "lat")
        ]
        point = pl.concat_list(pl.col("lon").cast(pl.Float64), pl.col("lat").cast(pl.Float64))
        features = text.select(
            pl.lit("Feature").alias("type"),
            pl.struct(pl.lit("Point").alias("type"), point.alias("coordinates")).alias("geometry"),
            pl.struct(properties).alias("properties"),
        )
        buffer = io.BytesIO()
        features.write_ndjson(buffer)
        return buffer.getvalue()

    def _end(self) -> None:
        self._out.write(b"\n]}\n")


class ParquetWriter(Writer):
    """Text columns under the headers; the pieces wait beside the file and are joined at the end,
    since a Parquet file can't be appended to."""

    def _begin(self) -> None:
        self._file.close()
        self._pieces: list[Path] = []

    def _append(self, text: pl.DataFrame) -> None:
        piece = self.path.with_name(f".{self.path.name}.{len(self._pieces):05d}")
        text.rename(self.headers).write_parquet(piece, compression="zstd", compression_level=1)
        self._pieces.append(piece)

    def _end(self) -> None:
        if self._pieces:
            pl.scan_parquet(self._pieces, glob=False).sink_parquet(
                self.path, compression="zstd", compression_level=1, maintain_order=True
            )
        else:
            columns = {header: pl.String for header in self.headers.values()}
            pl.DataFrame(schema=columns).write_parquet(self.path)
        for piece in self._pieces:
            piece.unlink()


class XlsxWriter(Writer):
    """One sheet of text cells, row after row."""

    def _begin(self) -> None:
        options = {"constant_memory": True, "tmpdir": str(self.path.parent)}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"created": FIXED_TIME})
        self._cell = self._book.add_format({"num_format": "@"})
        self._sheet = self._book.add_worksheet(SHEET)
        last = len(self.headers) - 1
        for row, title in enumerate(self.form.titles):
            self._sheet.merge_range(row, 0, row, last, title, self._cell)
        self._put(len(self.form.titles), tuple(self.headers.values()))

    def _append(self, text: pl.DataFrame) -> None:
        first = len(self.form.titles) + self.rows + 1
        for number, record in enumerate(text.iter_rows(), start=first):
            self._put(number, record)

    def _put(self, row: int, record: tuple[str | None, ...]) -> None:
        for column, value in enumerate(record):
            if value:
                self._sheet.write_string(row, column, value, self._cell)

    def _end(self) -> None:
        self._book.close()


class XlsWriter(Writer):
    """An old workbook; its rows are kept until the end, as the format's size limit allows."""

    def _begin(self) -> None:
        self._records = [list(self.headers.values())]

    def _append(self, text: pl.DataFrame) -> None:
        self._records += [[value or "" for value in record] for record in text.iter_rows()]

    def _end(self) -> None:
        self._out.write(xls_bytes(SHEET, self._records))


_WRITERS: Final[dict[str, type[Writer]]] = {
    "csv": CsvWriter,
    "ndjson": NdjsonWriter,
    "json": JsonWriter,
    "geojson": GeoJsonWriter,
    "parquet": ParquetWriter,
    "xlsx": XlsxWriter,
    "xls": XlsWriter,
}


def writer(path: Path, headers: dict[str, str], form: Form) -> Writer:
    """The writer of a file in this form; KeyError for an unknown format."""
    return _WRITERS[form.format](path, headers, form)
