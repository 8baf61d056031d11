"""A base table in the lake: committed when its rows change, readable by anyone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from assets.base.legal_person.entity import ENTITY
from deltalake import DeltaTable

from assets.base.build import build_entity
from assets.lakehouse import Lakehouse
from catalog.load import Catalog
from warehouse.home import Clock, Home
from warehouse.lake import LakeFile

REGISTERED = "standard/market_supervision/business_entities"
USCC = "91370303MA3EXMPL6B"


@pytest.fixture
def lakehouse(tmp_path: Path, catalog: Catalog) -> Lakehouse:
    return Lakehouse.open(Home(tmp_path), Clock(), catalog)


def _register(lakehouse: Lakehouse, name: str, transaction: str) -> None:
    """One registered entity in the standard table, as it stands after a delivery."""
    schema = lakehouse.schemas[REGISTERED]
    lakehouse.lake.ensure(REGISTERED, schema)
    row = {
        "uscc": USCC, "name": name, "_key": USCC, "_op": "upsert", "_row": 1, "_seq": 1,
        "_delivery": "d000001", "_agency": "market_supervision", "_failed": 0, "_normalised": 0,
    }  # fmt: skip
    frame = pl.DataFrame([row], schema={name: schema[name] for name in row}).match_to_schema(
        schema, missing_columns="insert"
    )
    file = lakehouse.lake.path(REGISTERED) / f"{transaction}.parquet"
    frame.write_parquet(file)
    old = [path.rpartition("/")[2] for path in lakehouse.lake.files(REGISTERED)]
    lakehouse.lake.commit(REGISTERED, [LakeFile(file, 1)], transaction, remove=old)


def _build(lakehouse: Lakehouse) -> bool:
    with lakehouse.engine() as engine:
        return build_entity(lakehouse, engine)


def test_unchanged_sources_leave_the_version_as_it_is(lakehouse: Lakehouse) -> None:
    _register(lakehouse, "甲公司", "one")
    assert _build(lakehouse)
    version = lakehouse.lake.version(ENTITY.lake_name)
    assert not _build(lakehouse)
    assert lakehouse.lake.version(ENTITY.lake_name) == version


def test_a_changed_value_replaces_the_rows_in_one_version(lakehouse: Lakehouse) -> None:
    _register(lakehouse, "甲公司", "one")
    _build(lakehouse)
    before = lakehouse.lake.version(ENTITY.lake_name)
    _register(lakehouse, "乙公司", "two")
    assert _build(lakehouse)
    assert lakehouse.lake.version(ENTITY.lake_name) == (before or 0) + 1
    table = DeltaTable(str(lakehouse.lake.path(ENTITY.lake_name)))
    assert pl.read_delta(table).select("entity_id", "name").rows() == [(USCC, "乙公司")]


def test_the_engine_shows_what_was_built(lakehouse: Lakehouse) -> None:
    _register(lakehouse, "甲公司", "one")
    with lakehouse.engine() as engine:
        build_entity(lakehouse, engine)
        found = engine.con.execute("SELECT name FROM base.legal_person.entity").fetchall()
    assert found == [("甲公司",)]


def test_a_file_left_by_a_killed_build_is_written_over(lakehouse: Lakehouse) -> None:
    _register(lakehouse, "甲公司", "one")
    folder = lakehouse.lake.path(ENTITY.lake_name)
    lakehouse.lake.ensure(ENTITY.lake_name, ENTITY.schema(lakehouse.catalog))
    (folder / "00000001-entity.parquet").write_bytes(b"half a file")
    assert _build(lakehouse)
    assert pl.read_delta(str(folder))["name"].to_list() == ["甲公司"]
