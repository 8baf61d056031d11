"""What derived tables read of the catalogue itself, as temporary tables of a connection.

Belongs here: `code_rows` (code_table, code, name, valid_from, valid_to) and `boundary_rows`
(division, name, wkt). Does not belong here: the references of rules between datasets
(`quality.between.reference`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import duckdb

from catalog.entries import Catalog

_CODES = ("code_table", "code", "name", "valid_from", "valid_to")
_BOUNDARIES = ("division", "name", "wkt")
PREFIX = "catalog/"
"""Of a name among what a derived table reads: a code table, or `geography`."""


def provide(con: duckdb.DuckDBPyConnection, catalog: Catalog, reads: Sequence[str]) -> None:
    """Makes both tables, holding what `reads` names of the catalogue."""
    named = [name.removeprefix(PREFIX) for name in reads if name.startswith(PREFIX)]
    codes = [
        (table, code.code, code.name, code.valid_from, code.valid_to)
        for table in named
        if table != "geography"
        for code in catalog.codes(table)
    ]
    _make(con, "code_rows", _CODES, codes)
    _make(con, "boundary_rows", _BOUNDARIES, _boundaries(catalog) if "geography" in named else [])


def _make(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    listed = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    given = ", ".join(f"unnest(${at}::VARCHAR[]) AS {name}" for at, name in enumerate(columns, 1))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {given}", listed)


def _boundaries(catalog: Catalog) -> list[tuple[str, str, str]]:
    found = []
    for file in sorted((catalog.root / "geography").glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            told = feature["properties"]
            found.append((told["code"], told["name"], _wkt(feature["geometry"])))
    return found


def _wkt(geometry: dict[str, Any]) -> str:
    """A GeoJSON polygon or multipolygon as well-known text."""
    given = geometry["coordinates"]
    polygons = given if geometry["type"] == "MultiPolygon" else [given]

    def ring(points: Sequence[Sequence[float]]) -> str:
        return f"({', '.join(f'{lon} {lat}' for lon, lat, *_ in points)})"

    told = ", ".join(f"({', '.join(map(ring, polygon))})" for polygon in polygons)
    return f"MULTIPOLYGON ({told})"
