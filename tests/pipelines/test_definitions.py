"""What Dagster loads."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_representation.external_data import RepositorySnap

from catalog.load import load_catalog
from pipelines.graph import build_definitions, pending_set
from warehouse.home import Home


def test_every_dataset_and_every_base_table_has_assets_with_checks() -> None:
    catalog = load_catalog()
    graph = build_definitions(catalog).resolve_asset_graph()
    keys = {"/".join(key.path) for key in graph.get_all_asset_keys()}
    for ref in catalog.datasets:
        assert {f"raw/{ref}", f"standard/{ref}"} <= keys
        checks = graph.get_check_keys_for_assets([dg.AssetKey(["standard", *ref.split("/")])])
        assert {check.name for check in checks} == {
            "conservation", "second_opinion", "open_defects", "table",
        }  # fmt: skip
    for table in catalog.base.values():
        checks = graph.get_check_keys_for_assets([dg.AssetKey(table.lake_name.split("/"))])
        assert {check.name for check in checks} == {
            "shape", "key", "volume", "provenance", "values",
        }  # fmt: skip
    assert {f"base/{name}" for name in ("population/count", "credit/subject")} <= keys
    assert {"base/legal_person/entity", "quality/reports", "published/warehouse"} <= keys


def test_the_web_server_can_be_told_of_everything_defined() -> None:
    repository = build_definitions().get_repository_def()
    told = dg.serialize_value(RepositorySnap.from_def(repository))
    assert "business_entities" in told


def test_the_sensor_asks_for_one_run_for_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKEHOUSE_HOME", str(tmp_path))
    sensor = build_definitions().resolve_sensor_def("landing")
    first = sensor(dg.build_sensor_context())
    assert isinstance(first, dg.SkipReason)
    file = tmp_path / "landing/statistics/regional_gdp/a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    requests = [sensor(dg.build_sensor_context()) for _ in range(2)]
    assert all(isinstance(request, dg.RunRequest) for request in requests)
    assert len({request.run_key for request in requests if isinstance(request, dg.RunRequest)}) == 1
    file.write_text("xy")
    assert pending_set(Home(tmp_path), load_catalog()) not in {
        request.run_key for request in requests if isinstance(request, dg.RunRequest)
    }
