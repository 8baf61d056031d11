"""The coordinate macros: a published sample, and what a shift looks like all over the city."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def shifted(con: duckdb.DuckDBPyConnection, lon: float, lat: float) -> tuple[float, float]:
    row = con.execute("select gcj02_lon($1, $2), gcj02_lat($1, $2)", [lon, lat]).fetchone()
    assert row
    return row[0], row[1]


def test_the_published_sample_is_shifted_as_published(shell: duckdb.DuckDBPyConnection) -> None:
    # WGS 84 116.404, 39.915 in the README of the open-source coordtransform.
    assert shifted(shell, 116.404, 39.915) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-12
    )


@given(st.floats(117.5, 118.6), st.floats(35.9, 37.3))
@settings(max_examples=50)
def test_in_the_city_the_shift_is_half_a_kilometre_to_the_east_north_east(
    shell: duckdb.DuckDBPyConnection, lon: float, lat: float
) -> None:
    moved = shifted(shell, lon, lat)
    (metres,) = shell.execute(
        "select metres_between($1, $2, $3, $4)", [lon, lat, *moved]
    ).fetchone() or (0,)
    assert 450 < metres < 620
    assert moved[0] > lon


def test_a_degree_of_longitude_is_shorter_in_the_north(shell: duckdb.DuckDBPyConnection) -> None:
    row = shell.execute(
        "select metres_between(118, 36, 119, 36), metres_between(118, 36, 118, 37), "
        "metres_between(118, 36, 118, 36), metres_between(118, 36, 119, null)"
    ).fetchone()
    assert row == (pytest.approx(90_060, rel=2e-3), pytest.approx(110_960, rel=2e-3), 0, None)


def test_no_point_has_no_shift(shell: duckdb.DuckDBPyConnection) -> None:
    row = shell.execute("select gcj02_lon(null, 36), gcj02_lat(118, null)").fetchone()
    assert row == (None, None)
