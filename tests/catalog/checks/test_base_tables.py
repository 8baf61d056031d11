"""Faults of the base tables' declarations."""

from __future__ import annotations

from dataclasses import replace

from catalog.checks.base_tables import check_base_tables
from catalog.findings import Sources
from catalog.load import load_catalog
from catalog.models.geometry import Geometry


def test_a_geometry_is_made_of_the_tables_own_columns() -> None:
    catalog = load_catalog()
    table = catalog.base["geospatial.address"]
    geometry = Geometry(name="点位", made_of=("longitude", "lat"))
    broken = table.model_copy(update={"geometry": geometry})
    found = check_base_tables(replace(catalog, base={table.ref: broken}), Sources({}, set()))
    assert [(each.file, each.field, each.found) for each in found] == [
        ("base/geospatial/address.yaml", "geometry.made_of", "longitude")
    ]
