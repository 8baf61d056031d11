"""Where Dagster keeps its runs and events: its own SQLite files, with connections that stay open.

Belongs here: the storage that `dagster.yaml` names. Which folder it lies in says the home.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

_OPEN = 8
"""Database files held open: the index, a run's own, and those of runs that somebody looks at."""


class EventLog(SqliteEventLogStorage):
    """Dagster's event log, each of whose files is opened once.

    The base class opens its files for every statement and compiles every statement anew. That is
    most of the time an event takes, and a run over all assets has a thousand of them. Events are
    flushed to disk by SQLite's checkpoints: a killed process loses none, a power cut the last ones.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            engine = sa.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=sa.StaticPool,
                # Threads take turns: the lock is held by whoever uses a connection.
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(engine, "connect", _flush_at_checkpoints)
            self._initdb(engine)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > _OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def delete_events(self, run_id: str) -> None:
        """Removes a run's file: nobody may hold it open."""
        self._close()
        super().delete_events(run_id)

    def wipe(self) -> None:
        """Removes all files: nobody may hold one open."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Closes all files."""
        super().dispose()
        self._close()


def _flush_at_checkpoints(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


class Storage(DagsterSqliteStorage):
    """Dagster's SQLite storage with the event log above."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(os.path.join(base_dir, "history", "runs", ""))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> Self:
        """The storage in `base_dir`."""
        return cls.from_local(inst_data=inst_data, **config_value)
