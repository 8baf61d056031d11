"""What Dagster loads."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.api import create_execution_plan
from dagster._core.remote_representation.external_data import RepositorySnap

from assets.derived_tables import derived_tables
from pipelines.graph import build_definitions, pending_set
from pipelines.run import taken_in
from tests.this_catalog import this_catalog
from warehouse.home import Home


def test_every_dataset_and_every_base_table_has_assets_with_checks() -> None:
    catalog = this_catalog()
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


def test_what_reads_the_delivery_log_is_made_when_all_deliveries_are_taken_in() -> None:
    """In a run of one dataset that none of these tables reads otherwise."""
    taken = {f"{layer}/ecology/air_hourly" for layer in ("raw", "standard")}
    reading = {t.lake_name for t in derived_tables() if "quality/delivery_events" in t.reads}
    job = build_definitions().resolve_implicit_global_asset_job_def()
    chosen = {dg.AssetKey(name.split("/")) for name in taken | reading}
    plan = create_execution_plan(job.get_subset(asset_selection=chosen))
    levels = [[step.key for step in level] for level in plan.get_steps_to_execute_by_level()]
    assert levels == [["ecology__air_hourly"], ["base_derived"]]


def test_datasets_are_taken_in_in_the_order_in_which_they_are_staged_ahead() -> None:
    catalog = this_catalog()
    chosen = [f"{layer}/{ref}" for ref in catalog.datasets for layer in ("raw", "standard")]
    job = build_definitions(catalog).resolve_implicit_global_asset_job_def()
    assets = {dg.AssetKey(name.split("/")) for name in chosen}
    plan = create_execution_plan(job.get_subset(asset_selection=assets))
    taken = list(plan.get_executable_step_deps())
    assert taken == [ref.replace("/", "__") for ref in taken_in(catalog, chosen)]


def test_every_table_that_reads_the_delivery_log_waits_for_every_dataset() -> None:
    catalog = this_catalog()
    graph = build_definitions(catalog).resolve_asset_graph()
    standard = {dg.AssetKey(["standard", *ref.split("/")]) for ref in catalog.datasets}
    for table in derived_tables():
        parents = graph.get(dg.AssetKey(table.lake_name.split("/"))).parent_keys
        assert (standard <= parents) == ("quality/delivery_events" in table.reads)


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
    assert pending_set(Home(tmp_path), this_catalog()) not in {
        request.run_key for request in requests if isinstance(request, dg.RunRequest)
    }
