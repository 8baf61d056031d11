"""Measures the command line: `python -m benchmarks.run intake|cli|city|quality|bases|whole_city`.

Belongs here: what is measured and how it is stated. Each command replaces its section of
`docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import companies
from benchmarks.measure import MIB, ROOT, Cost, environment, lakehouse, measured, tail
from benchmarks.quality import quality
from benchmarks.report import put_section, table

LANDED = "landing/market_supervision/business_entities/companies_2026-09-30.csv"
DONE = (0,)
DONE_WITH_HELD = (0, 3)
COPY = """
import duckdb, sys
duckdb.execute(
    "copy (from read_csv(?, all_varchar = true, header = true)) to '" + sys.argv[2] + "'"
    " (format parquet, compression zstd)", [sys.argv[1]]
)
"""


_ALL = ("intake", "cli", "city", "quality", "bases")


def main() -> None:
    """Parses the command and runs it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("what", choices=(*_ALL, "whole_city", "all"))
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the company file")
    parser.add_argument("--persons", type=int, default=5_000_000, help="rows of the persons' file")
    parser.add_argument("--residents", type=int, default=1_000_000, help="of the base databases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5, help="runs of which the median is taken")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lakehouse-bench-") as folder:
        if chosen.what in ("cli", "all"):
            put_section("Command line", cli(Path(folder), chosen.repeat))
        if chosen.what in ("intake", "all"):
            put_section("Intake", intake(Path(folder), chosen.rows, chosen.seed))
        if chosen.what in ("city", "all"):
            put_section("Synthetic city", city(Path(folder), chosen.seed))
        if chosen.what in ("quality", "all"):
            checked = quality(Path(folder) / "quality", chosen.persons, chosen.seed, chosen.repeat)
            put_section("Row rules", checked)
        if chosen.what in ("bases", "all"):
            put_section("Base databases", bases(Path(folder), chosen.residents, chosen.seed))
        if chosen.what == "whole_city":
            put_section("Whole city", whole_city(Path(folder), chosen.seed))


def cli(folder: Path, repeat: int) -> str:
    """Answering times: help, the catalogue's check, a run with nothing to do."""
    home = folder / "cli"
    env, output = environment(home), folder / "cli.out"
    shutil.copytree(ROOT / "demo" / "sample", home / "landing")
    first = measured([*lakehouse(), "run"], env, output, DONE_WITH_HELD)

    def of(*arguments: str) -> list[Cost]:
        return _repeated(repeat, lambda: measured([*lakehouse(), *arguments], env, output))

    rows = [
        ["`lakehouse --help`", *_spread(of("--help"))],
        ["`lakehouse catalog check`", *_spread(of("catalog", "check"))],
        ["`lakehouse run`, nothing to do", *_spread(of("run"))],
        ["`lakehouse run`, the sample, once", *_spread([first])],
    ]
    heading = ["command", "median s", "fastest s", "slowest s", "largest process MiB"]
    return f"Median of {repeat} runs.\n\n" + table(heading, rows)


def intake(folder: Path, rows: int, seed: int, pairs: int = 3) -> str:
    """A company file through the whole pipeline, each time between two bare copies of it.

    A machine's speed changes from minute to minute: each run is held against the copies beside it.
    """
    made = folder / "companies.csv"
    companies.write(made, rows, seed)
    size = made.stat().st_size
    copied, output = folder / "copy.parquet", folder / "intake.out"
    copy = [sys.executable, "-c", COPY, str(made), str(copied)]
    bare, whole, times = [], [], []
    for number in range(pairs):
        home = folder / f"intake-{number}"
        landed = home / LANDED
        landed.parent.mkdir(parents=True)
        shutil.copyfile(made, landed)
        env = environment(home)
        beside = [measured(copy, env, output)]
        whole.append(measured([*lakehouse(), "run"], env, output, DONE))
        beside.append(measured(copy, env, output))
        bare += beside
        times.append(whole[-1].seconds / statistics.mean(cost.seconds for cost in beside))
        shutil.rmtree(home)
    facts = [
        ["DuckDB CSV → Parquet (zstd)", *_of_pairs(bare), "1"],
        ["`lakehouse run`", *_of_pairs(whole), f"{statistics.median(times):.1f}"],
    ]
    origin = "the real registration file" if companies.source().name == companies.REAL else (
        "the sample's registration file"
    )  # fmt: skip
    spread = ", ".join(f"{each:.1f}" for each in times)
    heading = ["", "median s", "processor s", "largest process MiB", "all processes MiB", "times"]
    return (
        f"{rows:,} companies ({size / MIB:.0f} MiB of CSV), made from {origin}, seed {seed}; into "
        f"an empty home, {pairs} times, each between two bare copies of the file. Times the mean "
        f"of the copies beside it: {spread}.\n\n" + table(heading, facts)
    )


def city(folder: Path, seed: int) -> str:
    """A city of 20,000 made, and its first day taken in by an empty home."""
    three, home, output = folder / "three", folder / "city", folder / "city.out"
    env = environment(home)
    size = ["--residents", "20000", "--seed", str(seed)]
    made = measured([*lakehouse(), "demo", *size, "--days", "3", "--out", str(three)], env, output)
    facts = [["`lakehouse demo`, three days", _said(output), *_plain(made)]]
    taken = measured([*lakehouse(), "run", "--demo", "20000"], env, output, DONE_WITH_HELD)
    facts.append(["`lakehouse run --demo`, one day", "made and taken in", *_plain(taken)])
    return f"20,000 residents, seed {seed}.\n\n" + table(_CITY, facts)


def bases(folder: Path, residents: int, seed: int, pairs: int = 3) -> str:
    """The six base databases, built whole over standard tables, each time between two bare scans
    and joins of the same tables."""
    home, output = folder / "bases", folder / "bases.out"
    env = environment(home)

    def step(*words: str) -> Cost:
        return measured([sys.executable, "-m", "benchmarks.bases", str(home), *words], env, output)

    step("prepare", str(residents), str(seed))
    rows = int(tail(output).split()[-1])
    bare, whole, times = [], [], []
    for _ in range(pairs):
        shutil.rmtree(home / "lake" / "base", ignore_errors=True)
        shutil.rmtree(home / "lake" / "quality" / "base_builds", ignore_errors=True)
        beside = [step("floor")]
        whole.append(step("build"))
        beside.append(step("floor"))
        bare += beside
        times.append(whole[-1].seconds / statistics.mean(cost.seconds for cost in beside))
    facts = [
        ["bare scan and join of the same tables into Parquet", *_of_pairs(bare), "1"],
        ["all base and derived tables", *_of_pairs(whole), f"{statistics.median(times):.1f}"],
    ]
    spread = ", ".join(f"{each:.1f}" for each in times)
    heading = ["", "median s", "processor s", "largest process MiB", "all processes MiB", "times"]
    return (
        f"{residents:,} residents, seed {seed}: {rows:,} rows of standard tables; {pairs} whole "
        f"builds, each between two bare scans and joins, the start of Python in all of them. Times "
        f"the mean of those beside it: {spread}.\n\n" + table(heading, facts)
    )


def whole_city(folder: Path, seed: int) -> str:
    """The city at its full size, one day, made and thrown away: some 10 GB for the time being."""
    out, output = folder / "whole", folder / "whole.out"
    size = ["--residents", "4700000", "--seed", str(seed)]
    made = measured([*lakehouse(), "demo", *size, "--out", str(out)], environment(folder), output)
    rows = [["`lakehouse demo`, one day", _said(output), *_plain(made)]]
    return f"4,700,000 residents, seed {seed}.\n\n" + table(_CITY, rows)


_CITY = ["command", "what it said", "s", "largest process MiB", "all processes MiB"]


def _said(output: Path) -> str:
    """The command's last line, without the folder it names first."""
    return tail(output).splitlines()[-1].partition(": ")[2]


def _plain(cost: Cost) -> list[str]:
    memory = [f"{peak / MIB:.0f}" for peak in (cost.peak_process, cost.peak_tree)]
    return [f"{cost.seconds:.1f}", *memory]


def _repeated(times: int, run: Callable[[], Cost]) -> list[Cost]:
    return [run() for _ in range(times)]


def _spread(costs: list[Cost]) -> list[str]:
    seconds = sorted(cost.seconds for cost in costs)
    figures = [statistics.median(seconds), seconds[0], seconds[-1]]
    memory = max(cost.peak_process for cost in costs)
    return [*(f"{figure:.2f}" for figure in figures), f"{memory / MIB:.0f}"]


def _of_pairs(costs: list[Cost]) -> list[str]:
    memory = [
        f"{max(peaks) / MIB:.0f}"
        for peaks in ([c.peak_process for c in costs], [c.peak_tree for c in costs])
    ]
    seconds = [
        f"{statistics.median(of):.2f}"
        for of in ([c.seconds for c in costs], [c.processor_seconds for c in costs])
    ]
    return [*seconds, *memory]


if __name__ == "__main__":
    main()
