"""The command line as a process of its own, started without its imports where only its end counts.

Belongs here: starting `lakehouse` in a home. Does not belong here: what tests put there.

Dagster and Great Expectations take longer to import than a small run takes. A fork server imports
them once; each command is a fork of it, with its own environment, working on its own home.
"""

from __future__ import annotations

import os
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

_PATIENCE = 300.0
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preloaded"])


def run(home: Path, now: str, *words: str) -> tuple[int, str]:
    """Exit code of a command and what it printed."""
    with TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        process = _FORKS.Process(target=_command, args=(told, environment(home, now), words))
        process.start()
        process.join(_PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
        assert process.exitcode is not None
        return process.exitcode, told.read_text(encoding="utf-8")


def start(home: Path, now: str, *words: str) -> subprocess.Popen[str]:
    """A running command, a program of its own from its first instruction on, in a process group of
    its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *words],
        env=environment(home, now), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def environment(home: Path, now: str) -> dict[str, str]:
    """Environment variables of a command."""
    return os.environ | {"LAKEHOUSE_HOME": str(home), "LAKEHOUSE_NOW": now}


def _command(told: Path, variables: dict[str, str], words: tuple[str, ...]) -> None:
    output = os.open(told, os.O_WRONLY | os.O_CREAT)
    for standard in (1, 2):
        os.dup2(output, standard)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["lakehouse", *words]

    from pipelines.cli import main

    main()
