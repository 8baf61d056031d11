"""The Dagster instance of a home, and the runs that a kill left without an end.

Belongs here: finding the instance and failing orphaned runs. The caller holds the home's lock.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from assets.resource import PROCESS_TAG
from warehouse.home import Home

_UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def instance(home: Home) -> dg.DagsterInstance:
    """The instance whose storage lies in the home."""
    os.environ["LAKEHOUSE_HOME"] = str(home.root)
    os.environ["LAKEHOUSE_DAGSTER"] = str(home.dagster)
    os.environ["DAGSTER_HOME"] = str(Path(__file__).resolve().parent.parent)
    return dg.DagsterInstance.get()


def fail_orphans(of: dg.DagsterInstance) -> list[str]:
    """Reports as failed the unfinished runs whose process is gone; their ids.

    A run without the process tag has not begun to write: it is somebody else's to start.
    """
    failed = []
    for run in of.get_runs(filters=dg.RunsFilter(statuses=_UNFINISHED)):
        process = run.tags.get(PROCESS_TAG)
        if process is not None and not _alive(int(process)):
            of.report_run_failed(run, "The process of this run ended before the run did.")
            failed.append(run.run_id)
    return failed


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
