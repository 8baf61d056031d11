"""Damages of coordinates.

Belongs here: what makes a point wrong. Where the right points are stands in `demo.city.places`.

The shift is the public approximation of GCJ-02 (国测局坐标) for points given in CGCS2000 / WGS 84.
"""

from __future__ import annotations

import math
from typing import Final

from demo.city.defects.damage import Changes, Hit, damage

_SEMI_MAJOR: Final = 6378245.0
"""Metres: the Krasovsky 1940 ellipsoid, on which the shift is defined."""
_ECCENTRICITY: Final = 0.00669342162296594323
_TRIES: Final = 60
_ADDRESSES: Final = "public_security/standard_addresses"


def _point(hit: Hit) -> tuple[float, float] | None:
    lon, lat = hit.fact("lon"), hit.fact("lat")
    return None if lon is None or lat is None else (float(lon), float(lat))


def _degrees(lon: float, lat: float) -> Changes:
    return {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}


@damage("swapped_coordinates")
def swapped(hit: Hit) -> Changes | None:
    """Latitude as longitude and the other way round."""
    return {"lon": hit.text("lat"), "lat": hit.text("lon")} if _point(hit) else None


@damage("zero_coordinates")
def zero(hit: Hit) -> Changes | None:
    """The point where the equator meets Greenwich's meridian."""
    return {"lon": "0", "lat": "0"} if _point(hit) else None


@damage("shifted_coordinates")
def shifted(hit: Hit) -> Changes | None:
    """GCJ-02 in place of CGCS2000: some 500 metres off the point of the standard address."""
    point, address = _point(hit), hit.fact("address_code")
    if point is None or address is None or not hit.are_sound(_ADDRESSES, address):
        return None
    return _degrees(*gcj02(*point))


@damage("outside_division")
def outside_division(hit: Hit) -> Changes | None:
    """The point of an address well outside the county. A zone has no boundary to be outside of."""
    division = hit.fact(hit.target.other)
    outside = hit.know.far_from.get(division[:6]) if division else None
    if _point(hit) is None or outside is None:
        return None
    first = hit.number(len(hit.know.somewhere))
    for turn in range(_TRIES):
        lon, lat = hit.know.somewhere[first - turn]
        if outside[first - turn]:
            return _degrees(lon, lat)
    return None


def gcj02(lon: float, lat: float) -> tuple[float, float]:
    """A point of CGCS2000 as GCJ-02 has it; degrees."""
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += waves * 2.0 / 3.0
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (
        (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    )
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += waves * 2.0 / 3.0
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (
        (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    )
    radians = lat / 180.0 * math.pi
    magic = 1.0 - _ECCENTRICITY * math.sin(radians) ** 2
    root = math.sqrt(magic)
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY) / (magic * root)
    parallel = _SEMI_MAJOR / root * math.cos(radians)
    return (
        lon + east * 180.0 / (parallel * math.pi),
        lat + north * 180.0 / (meridian * math.pi),
    )
