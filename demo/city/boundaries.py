"""Points that lie inside a district.

Belongs here: the districts' boundaries of the catalogue, and cells of a grid that lie wholly
within one. A point anywhere in such a cell needs no test of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Floats

CELL: Final = 0.002
"""Side of a cell in degrees: some 200 m."""

Ring = NDArray[np.float64]


class Boundaries:
    """The polygons of `catalog/geography/zibo_districts.geojson` by county code."""

    def __init__(self, catalog_root: Path) -> None:
        path = catalog_root / "geography" / "zibo_districts.geojson"
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        self.rings: Mapping[str, tuple[Ring, ...]] = {
            feature["properties"]["code"]: tuple(
                np.asarray(ring, dtype=np.float64)
                for polygon in feature["geometry"]["coordinates"]
                for ring in polygon
            )
            for feature in features
        }

    def contains(self, county: str, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
        """Whether each point lies in the county: by the even number of crossings, all rings."""
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        inside = np.zeros(x.shape, dtype=bool)
        for ring in self.rings[county]:
            for (ax, ay), (bx, by) in pairwise(ring):
                if ay == by:
                    continue
                crosses = (ay > y) != (by > y)
                inside ^= crosses & (x < ax + (y - ay) * (bx - ax) / (by - ay))
        return inside

    @cached_property
    def cells(self) -> Mapping[str, NDArray[np.int64]]:
        """For each county its inner cells (column, row), near ones near each other in the list."""
        return {county: self._inner_cells(county) for county in self.rings}

    def _inner_cells(self, county: str) -> NDArray[np.int64]:
        rings = self.rings[county]
        corners = np.vstack(rings)
        low = np.floor(corners.min(axis=0) / CELL).astype(np.int64)
        high = np.ceil(corners.max(axis=0) / CELL).astype(np.int64)
        columns, rows = np.meshgrid(
            np.arange(low[0], high[0]), np.arange(low[1], high[1]), indexing="ij"
        )
        free = ~_on_border(rings, low, high)
        free &= self.contains(county, (columns + 0.5) * CELL, (rows + 0.5) * CELL)
        found = np.stack([columns[free], rows[free]], axis=1)
        return found[np.argsort(_interleaved(found - low), kind="stable")]


def _on_border(
    rings: tuple[Ring, ...], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Cells that a boundary passes through, and those beside them."""
    hit = np.zeros(high - low, dtype=bool)
    for ring in rings:
        for start, end in pairwise(ring):
            steps = int(np.abs(end - start).max() / (CELL / 4)) + 2
            points = start + np.linspace(0, 1, steps)[:, None] * (end - start)
            at = np.clip(np.floor(points / CELL).astype(np.int64) - low, 0, high - low - 1)
            hit[at[:, 0], at[:, 1]] = True
    wide = hit.copy()
    for axis in (0, 1):
        wide |= np.roll(wide, 1, axis) | np.roll(wide, -1, axis)
    return wide


def _interleaved(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """The Morton number of a column and a row: alternating bits."""
    code = np.zeros(len(cells), dtype=np.int64)
    for bit in range(12):
        code |= (cells[:, 0] >> bit & 1) << (2 * bit) | (cells[:, 1] >> bit & 1) << (2 * bit + 1)
    return code


def position(cells: NDArray[np.int64], at: Floats) -> Floats:
    """The coordinate at a share (0 to 1) of a cell's side, to six decimals."""
    place: Floats = np.round((cells + 0.05 + 0.9 * at) * CELL, 6)
    return place
