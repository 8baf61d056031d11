"""One open lakehouse for a process: whoever opens it first holds the lock, the rest share it.

Belongs here: opening under the lock, and finishing first what a killed process had begun.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assets.intake.change import finish_begun
from assets.lakehouse import Lakehouse
from catalog.load import Catalog
from warehouse.home import Clock, Home

_open: list[Lakehouse] = []


@contextmanager
def session(
    wait_seconds: float,
    on_wait: Callable[[str], None] | None = None,
    home: Home | None = None,
    catalog: Catalog | None = None,
) -> Iterator[Lakehouse]:
    """The lakehouse of this process, opened under the home's lock unless it is open already.

    HomeBusy when another process keeps the lock longer than `wait_seconds`.
    """
    if _open:
        yield _open[-1]
        return
    home = home if home is not None else Home.from_environment()
    with home.locked(wait_seconds, on_wait):
        shutil.rmtree(home.staging, ignore_errors=True)
        lakehouse = Lakehouse.open(home, Clock.from_environment(), catalog)
        if any(known.intent for known in lakehouse.log.deliveries):
            with lakehouse.engine() as engine:
                finish_begun(lakehouse, engine)
        _open.append(lakehouse)
        try:
            yield lakehouse
        finally:
            _open.pop()
            lakehouse.close()
            shutil.rmtree(home.staging, ignore_errors=True)
