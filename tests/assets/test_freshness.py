"""What is made again when its inputs change."""

from __future__ import annotations

import shutil
from pathlib import Path

from assets.freshness import fingerprint
from assets.lakehouse import Lakehouse
from catalog.load import load_catalog
from warehouse.home import Clock, Home


def test_a_moved_boundary_makes_again_what_reads_boundaries_and_only_that(tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    catalog = load_catalog()
    shutil.copytree(catalog.root, root)
    tables = ("boundary", "located", "division")

    def prints() -> list[str]:
        house = Lakehouse.open(Home(tmp_path / "home"), Clock(), load_catalog(root))
        return [fingerprint(house, f"base/geospatial/{table}") for table in tables]

    before = prints()
    (file,) = (root / "geography").glob("*.geojson")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("118.", "118.0", 1), encoding="utf-8")
    assert [a == b for a, b in zip(before, prints(), strict=True)] == [False, False, True]
