"""Where everything lies and what time it is: the home folder, its lock, the one clock.

Belongs here: paths, the lock that whatever writes must hold, the clock. Does not belong here:
what lies in those places (`warehouse.lake`, `warehouse.landing`, `warehouse.publish`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from filelock import FileLock, Timeout

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai has had no summer time since 1991, and deadlines lie in the present."""


class HomeBusy(Exception):
    """Another process holds the home's lock; the message names it and since when."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The one clock. `fixed` (from LAKEHOUSE_NOW) stands still, for replay and tests."""

    fixed: datetime | None = None

    @classmethod
    def from_environment(cls) -> Clock:
        """The clock that LAKEHOUSE_NOW (ISO 8601) sets, else the machine's.

        ValueError names the variable when its text is no time.
        """
        text = os.environ.get("LAKEHOUSE_NOW")
        if not text:
            return cls()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(
                f"LAKEHOUSE_NOW is {text!r}; expected an ISO time such as 2026-11-23T08:00:00"
            ) from error
        return cls(moment.astimezone(SHANGHAI).replace(tzinfo=None) if moment.tzinfo else moment)

    def now(self) -> datetime:
        """Wall time of Asia/Shanghai, without zone, to the microsecond."""
        if self.fixed is not None:
            return self.fixed
        return datetime.now(UTC).astimezone(SHANGHAI).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder LAKEHOUSE_HOME and the places in it."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """LAKEHOUSE_HOME, default `./home`, made absolute."""
        return cls(Path(os.environ.get("LAKEHOUSE_HOME") or "home").absolute())

    @property
    def landing(self) -> Path:
        """Where agencies put files: `landing/<deliverer>/<dataset>/<file>`."""
        return self.root / "landing"

    @property
    def archive(self) -> Path:
        """Files whose delivery has been decided: `archive/<delivery>/<file>`."""
        return self.root / "archive"

    @property
    def lake(self) -> Path:
        """The Delta tables."""
        return self.root / "lake"

    @property
    def published(self) -> Path:
        """The DuckDB files."""
        return self.root / "published"

    @property
    def outbox(self) -> Path:
        """Reports: `outbox/<agency>/<date>/`."""
        return self.root / "outbox"

    @property
    def staging(self) -> Path:
        """Work in progress; whatever a killed run left here is thrown away."""
        return self.root / "staging"

    @property
    def dagster(self) -> Path:
        """Dagster's storage."""
        return self.root / "dagster"

    def create(self) -> None:
        """Makes the folders that are missing."""
        for folder in (
            self.landing,
            self.archive,
            self.lake,
            self.published,
            self.outbox,
            self.staging,
            self.dagster,
        ):
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(
        self, wait_seconds: float, on_wait: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        """Holds the home's lock; the kernel gives it back if the process is killed.

        Calls `on_wait` once with who holds it before waiting. HomeBusy after `wait_seconds`.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        holder = self.root / ".lock.holder"
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            message = f"{self.root} is in use by {_describe(holder)}"
            if wait_seconds <= 0:
                raise HomeBusy(message) from None
            if on_wait is not None:
                on_wait(message)
            try:
                lock.acquire(timeout=wait_seconds)
            except Timeout:
                raise HomeBusy(
                    f"{self.root} is still in use by {_describe(holder)} "
                    f"after {wait_seconds:.0f} seconds"
                ) from None
        try:
            holder.write_text(
                json.dumps(
                    {
                        "pid": os.getpid(),
                        "since": datetime.now(SHANGHAI).isoformat(timespec="seconds"),
                        "command": Path(sys.argv[0]).name,
                    }
                )
            )
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


def _describe(holder: Path) -> str:
    try:
        told = json.loads(holder.read_text())
    except (OSError, ValueError):
        return "another process"
    return f"{told['command']} (process {told['pid']}, since {told['since']})"
