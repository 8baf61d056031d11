"""What derived tables read of the catalogue itself, as temporary tables of a connection.

Belongs here: `code_rows` (code_table, code, name, valid_from, valid_to); of the geography
`boundary_rows` (division, name, wkt, and doubt: metres by which the line may be wrong), `host_rows`
(zone, host: a division in which it lies) and `zone_agency_rows` (agency: those of zones). Does not
belong here: the references of rules between datasets (`quality.between.reference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb

from catalog.entries import Catalog
from catalog.geography import Boundary, Ring, read_geography
from quality.between.reference import DOUBT

PREFIX: Final = "catalog/"
"""Of a name among what a derived table reads: a code table, or `geography`."""
TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "code_rows": dict.fromkeys(
        ("code_table", "code", "name", "valid_from", "valid_to"), "VARCHAR"
    ),
    "boundary_rows": {
        "division": "VARCHAR", "name": "VARCHAR", "wkt": "VARCHAR", "doubt": "DOUBLE"
    },
    "host_rows": {"zone": "VARCHAR", "host": "VARCHAR"},
    "zone_agency_rows": {"agency": "VARCHAR"},
}  # fmt: skip
"""Temporary table → its columns and their types."""


def provide(con: duckdb.DuckDBPyConnection, catalog: Catalog, reads: Sequence[str]) -> None:
    """Makes the tables, holding what `reads` names of the catalogue."""
    named = [name.removeprefix(PREFIX) for name in reads if name.startswith(PREFIX)]
    rows = {"code_rows": _codes(catalog, (name for name in named if name != "geography"))}
    if "geography" in named:
        rows |= _geography(catalog)
    for table, columns in TABLES.items():
        _make(con, table, columns, list(rows.get(table, ())))


def _make(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    if not rows:  # DuckDB imports pandas to read lists
        named = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({named})")
        return
    listed = [list(column) for column in zip(*rows, strict=True)]
    given = ", ".join(
        f"unnest(${at}::{kind}[]) AS {name}" for at, (name, kind) in enumerate(columns.items(), 1)
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {given}", listed)


def _codes(catalog: Catalog, tables: Iterable[str]) -> Iterator[Sequence[Any]]:
    for table in tables:
        for code in catalog.codes(table):
            yield table, code.code, code.name, code.valid_from, code.valid_to


def _geography(catalog: Catalog) -> dict[str, Iterator[Sequence[Any]]]:
    known = read_geography(catalog.root)
    return {
        "boundary_rows": (
            (each.division, each.name, _wkt(each), DOUBT) for each in known.boundaries
        ),
        "host_rows": ((zone, host) for zone, hosts in known.hosts.items() for host in hosts),
        "zone_agency_rows": (
            (agency.id,) for agency in catalog.agencies.values() if agency.level == "zone"
        ),
    }


def _wkt(boundary: Boundary) -> str:
    """A boundary as well-known text."""

    def ring(points: Ring) -> str:
        return f"({', '.join(f'{lon} {lat}' for lon, lat, *_ in points)})"

    told = ", ".join(f"({', '.join(map(ring, polygon))})" for polygon in boundary.polygons)
    return f"MULTIPOLYGON ({told})"
