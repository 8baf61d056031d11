"""What passed our own checks, and what is made of nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets import freshness
from assets.base.legal_person.entity import ENTITY
from assets.base.tables import BaseTable
from assets.bases import base_asset
from assets.intake import undo
from assets.lakehouse import Lakehouse
from assets.resource import LakehouseResource
from assets.session import session
from assets.soundness import Unsound, judged, require_sound, unsound

TABLE = "standard/statistics/regional_gdp"
NAME = ENTITY.lake_name


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


def make(house: Lakehouse, table: BaseTable) -> bool:
    """Whether the base table's asset came through."""
    outcome = dg.materialize(
        [base_asset(house.catalog, table)],
        resources={"lakehouse": LakehouseResource()},
        raise_on_error=False,
    )
    return outcome.success


def test_a_base_table_whose_key_is_not_unique_is_not_noted_as_made(
    house: Lakehouse, tmp_path: Path
) -> None:
    folder = shutil.copytree(ENTITY.folder, tmp_path / "models")
    (folder / "entity.sql").write_text(
        f"WITH one AS ({_one_row()}) FROM one UNION ALL FROM one", encoding="utf-8"
    )
    doubled = replace(ENTITY, folder=folder)
    assert not make(house, doubled)
    assert unsound(house, [NAME]) == [NAME]
    assert NAME in freshness.stale(house)
    with pytest.raises(Unsound):
        require_sound(house, [NAME])
    assert make(house, ENTITY)
    assert unsound(house, [NAME]) == []
    assert NAME not in freshness.stale(house)


def test_a_base_table_is_not_made_of_a_dataset_that_did_not_pass(house: Lakehouse) -> None:
    source = f"standard/{ENTITY.datasets[0]}"
    house.lake.ensure(source, house.schemas[source])
    assert not make(house, ENTITY)
    assert not house.lake.exists(NAME)
    judged(house, source, passed=True)
    assert make(house, ENTITY)


def _one_row() -> str:
    """A row of the model's columns, all but the key null."""
    return (
        f"SELECT * REPLACE ('91370300164106812B' AS entity_id) FROM ({ENTITY.model}) "
        "RIGHT JOIN (SELECT 1) ON true"
    )
