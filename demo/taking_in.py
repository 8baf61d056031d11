"""Deliveries of several days, and a lakehouse that takes them in by its command line.

Belongs here: how a folder of deliveries is laid out, the clock of each day, running `lakehouse` on
a home of its own. What is judged afterwards stands in `demo.detection`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from catalog.entries import Catalog

HOUR: Final = "T20:00:00"
"""When the day's deliveries are taken in."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE: Final = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MANIFEST: Final = ".manifest.json"
_DONE: Final = (0, 3)
"""Exit statuses of a run that did its work; 3: some deliveries were refused or held."""


class NotJudged(Exception):
    """The deliveries or their folder can't be used, or a command failed; the message says why."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's deliveries: `folder` goes into landing/ while the clock stands at `now`, an ISO
    time; None: as the machine's."""

    folder: Path
    now: str | None

    def files(self) -> set[str]:
        """The files to be taken in, as paths below landing/."""
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.glob("*/*/*")
            if path.is_file()
            and not path.name.startswith(".")
            and not path.name.endswith((_MANIFEST, ".part"))
        }


def days_in(folder: Path, catalog: Catalog) -> list[Day]:
    """The days of a folder of deliveries in order; NotJudged when it is laid out otherwise."""
    if not folder.is_dir():
        raise NotJudged(f"{folder} is no folder")
    entries = sorted(e for e in folder.iterdir() if e.is_dir() and not e.name.startswith("."))
    dated = [entry for entry in entries if _is_day(entry.name)]
    others = [entry.name for entry in entries if entry not in dated]
    unknown = [name for name in others if name not in catalog.agencies]
    if not entries or unknown or (dated and others):
        wrong = f": {', '.join(unknown or others)}" if entries else ""
        raise NotJudged(
            f"{folder} should hold a folder for each day (2026-09-30) with deliverers' folders, or "
            f"these alone (as the agencies are called in the catalogue){wrong}"
        )
    days = [Day(entry, f"{entry.name}{HOUR}") for entry in dated]
    days = days or [Day(folder, os.environ.get("LAKEHOUSE_NOW") or _latest(folder))]
    empty = [str(day.folder) for day in days if not day.files()]
    if empty:
        raise NotJudged(f"No <deliverer>/<dataset>/<file> in {', '.join(empty)}")
    return days


def _is_day(name: str) -> bool:
    try:
        return bool(_DAY.fullmatch(name) and date.fromisoformat(name))
    except ValueError:
        return False


def _latest(folder: Path) -> str | None:
    """The evening of the latest day that a file's name or manifest states, no later than now."""
    stated = []
    for path in folder.glob("*/*/*"):
        text = path.name
        if path.name.endswith(_MANIFEST):
            try:
                text = str(json.loads(path.read_text(encoding="utf-8")).get("as_of"))
            except (ValueError, AttributeError):
                continue  # the lakehouse will say what is wrong with it
        stated += ["-".join(match.groups()) for match in _DATE.finditer(text)]
    passed = [day for day in stated if _is_day(day) and day <= date.today().isoformat()]
    return f"{max(passed)}{HOUR}" if passed else None


@dataclass(frozen=True, slots=True)
class Lakehouse:
    """The lakehouse's command line, working on a home of its own."""

    home: Path

    def __call__(self, *words: str, now: str | None = None, allowed: Sequence[int] = (0,)) -> int:
        """Runs a command and returns its exit status; NotJudged when that isn't allowed."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("LAKEHOUSE")}
        done = subprocess.run(
            [*_command(), *words],
            env=kept | {"LAKEHOUSE_HOME": str(self.home)} | ({"LAKEHOUSE_NOW": now} if now else {}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode not in allowed:
            told = done.stdout.decode(errors="replace")[-4000:]
            raise NotJudged(f"lakehouse {' '.join(words)} ended with {done.returncode}:\n{told}")
        return done.returncode

    def take_in(self, days: Sequence[Day], *words: str) -> None:
        """Takes in one day after the other; `words` are further ones of the command `run`."""
        for number, day in enumerate(days, start=1):
            tell(f"{len(day.files())} files of day {number} of {len(days)}, {day.now or 'now'}")
            for deliverer in day.folder.iterdir():
                if deliverer.is_dir() and not deliverer.name.startswith("."):
                    landed = self.home / "landing" / deliverer.name
                    shutil.copytree(deliverer, landed, dirs_exist_ok=True)
            self("run", *words, now=day.now, allowed=_DONE)


def _command() -> list[str]:
    """The `lakehouse` of this environment, or what it calls where it isn't installed."""
    script = Path(sys.executable).parent / "lakehouse"
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "from pipelines.cli import main; main()"]


def tell(text: str) -> None:
    """Says how far it is, beside the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
