"""The cells that a division reaches into."""

from __future__ import annotations

import duckdb
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quality.between.reference import CELL, DOUBT, fill, reach_of
from tests.this_catalog import this_catalog

SQUARE = np.array([[118.0, 36.0], [118.2, 36.0], [118.2, 36.2], [118.0, 36.2], [118.0, 36.0]])
HOLE = np.array(
    [[118.05, 36.05], [118.15, 36.05], [118.15, 36.15], [118.05, 36.15], [118.05, 36.05]]
)
EAST = 111_320.0 * np.cos(np.radians(36.1))
NORTH = 111_320.0


def cells_of(
    rings: list[np.ndarray[tuple[int, int], np.dtype[np.float64]]],
) -> set[tuple[int, int]]:
    return set(reach_of({"A": rings}, {}).select("x", "y").iter_rows())


def cell(lon: float, lat: float) -> tuple[int, int]:
    return int(np.floor(lon / CELL)), int(np.floor(lat / CELL))


@given(st.floats(117.9, 118.3), st.floats(35.9, 36.3))
def test_no_point_within_the_doubt_is_out_of_reach(lon: float, lat: float) -> None:
    away = np.hypot(max(118.0 - lon, 0, lon - 118.2) * EAST, max(36.0 - lat, 0, lat - 36.2) * NORTH)
    if away <= DOUBT:
        assert cell(lon, lat) in cells_of([SQUARE])
    if away > DOUBT + 2_900:  # a cell's diagonal, twice
        assert cell(lon, lat) not in cells_of([SQUARE])


def test_the_middle_of_a_hole_is_out_of_reach() -> None:
    assert cell(118.1, 36.1) in cells_of([SQUARE])
    assert cell(118.1, 36.1) not in cells_of([SQUARE, HOLE])


def test_a_zone_reaches_where_its_hosts_do() -> None:
    other = SQUARE + np.array([0.5, 0.0])
    reach = reach_of({"A": [SQUARE], "B": [other]}, {"Z": ["A", "B"]})
    of_zone = set(reach.filter(reach["division"] == "Z").select("x", "y").iter_rows())
    assert of_zone == cells_of([SQUARE]) | cells_of([other])
    assert not reach.is_duplicated().any()


def test_without_boundaries_nothing_is_in_reach() -> None:
    assert reach_of({}, {}).is_empty()


def test_the_catalogues_divisions_and_zone_agencies_are_tables_of_the_connection() -> None:
    with duckdb.connect() as con:
        fill(con, this_catalog())
        fill(con, this_catalog())
        divisions = con.execute("select distinct division from division_reach").fetchall()
        agencies = con.execute("select agency from zone_agencies").fetchall()
    assert {"370302", "370323", "370307", "370351"} <= {code for (code,) in divisions}
    assert ("gaoxin_market_supervision",) in agencies
    assert ("zhangdian_market_supervision",) not in agencies
