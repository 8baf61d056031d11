"""What rules between datasets need and no dataset holds, as tables of the connection.

Belongs here: making those relations from the catalogue. What is done with them stands in the
queries.

- `division_reach`: division, x, y: cells of a grid, side `CELL` degrees, numbered
  `floor(degrees / CELL)` from the meridian and the equator, that a point of the division may lie
  in: those inside its boundary, and those with a part within `DOUBT` metres of it. A zone has no
  boundary of its own: its points may lie wherever those of its hosts may.
- `zone_agencies`: agency: those of zones.
- `division_names`: division, name: of those that have a boundary, and of zones.
- `county_names`: name: of the counties that have a boundary. `names_of_place`: division, name: what
  an address of the division may call its county: its own name, a zone's hosts, a host's zones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from catalog.entries import Catalog
from catalog.geography import read_geography

CELL: Final = 0.01
"""Side of a cell in degrees: some 900 m by 1100 m."""
DOUBT: Final = 2_000.0
"""Metres from a boundary within which a point says nothing: the boundaries at hand are coarse."""
_METRES_A_DEGREE: Final = 111_320.0

Floats = NDArray[np.float64]
Ring = Floats
"""Corners (lon, lat) of a closed line, the first repeated at the end."""


_TABLES: Final = {
    "division_reach": {"division": "varchar", "x": "bigint", "y": "bigint"},
    "zone_agencies": {"agency": "varchar"},
    "division_names": {"division": "varchar", "name": "varchar"},
    "county_names": {"name": "varchar"},
    "names_of_place": {"division": "varchar", "name": "varchar"},
}


def make(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables on a connection, empty: enough to bind a query to."""
    for table, columns in _TABLES.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"create or replace temp table {table} ({listed})")


def fill(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Makes the temporary tables on a connection, with what the catalogue says."""
    make(con)
    rings, hosts = _geography(catalog.root)
    names = _names(catalog, {*rings, *hosts})
    named = [(division, names[one]) for division, one in _of_one_place(hosts, names)]
    reach = _reach(catalog.root)
    rows: dict[str, list[list[Any]]] = {
        "division_reach": [reach[column].to_list() for column in reach.columns],
        "zone_agencies": [[a.id for a in catalog.agencies.values() if a.level == "zone"]],
        "division_names": [list(names), list(names.values())],
        "county_names": [[name for division, name in names.items() if division in rings]],
        "names_of_place": [[division for division, _ in named], [name for _, name in named]],
    }
    for table, columns in rows.items():
        kinds = _TABLES[table].values()
        values = ", ".join(f"unnest(${at}::{kind}[])" for at, kind in enumerate(kinds, start=1))
        con.execute(f"insert into {table} select {values}", columns)


def _names(catalog: Catalog, divisions: set[str]) -> dict[str, str]:
    """Division → its name, of those that the catalogue names."""
    element = catalog.elements.get("division")
    codes = catalog.codes(element.code_table) if element and element.code_table else ()
    return {code.code: code.name for code in codes if code.code in divisions}


def _of_one_place(
    hosts: Mapping[str, Sequence[str]], names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(division, division that an address of it may name)."""
    for division in names:
        yield division, division
    for zone, around in hosts.items():
        for host in around:
            if zone in names and host in names:
                yield zone, host
                yield host, zone


@cache
def _reach(root: Path) -> pl.DataFrame:
    return reach_of(*_geography(root))


def _geography(root: Path) -> tuple[dict[str, list[Ring]], Mapping[str, tuple[str, ...]]]:
    """Division → the rings of its boundary; zone → its hosts."""
    geography = read_geography(root)
    rings = {
        boundary.division: [
            np.asarray(ring, dtype=np.float64) for polygon in boundary.polygons for ring in polygon
        ]
        for boundary in geography.boundaries
    }
    return rings, geography.hosts


def reach_of(
    boundaries: Mapping[str, list[Ring]], zones: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """division, x, y: the cells that each division reaches into; see the module.

    `boundaries`: division → rings in degrees, of which a point lies inside that is inside an odd
    number; `zones`: zone → the divisions that host it.
    """
    cells = {division: _cells(rings) for division, rings in boundaries.items()}
    for zone, hosts in zones.items():
        cells[zone] = np.unique(np.vstack([cells[host] for host in hosts]), axis=0)
    return pl.DataFrame(
        [
            (division, x, y)
            for division, part in cells.items()
            for x, y in zip(part[:, 0].tolist(), part[:, 1].tolist(), strict=True)
        ],
        schema={"division": pl.String, "x": pl.Int64, "y": pl.Int64},
        orient="row",
    )


def _cells(rings: list[Ring]) -> NDArray[np.int64]:
    """The cells (x, y) that are inside the rings or, with a part, within DOUBT of them."""
    corners = np.vstack(rings)
    across = np.cos(np.radians(corners[:, 1].mean())) * _METRES_A_DEGREE
    scale = np.array([across, _METRES_A_DEGREE])
    near = DOUBT + float(np.hypot(*(scale * CELL / 2)))
    margin = np.ceil(near / (scale * CELL))
    low = (np.floor(corners.min(axis=0) / CELL) - margin).astype(np.int64)
    high = (np.floor(corners.max(axis=0) / CELL) + margin).astype(np.int64)
    columns, rows = np.meshgrid(
        np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1), indexing="ij"
    )
    cells = np.stack([columns.ravel(), rows.ravel()], axis=1)
    centres = (cells + 0.5) * CELL * scale
    edges = [edge for ring in rings for edge in pairwise(ring * scale)]
    reached = _inside(centres, edges) | (_distance(centres, edges) <= near)
    return cells[reached]


def _inside(points: Floats, edges: list[tuple[Floats, Floats]]) -> NDArray[np.bool_]:
    """Whether a ray from each point crosses an odd number of edges."""
    x, y = points.T
    inside = np.zeros(len(points), dtype=bool)
    for (ax, ay), (bx, by) in edges:
        if ay != by:
            crosses = (ay > y) != (by > y)
            inside ^= crosses & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return inside


def _distance(points: Floats, edges: list[tuple[Floats, Floats]]) -> Floats:
    """Metres from each point to the nearest edge."""
    least = np.full(len(points), np.inf)
    for start, end in edges:
        along = end - start
        length = float(along @ along)
        part = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
        gap = points - (start + part[:, None] * along)
        least = np.minimum(least, np.hypot(gap[:, 0], gap[:, 1]))
    return least
