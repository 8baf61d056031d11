"""What passed our own checks, and what is made of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl
import pytest

from assets import freshness
from assets.bases import base_assets
from assets.intake import undo
from assets.lakehouse import Lakehouse
from assets.resource import LakehouseResource
from assets.session import session
from assets.soundness import Unsound, judged, require_sound, unsound
from warehouse.lake import LakeFile

TABLE = "standard/statistics/regional_gdp"
NAME = "base/legal_person/entity"


def test_a_table_is_sound_from_its_passing_until_its_contents_change(
    statistics: Any, line: Any
) -> None:
    assert unsound(statistics.house, [TABLE]) == []
    statistics.deliver("a.csv", line(2024, "山东省", 1000))
    assert unsound(statistics.house, [TABLE]) == [TABLE]
    judged(statistics.house, TABLE, passed=True)
    statistics.reopen()
    assert unsound(statistics.house, [TABLE]) == []
    statistics.deliver("b.csv", line(2024, "山东省", 1100))
    assert unsound(statistics.house, [TABLE]) == [TABLE]
    judged(statistics.house, TABLE, passed=True)
    with statistics.house.engine() as engine:
        undo.withdraw(statistics.house, engine, "d000002", "数据管理专员", "试验")
    assert unsound(statistics.house, [TABLE]) == [TABLE]


def test_a_table_that_once_passed_and_fails_as_it_lies_is_refused(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", line(2024, "山东省", 1000))
    judged(statistics.house, TABLE, passed=True)
    require_sound(statistics.house, [TABLE, NAME])
    judged(statistics.house, TABLE, passed=False)
    with pytest.raises(Unsound, match=TABLE):
        require_sound(statistics.house, [TABLE, NAME])


@pytest.fixture
def house(statistics: Any) -> Iterator[Lakehouse]:
    """What an asset finds open."""
    with session(0, home=statistics.home) as opened:
        yield opened


def make(house: Lakehouse, name: str = NAME) -> bool:
    """Whether the base table's asset came through."""
    outcome = dg.materialize(
        base_assets(house.catalog),
        selection=[dg.AssetKey(name.split("/"))],
        resources={"lakehouse": LakehouseResource()},
        raise_on_error=False,
    )
    return outcome.success


def test_a_base_table_whose_key_is_not_unique_is_not_noted_as_made(house: Lakehouse) -> None:
    table = house.catalog.base["legal_person.entity"]
    freshness.made(house, freshness.LINKS)
    assert make(house)
    assert NAME not in freshness.stale(house)
    file = house.lake.path(NAME) / "planted.parquet"
    row = pl.DataFrame({table.keys[0]: ["91370300164106812B"] * 2, "_build": [1, 1]})
    row = row.with_columns(_op=pl.lit("upsert"))
    row.match_to_schema(house.lake.schema(NAME), missing_columns="insert").write_parquet(file)
    house.lake.commit(NAME, [LakeFile(file, 2)], "planted")
    for _ in range(2):
        assert NAME in freshness.stale(house)
        assert not make(house)
        with pytest.raises(Unsound):
            require_sound(house, [NAME])
    house.lake.commit(NAME, [], "mended", remove=[file.name])
    assert make(house)
    assert unsound(house, [NAME]) == []
    assert NAME not in freshness.stale(house)


def test_a_base_table_is_not_made_of_a_dataset_that_did_not_pass(house: Lakehouse) -> None:
    ref = house.catalog.base["legal_person.entity"].datasets[0]
    house.lake.ensure(f"standard/{ref}", house.schemas[f"standard/{ref}"])
    assert not make(house)
    assert not house.lake.exists(NAME)
    judged(house, f"standard/{ref}", passed=True)
    assert make(house)
