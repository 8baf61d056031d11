"""What a home remembers of its runs beside the lake: short texts by name, in `made.json`.

Belongs here: reading and keeping them. What they say stands in `assets.freshness` (what a product
was made from), `assets.soundness` (what passed our checks) and `assets.registry` (what it found).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

from assets.lakehouse import Lakehouse

_CHANGING = Lock()
"""Reports, publication and the registry are made side by side."""


def note(lakehouse: Lakehouse, told: Mapping[str, str]) -> None:
    """Keeps these beside the ones noted before."""
    with _CHANGING:
        _write(lakehouse, {**noted(lakehouse), **told})


def forget(lakehouse: Lakehouse, names: Iterable[str]) -> None:
    """Drops what was noted under these names."""
    gone = set(names)
    with _CHANGING:
        kept = {name: told for name, told in noted(lakehouse).items() if name not in gone}
        _write(lakehouse, kept)


def noted(lakehouse: Lakehouse) -> dict[str, str]:
    """All that was noted, by name."""
    try:
        known: dict[str, str] = json.loads(_file(lakehouse).read_text())
    except FileNotFoundError:
        return {}
    return known


def _write(lakehouse: Lakehouse, told: Mapping[str, str]) -> None:
    path = _file(lakehouse)
    building = path.with_suffix(".building")
    building.write_text(json.dumps(told, indent=1))
    os.replace(building, path)


def _file(lakehouse: Lakehouse) -> Path:
    return lakehouse.home.root / "made.json"
