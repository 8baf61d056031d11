"""The boundaries of the city's divisions, and the zones that have none of their own.

Belongs here: reading what `catalog/geography/` holds. Does not belong here: what is worked out from
it (`quality.between.reference`, `assets.base.reference`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.parse import read_yaml

Ring = list[list[float]]
"""Corners (longitude, latitude) of a closed line, the first repeated at the end."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A division's boundary: polygons, each its outer ring and then its holes."""

    division: str
    name: str
    polygons: list[list[Ring]]


@dataclass(frozen=True, slots=True)
class Geography:
    """Boundaries in the order of their files, and zone → the divisions that host it."""

    boundaries: tuple[Boundary, ...]
    hosts: Mapping[str, tuple[str, ...]]


def read_geography(root: Path) -> Geography:
    """All declarations that the catalogue at `root` holds, if any. ValueError if one is
    unreadable."""
    boundaries: list[Boundary] = []
    hosts: dict[str, tuple[str, ...]] = {}
    for declaration in sorted((root / "geography").glob("*.yaml")):
        content, findings = read_yaml(declaration, declaration.name)
        if findings:
            raise ValueError(str(findings[0]))
        declared: Mapping[str, Any] = dict(content)
        file = declaration.with_name(declared["boundaries"]["file"])
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            told, shape = feature["properties"], feature["geometry"]
            given = shape["coordinates"]
            polygons = given if shape["type"] == "MultiPolygon" else [given]
            boundaries.append(Boundary(told["code"], told["name"], polygons))
        hosts |= {zone["code"]: tuple(zone["hosts"]) for zone in declared["zones"]}
    return Geography(tuple(boundaries), hosts)
