"""The file formats of the sample: CSV, XLSX and GeoJSON, byte for byte the same each time.

Belongs here: turning a `Delivery` into bytes. XLS has a module of its own, `demo.biff`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime

import xlsxwriter

from demo.delivery import Delivery

FIXED_TIME = datetime(2026, 1, 1)
"""Creation time written into workbooks; a real one would change the file each time."""


def csv_bytes(delivery: Delivery, *, encoding: str, line_end: str) -> bytes:
    """Comma-separated text, quoted only where a field needs it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerows(delivery.records())
    return text.getvalue().encode(encoding)


def xlsx_bytes(delivery: Delivery, *, sheet: str) -> bytes:
    """A workbook of text cells, blanks left out, the way the real list is exported."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": FIXED_TIME})
    text_format = book.add_format({"num_format": "@"})
    page = book.add_worksheet(sheet)
    for row, record in enumerate(delivery.records()):
        for column, value in enumerate(record):
            if value:
                page.write_string(row, column, value, text_format)
    book.close()
    return _stored(buffer.getvalue())


def _stored(workbook: bytes) -> bytes:
    """The same ZIP without compression: deflated bytes differ between builds of zlib."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as compressed,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as stored,
    ):
        for name in compressed.namelist():
            stored.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), compressed.read(name))
    return buffer.getvalue()


def geojson_bytes(delivery: Delivery) -> bytes:
    """A feature collection on one line; `lon` and `lat` become the point, numbers stay text."""
    features = []
    for row in delivery.rows:
        properties = {
            header: row[column]
            for column, header in delivery.headers.items()
            if column not in ("lon", "lat")
        }
        point = [float(row["lon"]), float(row["lat"])]
        features.append(
            {
                "geometry": {"coordinates": point, "type": "Point"},
                "properties": properties,
                "type": "Feature",
            }
        )
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()
