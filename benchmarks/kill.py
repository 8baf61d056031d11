"""Kills `lakehouse run` at many points and compares what the next run makes of it.

`python -m benchmarks.kill FOLDER [--points N]`: FOLDER is laid out as landing is. A first run goes
undisturbed; then, N times in a fresh home, a run is killed with SIGKILL (its whole process group)
at i/(N+1) of the first one's duration and `lakehouse run` is called again. A run that had ended by
then is no point: another one is killed a tenth earlier, until one is hit. Prints one line a point;
exit code 1 when any home differs from the first (`benchmarks.contents` says in what), or when
Dagster is left with a run that nobody ends.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contents import Contents, differences, home_contents
from benchmarks.measure import environment, group_memory, lakehouse, measured, start

NOW = "2026-11-23T08:00:00"
SOONER = 0.9
"""Of the time of a kill that came too late, this much is tried next."""

FINISHED = (0, 3)
"""Exit codes of a run that did its work; 3 when it refused or held a delivery."""

ORPHANS = """
from pathlib import Path
import sys
import dagster as dg
from pipelines.instance import instance
from warehouse.home import Home
with instance(Home(Path(sys.argv[1]))) as store:
    for run in store.get_runs():
        if not run.is_finished:
            print(run.run_id, run.status.value)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kill of a running process: when, and what was wrong afterwards."""

    seconds: float
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Runs the campaign that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill")
    parser.add_argument("deliveries", type=Path, help="folder laid out as landing/ is")
    parser.add_argument("--points", type=int, default=10)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lakehouse-kill-") as folder:
        sound = campaign(chosen.deliveries, chosen.points, Path(folder))
    raise SystemExit(0 if sound else 1)


def campaign(deliveries: Path, points: int, folder: Path) -> bool:
    """Whether every killed and repeated run ended where the undisturbed one did."""
    home = _home(deliveries, folder / "undisturbed")
    env = environment(home, NOW)
    whole = measured([*lakehouse(), "run"], env, folder / "undisturbed.out", FINISHED)
    expected = home_contents(home)
    print(f"undisturbed: {whole.seconds:.1f} s, {len(expected)} tables", flush=True)
    outcomes = []
    for point in range(1, points + 1):
        seconds = whole.seconds * point / (points + 1)
        outcome = kill_once(deliveries, folder / f"point-{point}", seconds, expected)
        outcomes.append(outcome)
        print(f"{point}/{points} {_line(outcome)}", flush=True)
    return not any(outcome.wrong for outcome in outcomes)


def kill_once(deliveries: Path, home: Path, seconds: float, expected: Contents) -> Outcome:
    """Kills a run in a fresh home after so many seconds, runs again, compares, clears away."""
    env, output = environment(_home(deliveries, home), NOW), home.with_suffix(".out")
    while not _kill_after(start([*lakehouse(), "run"], env, output), seconds):
        shutil.rmtree(home)
        _home(deliveries, home)
        seconds *= SOONER
    measured([*lakehouse(), "run"], env, output, FINISHED)
    wrong = differences(expected, home_contents(home)) + unfinished_runs(home)
    shutil.rmtree(home)
    return Outcome(seconds, wrong)


def unfinished_runs(home: Path) -> list[str]:
    """A line for each run that Dagster's storage in the home believes to be under way."""
    found = subprocess.run(
        [sys.executable, "-c", ORPHANS, str(home)],
        env=environment(home), check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [f"Dagster run left unfinished: {line}" for line in found.stdout.splitlines()]


def _home(deliveries: Path, home: Path) -> Path:
    """A fresh home with the deliveries in its landing folder, their times kept."""
    shutil.copytree(deliveries, home / "landing")
    return home


def _kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kills the process group once the time is over; False when it had ended before."""
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # Descendants die a moment later; as zombies of another parent they hold no memory.
        while group_memory(process.pid):
            time.sleep(0.01)
        return True


def _line(outcome: Outcome) -> str:
    verdict = "; ".join(outcome.wrong) or "same contents, no orphaned run"
    return f"killed at {outcome.seconds:.1f} s: {verdict}"


if __name__ == "__main__":
    main()
