"""Running the command line from outside, and what it cost.

Belongs here: processes, wall time, memory, the machine. What is measured stands in
`benchmarks.run`.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_SECONDS = 0.05
MIB = 1024 * 1024


class CommandFailed(Exception):
    """A measured command ended with an exit code that was not allowed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost. Memory is resident, in bytes."""

    seconds: float
    peak_tree: int
    """Highest sum over the process and its descendants, sampled every 50 ms; pages that they share
    and mapped files are counted in each."""
    peak_process: int
    """Highest of any single process, as the kernel counted it."""
    exit_code: int
    processor_seconds: float
    """Of the process and of the children it waited for, over all cores."""


def lakehouse() -> list[str]:
    """The `lakehouse` command of this environment, or what it calls where it isn't installed."""
    script = Path(sys.executable).parent / "lakehouse"
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "from pipelines.cli import main; main()"]


def environment(home: Path, now: str | None = None) -> dict[str, str]:
    """The environment of a command that works on this home alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAKEHOUSE_")}
    kept |= {"LAKEHOUSE_HOME": str(home), "LAKEHOUSE_DAGSTER": str(home / "dagster")}
    kept |= {"DAGSTER_HOME": str(ROOT), "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1"}
    return kept | ({"LAKEHOUSE_NOW": now} if now else {})


def start(command: Sequence[str], env: Mapping[str, str], output: Path) -> subprocess.Popen[bytes]:
    """Starts a command as the leader of a process group of its own; output goes to a file."""
    with output.open("wb") as sink:
        return subprocess.Popen(
            command, cwd=ROOT, env=dict(env), stdout=sink, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip


def measured(
    command: Sequence[str],
    env: Mapping[str, str],
    output: Path,
    allowed: Sequence[int] = (0,),
) -> Cost:
    """Runs a command to its end. CommandFailed shows its output when it ends otherwise."""
    began = time.perf_counter()
    process = start(command, env, output)
    sampler = _Sampler(process.pid)
    sampler.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    peak_tree = sampler.stop()
    if process.returncode not in allowed:
        raise CommandFailed(f"{command} ended with {process.returncode}:\n{tail(output)}")
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    processor = usage.ru_utime + usage.ru_stime
    return Cost(seconds, max(peak_tree, largest), largest, process.returncode, processor)


def tail(output: Path, size: int = 4000) -> str:
    """The end of a command's output."""
    return output.read_bytes()[-size:].decode(errors="replace")


class _Sampler(threading.Thread):
    """Adds up the resident memory of a process group while it runs; 0 where /proc isn't there."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self._group = group
        self._ended = threading.Event()
        self._peak = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, group_memory(self._group))

    def stop(self) -> int:
        self._ended.set()
        self.join()
        return self._peak


def group_memory(group: int) -> int:
    """Resident bytes of all processes of a group now."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # pid (name) state ppid pgrp …; the name may hold blanks and brackets.
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                total += int(stat.with_name("statm").read_text().split()[1]) * page
        except (OSError, IndexError):
            continue  # it ended while we looked
    return total


def machine() -> str:
    """Cores, memory, system and the versions that figures depend on, as one line."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ("duckdb", "deltalake", "polars", "great-expectations", "dagster")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{cores} cores, {memory:.1f} GiB memory, {system}, {versions}"
