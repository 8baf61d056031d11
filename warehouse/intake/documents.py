"""Reads JSON, NDJSON and GeoJSON: makes flat, named text values of each record.

Belongs here: what a JSON element means as a row. Nested objects are flattened with dots; lists stay
as JSON text; a GeoJSON feature gives its properties, and `lon` and `lat` of its point. Not here:
finding the elements (`json_text`), counting them (`json_count`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import polars as pl

from catalog.models.datasets import Dataset
from warehouse.intake.encoding import Text
from warehouse.intake.headers import Mapping, Names, map_headers
from warehouse.intake.json_text import Document, Element, Number, decode, written
from warehouse.intake.model import RECORD_LIMIT, TEXT_LIMIT, Batch, reject
from warehouse.intake.rejects import Rejects

HEADER_RECORDS = 1000
"""Records whose property names together stand for the header."""

_BATCH_RECORDS = 20_000
_BATCH_BYTES = 8 * 1024 * 1024
_POINT_VALUES = 2

Record = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Item:
    """A record with its place: ordinal, physical line, byte offset and its JSON text."""

    values: Record
    row: int
    line: int
    offset: int | None
    text: str


@dataclass(slots=True)
class Seen:
    """What the records brought, known in full once all are read."""

    columns: set[str] = field(default_factory=set)
    extras: dict[str, None] = field(default_factory=dict)


def list_items(text: Text, name: str, rejects: Rejects) -> Iterator[Item]:
    """Records of a JSON document with one list; an element that is no object is rejected."""
    exact = text.utf8 == text.original
    with closing(Document(text.utf8, text.start, name)) as document:
        for row, element in enumerate(document.elements(), start=1):
            offset = element.offset if exact else None
            values = _record(element)
            if isinstance(values, str):
                body = element.text.encode()
                rejects.add(reject(row, element.line, offset, "record.json", values, body))
            else:
                yield Item(values, row, element.line, offset, element.text)


def line_items(text: Text, rejects: Rejects, progress: Callable[[int], None]) -> Iterator[Item]:
    """Records of an NDJSON file; a line that is no JSON object is rejected."""
    exact = text.utf8 == text.original
    offset, row, line = text.start, 0, 0
    with text.utf8.open("rb") as file:
        file.seek(text.start)
        while data := file.readline(RECORD_LIMIT + 1):
            line += 1
            at, size = offset, len(data)
            head = data[:TEXT_LIMIT]
            if size > RECORD_LIMIT and not data.endswith(b"\n"):
                blank = not data.strip()
                while more := file.readline(_BATCH_BYTES):
                    size += len(more)
                    blank = blank and not more.strip()
                    if more.endswith(b"\n"):
                        break
                data = b"" if blank else data
            offset += size
            progress(size)
            if not data.strip():
                continue
            row += 1
            place = at if exact else None
            if size > RECORD_LIMIT:
                what = f"记录过长：{size} 字节，上限为 {RECORD_LIMIT} 字节"
                rejects.add(reject(row, line, place, "record.too_long", what, head, size))
                continue
            try:
                value = decode(data.decode())
                if not isinstance(value, dict) or not _encodable(data.decode(), value):
                    raise ValueError("no object of whole characters")
                values = _flat(value)
            except (ValueError, RecursionError):
                what = "这一行不是一个有效的 JSON 对象"
                body = data.rstrip(b"\r\n")
                rejects.add(reject(row, line, place, "record.json", what, body))
                continue
            yield Item(values, row, line, place, data.decode().rstrip("\r\n"))


def _record(element: Element) -> Record | str:
    """The element as a flat record, or what is wrong with it."""
    if element.doubled:
        return "同一个属性名出现了两次"
    if not isinstance(element.value, dict):
        return "这个元素不是 JSON 对象"
    try:
        if _encodable(element.text, element.value):
            return _flat(element.value)
    except RecursionError:
        return "嵌套过深"
    return "文本里有不完整的字符（只有半个代理对）"


def _encodable(text: str, value: Any) -> bool:
    """Whether every character is a whole one: an escape may stand for half a surrogate pair."""
    if "\\ud" not in text and "\\uD" not in text:
        return True
    try:
        written(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _flat(value: dict[str, Any]) -> Record:
    if value.get("type") == "Feature" and isinstance(value.get("properties"), dict | None):
        return _feature(value)
    record: Record = {}
    _flatten(value, "", record)
    return record


def _feature(value: dict[str, Any]) -> Record:
    record: Record = {}
    _flatten(value.get("properties") or {}, "", record)
    geometry = value.get("geometry")
    point = _point(geometry)
    if point is not None and not {"lon", "lat"} & set(record):
        record["lon"], record["lat"] = point
    elif geometry is not None:
        record.setdefault("geometry", written(geometry))
    others = {k: v for k, v in value.items() if k not in {"type", "properties", "geometry"}}
    for name, text in _flatten(others, "", {}).items():
        record.setdefault(name, text)
    return record


def _point(geometry: Any) -> tuple[str, str] | None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    at = geometry.get("coordinates")
    if not isinstance(at, list) or len(at) < _POINT_VALUES:
        return None
    lon, lat = at[0], at[1]
    return (str(lon), str(lat)) if isinstance(lon, Number) and isinstance(lat, Number) else None


def _flatten(value: dict[str, Any], prefix: str, into: Record) -> Record:
    for name, member in value.items():
        if isinstance(member, dict) and member:
            _flatten(member, f"{prefix}{name}.", into)
        elif isinstance(member, str):
            into[prefix + name] = str(member) or None
        else:
            into[prefix + name] = None if member is None else written(member)
    return into


class Documents:
    """Turns records into batches whose columns stand in the catalogue's order."""

    def __init__(self, items: Iterator[Item], dataset: Dataset, name: str) -> None:
        self._names = Names(dataset)
        self._at = {c.id: i for i, c in enumerate(dataset.columns)}
        self._dataset = dataset
        self.seen = Seen()
        first = list(islice(items, HEADER_RECORDS))
        self._items = chain(first, items)
        found = map_headers(self._names, self._headers(first), name) if first else None
        columns = {i: c for c, i in self._at.items()}
        shape = found.shape if found else None
        self.mapping = Mapping(columns, {}, len(columns), shape, ())
        self._given = set(shape.constants if shape else ())

    def _headers(self, items: list[Item]) -> list[str]:
        """The property names of the records, one for each column: names may differ by record."""
        headers = dict.fromkeys(name for item in items for name in item.values)
        return list({self._names.column_of(h) or h: h for h in headers}.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Optional columns that no record brought."""
        given = self.seen.columns | self._given
        return tuple(c.id for c in self._dataset.columns if c.may_be_absent and c.id not in given)

    def batches(self, rejects: Rejects) -> Iterator[Batch]:
        """All records; one with two values for a column is rejected."""
        held: list[Item] = []
        rows: list[list[Any]] = []
        size = 0
        for item in self._items:
            row = self._row(item)
            if row is None:
                what = "同一列在这条记录里以两个属性名出现"
                body = item.text.encode()
                rejects.add(reject(item.row, item.line, item.offset, "record.json", what, body))
                continue
            held.append(item)
            rows.append(row)
            size += len(item.text)
            if len(rows) >= _BATCH_RECORDS or size > _BATCH_BYTES:
                yield self._batch(rows, held)
                rows, held, size = [], [], 0
        if rows:
            yield self._batch(rows, held)

    def _row(self, item: Item) -> list[Any] | None:
        width = len(self._at)
        row: list[Any] = [None] * (width + 1)
        extra: dict[str, str] = {}
        taken: set[int] = set()
        for name, value in item.values.items():
            column = self._names.column_of(name)
            if column is not None:
                position = self._at[column]
                self.seen.columns.add(column)
            elif self._names.is_operation(name):
                position = width
            else:
                self.seen.extras.setdefault(name)
                if value is not None:
                    extra[name] = value
                continue
            if position in taken:
                return None
            taken.add(position)
            row[position] = value
        return [*row, written(extra) if extra else None, item.row, item.line]

    def _batch(self, rows: list[list[Any]], items: list[Item]) -> Batch:
        schema: dict[str, Any] = {str(i): pl.String for i in range(len(self._at) + 1)}
        schema |= {"_extra": pl.String, "_row": pl.Int64, "_line": pl.Int64}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        return Batch(frame, lambda i: (items[i].offset, items[i].text.encode()))
