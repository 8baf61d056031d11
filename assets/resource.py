"""The lakehouse as a Dagster resource.

Belongs here: handing the open lakehouse to an asset, whoever started the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets.lakehouse import Lakehouse
from assets.session import session

PROCESS_TAG = "lakehouse/process"
"""Tag of a run: the process that executes it, so that a later start knows an orphan."""


class LakehouseResource(dg.ConfigurableResource[None]):
    """Opens the home under its lock, or shares what this process has open."""

    wait_seconds: float = 3600

    @contextmanager
    def session(self, context: dg.AssetExecutionContext) -> Iterator[Lakehouse]:
        """The open lakehouse; waits for another process's run to end."""
        if PROCESS_TAG not in context.run.tags:
            context.instance.add_run_tags(context.run_id, {PROCESS_TAG: str(os.getpid())})
        with session(self.wait_seconds, context.log.info) as lakehouse:
            yield lakehouse
