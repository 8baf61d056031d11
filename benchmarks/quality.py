"""The row rules against other ways to check the same rows, and what they cost in the pass.

Belongs here: the contest and how it is stated. The rows come from `benchmarks.persons`, the
contenders stand in `benchmarks.contenders`, the pass with and without rules in
`benchmarks.rule_cost`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import companies, persons
from benchmarks.measure import MIB, ROOT, environment, measured, tail
from benchmarks.report import table

OURS = "ours"
CONTENDERS = {
    OURS: "the row-rule pass",
    "pointblank_polars": "pointblank on Polars",
    "stdnum_loop": "python-stdnum in a loop",
    "gx_pandas": "Great Expectations on pandas",
}
"""Module → what it is."""
LOCK = ROOT / "requirements-benchmarks.lock"
"""What pointblank needs besides the environment; nothing else does."""


class FindingsDiffer(Exception):
    """Two contenders accuse different rows; the message names the rules."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a contender found in how many seconds, start of Python and imports left out, and its
    largest process, those included."""

    package: str
    seconds: float
    found: dict[str, Any]
    memory: int


def quality(folder: Path, rows: int, seed: int, repeat: int) -> str:
    """Both tables. FindingsDiffer when not all contenders find the same rows by the same rules."""
    persons.write(folder, rows, seed)
    return f"{contest(folder, rows, seed, repeat)}\n\n{rule_cost(folder, seed, repeat)}"


def contest(folder: Path, rows: int, seed: int, repeat: int) -> str:
    """The contenders' table, over the persons in the folder."""
    env = environment(folder / "home")
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(overlay(folder / "packages"))])
    runs: dict[str, Run] = {}
    for name, title in CONTENDERS.items():
        times = repeat if name == OURS else 1
        runs[name] = _median([_run(name, folder, env) for _ in range(times)])
        agree(runs[OURS].found, runs[name].found, title)
    lines = [
        [
            f"{CONTENDERS[name]}" + ("" if name == OURS else f" ({run.package})"),
            f"{run.seconds:.1f}",
            f"{rows / run.seconds:,.0f}",
            f"{run.seconds / runs[OURS].seconds:.1f}",
            f"{run.memory / MIB:.0f}",
        ]
        for name, run in runs.items()
    ]
    accused = sum(found for found, _ in runs[OURS].found.values())
    heading = ["", "s", "rows a second", "times ours", "largest process MiB"]
    return (
        f"{rows:,} insured persons in a CSV file, seed {seed}, judged by {len(persons.RULES)} "
        f"rules; all name the same {accused:,} rows. Reading the file is part of the time, "
        "importing libraries is not. The row-rule pass normalises and types every value as well, "
        "and judges two more rules. What is asked within an identity number is a Polars expression "
        "for pointblank, which has no step for it and none for words that mean nothing, and a map "
        "metric written with NumPy for Great Expectations; python-stdnum knows these numbers, but "
        "neither other columns nor codes.\n\n" + table(heading, lines)
    )


def overlay(folder: Path) -> Path:
    """A folder with pointblank and what it needs besides the environment, from its lock."""
    uv = Path(sys.executable).with_name("uv")
    words = ["pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    places = ["--python", sys.executable, "--target", str(folder), "-r", str(LOCK)]
    subprocess.run([str(uv), *words, *places], check=True)
    return folder


def _run(name: str, folder: Path, env: dict[str, str]) -> Run:
    output = folder / f"{name}.out"
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.contenders.{name}", str(folder)]
    cost = measured(command, env, output)
    answer = _answer(output)
    return Run(answer["package"], answer["seconds"], answer["found"], cost.peak_process)


def _answer(output: Path) -> dict[str, Any]:
    """The JSON that a command printed last."""
    answer: dict[str, Any] = json.loads(tail(output).splitlines()[-1])
    return answer


def _median(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def agree(ours: dict[str, Any], theirs: dict[str, Any], name: str) -> None:
    """FindingsDiffer unless both are the same, rule by rule."""
    different = sorted(
        rule for rule in ours.keys() | theirs.keys() if ours.get(rule) != theirs.get(rule)
    )
    if different:
        raise FindingsDiffer(f"{name} finds other rows by {', '.join(different)}")


def rule_cost(folder: Path, seed: int, repeat: int) -> str:
    """The pass with and without rules, over the persons in the folder and a million companies."""
    companies.write(folder / "companies.csv", 1_000_000, seed)
    output = folder / "rule_cost.out"
    command = [sys.executable, "-m", "benchmarks.rule_cost", str(folder), str(repeat)]
    measured(command, environment(folder / "home"), output)
    lines = [
        [
            f"`{ref}`", f"{cost['rows']:,}", f"{cost['without']:.2f}", f"{cost['with']:.2f}",
            f"{cost['with'] / cost['without'] - 1:.2f}",
        ]
        for ref, cost in _answer(output).items()
    ]  # fmt: skip
    heading = ["dataset", "rows", "s without rules", "s with rules", "rules' share of the former"]
    return (
        "Raw rows normalised and written, with the rules and without them: no masks, and no check "
        f"of an identity number or social credit code. Median of {repeat} runs by turns.\n\n"
        + table(heading, lines)
    )
