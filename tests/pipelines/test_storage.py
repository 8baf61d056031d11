"""Dagster's storage with files that stay open holds what Dagster's own would."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipelines.instance import instance
from pipelines.storage import _OPEN, EventLog
from warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("LAKEHOUSE_HOME", "LAKEHOUSE_DAGSTER", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")
    home = Home(tmp_path / "home")
    home.create()
    return home


@dg.asset
def made() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


def run(of: dg.DagsterInstance) -> str:
    return dg.materialize([made], instance=of).run_id


def test_the_events_of_a_run_are_what_dagsters_own_storage_reads(home: Home) -> None:
    with instance(home) as store:
        run_id = run(store)
        written = [event.dagster_event_type for event in store.all_logs(run_id)]
    own = DagsterSqliteStorage(str(home.dagster))
    read = [
        event.event_log_entry for event in own.event_log_storage.get_records_for_run(run_id).records
    ]
    assert [entry.dagster_event_type for entry in read] == written
    (event,) = own.event_log_storage.fetch_materializations(dg.AssetKey("made"), limit=1).records
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["rows"].value == 3


def test_a_run_that_is_deleted_is_gone_and_another_can_be_made(home: Home) -> None:
    with instance(home) as store:
        first = run(store)
        store.delete_run(first)
        assert store.all_logs(first) == []
        assert run(store) != first


def test_of_many_runs_few_files_stay_open(home: Home) -> None:
    with instance(home) as store:
        ids = [run(store) for _ in range(_OPEN + 2)]
        held = {os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")}
        runs = [path for path in held if path.endswith(".db") and "/history/runs/" in path]
        assert len([path for path in runs if str(home.root) in path]) <= _OPEN
        assert all(store.all_logs(run_id) for run_id in ids)
    assert isinstance(store.event_log_storage, EventLog)
