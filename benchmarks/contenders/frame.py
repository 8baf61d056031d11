"""What all contenders share: their arguments, the clock, their answer."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

Known = dict[str, list[str]]
Found = dict[str, tuple[int, int]]
"""Rule → how many rows fail it, and the sum of their numbers from 1: the same findings have both in
common. Rules that no row fails may be left out."""
Check = Callable[[Path, Known], Found]
"""Folder with persons.csv, null words and codes → what was found."""


def compete(package: str, check: Check) -> None:
    """Runs a contender, made of this package, on the folder that the command line names, and prints
    its answer."""
    folder = Path(sys.argv[1])
    known = json.loads((folder / "known.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    found = check(folder, known)
    seconds = time.perf_counter() - began
    answer = {
        "package": f"{package} {version(package)}",
        "seconds": seconds,
        "found": {rule: f for rule, f in sorted(found.items()) if f[0]},
    }
    sys.stdout.write(json.dumps(answer) + "\n")
