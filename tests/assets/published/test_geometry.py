"""The column `geometry` of the published file, read by a client without the spatial extension."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.base.deriving import derive
from assets.derived_tables import derived_tables
from tests.assets.published.written import Written, read
from tests.this_catalog import this_catalog
from warehouse import spatial

ADDRESSES = "public_security/standard_addresses"
SCHOOLS = "education/schools"
POINT = {"lon": 118.0494, "lat": 36.8092}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two addresses, one of them without a point, and a school."""
    written = Written(tmp_path_factory.mktemp("home"), this_catalog())
    written.row(ADDRESSES, "A1", address_code="A1", division="370303", **POINT)
    written.row(ADDRESSES, "A2", address_code="A2", division="370303", _row=2)
    written.row(SCHOOLS, "S1", school_code="S1", division="370303", **POINT)
    written.publish()
    with written.house.engine() as engine:
        for table in derived_tables():
            if table.database == "geospatial":
                derive(written.house, engine, table)
    yield written.publish()


def test_a_plain_client_reads_points_and_boundaries(places: Path) -> None:
    assert read(
        places,
        "SELECT address_code, typeof(geometry), ST_AsText(geometry) FROM geospatial.address"
        " ORDER BY address_code",
    ) == [("A1", "GEOMETRY", "POINT (118.0494 36.8092)"), ("A2", "GEOMETRY", None)]
    assert read(places, "SELECT subject_id, ST_AsText(geometry) FROM geospatial.located") == [
        ("S1", "POINT (118.0494 36.8092)")
    ]
    assert read(
        places,
        "SELECT count(*), bool_and(ST_AsText(geometry) LIKE 'MULTIPOLYGON (((%')"
        " FROM geospatial.boundary",
    ) == [(8, True)]


def test_the_file_is_of_the_format_that_duckdb_1_4_opens(places: Path) -> None:
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH '{places}' AS file (READ_ONLY)")
        told = reader.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'file'")
        assert told.fetchone() == ({"storage_version": "v1.4.0+"},)


def test_the_extensions_functions_work_on_what_is_published(places: Path) -> None:
    with duckdb.connect(str(places), read_only=True) as reader:
        spatial.load(reader)
        found = reader.execute(
            "SELECT county.division FROM geospatial.boundary AS county"
            " JOIN geospatial.address AS point ON st_covers(county.geometry, point.geometry)"
        ).fetchall()
    assert found == [("370303",)]


def test_the_comment_says_which_coordinates_they_are(places: Path) -> None:
    told = read(
        places,
        "SELECT table_name, comment LIKE '%EPSG:4490%' FROM duckdb_columns()"
        " WHERE column_name = 'geometry' ORDER BY ALL",
    )
    assert told == [
        ("address", True), ("address_history", True), ("boundary", True), ("located", True)
    ]  # fmt: skip


def test_an_address_as_of_a_moment_has_its_point(places: Path) -> None:
    found = read(
        places,
        "SELECT ST_AsText(geometry) FROM geospatial.address_as_of('2027-01-01 00:00:00')"
        " WHERE address_code = 'A1'",
    )
    assert found == [("POINT (118.0494 36.8092)",)]


def test_a_point_is_traced_to_the_columns_of_its_coordinates(places: Path) -> None:
    found = read(
        places,
        "SELECT dataset, dataset_column FROM catalog.lineage WHERE published_column = 'geometry'"
        " AND published_table = 'geospatial.address' ORDER BY place",
    )
    assert found == [(ADDRESSES, "lon"), (ADDRESSES, "lat")]
