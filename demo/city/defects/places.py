"""Damages of coordinates.

Belongs here: what makes a point wrong. Where the right points are stands in `demo.city.places`.

The shift is the public approximation of GCJ-02 (国测局坐标) for points given in CGCS2000 / WGS 84.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

from demo.city.defects.damage import Changes, Hit, damage, where
from demo.city.rng import Floats

_SEMI_MAJOR: Final = 6378245.0
"""Metres: the Krasovsky 1940 ellipsoid, on which the shift is defined."""
_ECCENTRICITY: Final = 0.00669342162296594323
_FAR: Final = 0.15
"""Degrees: some 15 km, well beyond what a coarse boundary leaves in doubt."""
_TRIES: Final = 8


def _points(hit: Hit) -> tuple[pl.Series, pl.Series, pl.Series]:
    lon, lat = hit.facts["lon"], hit.facts["lat"]
    return lon, lat, lon.is_not_null() & lat.is_not_null()


def _changed(hit: Hit, known: pl.Series, lon: pl.Series, lat: pl.Series) -> Changes:
    return {
        "lon": where(known, lon, hit.text["lon"]),
        "lat": where(known, lat, hit.text["lat"]),
    }


@damage("swapped_coordinates")
def swapped(hit: Hit) -> Changes:
    """Latitude as longitude and the other way round."""
    _, _, known = _points(hit)
    return _changed(hit, known, hit.text["lat"], hit.text["lon"])


@damage("zero_coordinates")
def zero(hit: Hit) -> Changes:
    """The point where the equator meets Greenwich's meridian."""
    _, _, known = _points(hit)
    zeros = pl.Series(["0"] * len(hit.bits), dtype=pl.String)
    return _changed(hit, known, zeros, zeros)


@damage("shifted_coordinates")
def shifted(hit: Hit) -> Changes:
    """GCJ-02 in place of CGCS2000: some 500 metres off."""
    lon, lat, known = _points(hit)
    x, y = lon.fill_null(118.0).to_numpy(), lat.fill_null(36.8).to_numpy()
    return _changed(hit, known, *(_degrees(values) for values in gcj02(x, y)))


@damage("outside_division")
def outside_division(hit: Hit) -> Changes:
    """The point of an address in another county, well away from the right one."""
    lon, lat, known = _points(hit)
    places, near = hit.city.places, known.to_numpy()
    x, y = lon.fill_null(0.0).to_numpy().copy(), lat.fill_null(0.0).to_numpy().copy()
    right = np.stack([x, y])
    county = hit.facts[hit.target.other].fill_null("").str.head(6).to_numpy()
    pending = near.copy()
    for turn in range(_TRIES):
        address = (hit.bits >> np.uint64(turn * 4)) % np.uint64(places.count)
        there = address.astype(np.int64)
        far_x, far_y = places.points(there)
        elsewhere = places.division_codes(there).to_numpy() != county
        away = np.hypot(far_x - right[0], far_y - right[1]) > _FAR
        taken = pending & elsewhere & away
        x[taken], y[taken] = far_x[taken], far_y[taken]
        pending &= ~taken
    return _changed(hit, known & pl.Series(~pending), _degrees(x), _degrees(y))


def _degrees(values: Floats) -> pl.Series:
    return pl.Series([f"{value:.6f}" for value in values.tolist()], dtype=pl.String)


def gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Points of CGCS2000 as GCJ-02 has them; degrees."""
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * np.sin(6.0 * x * math.pi) + 20.0 * np.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += waves * 2.0 / 3.0
    north += (20.0 * np.sin(y * math.pi) + 40.0 * np.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * math.pi) + 320.0 * np.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += waves * 2.0 / 3.0
    east += (20.0 * np.sin(x * math.pi) + 40.0 * np.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * math.pi) + 300.0 * np.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = lat / 180.0 * math.pi
    magic = 1.0 - _ECCENTRICITY * np.sin(radians) ** 2
    root = np.sqrt(magic)
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY) / (magic * root)
    parallel = _SEMI_MAJOR / root * np.cos(radians)
    return (
        lon + east * 180.0 / (parallel * math.pi),
        lat + north * 180.0 / (meridian * math.pi),
    )
