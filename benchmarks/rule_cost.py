"""What the rules cost: `python -m benchmarks.rule_cost FOLDER REPEAT`, in a process of its own.

Belongs here: the standardising pass with its rules and without them, over the raw rows of the two
files in the folder, each written as for a delivery. Without them: no mask is computed, and the
checks of identity numbers and social credit codes, which are made while a value is read, find
nothing at once. Printed last is JSON: by dataset `rows`, and the median seconds `with` and
`without`.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl

from benchmarks.persons import AS_OF
from benchmarks.persons import DATASET as PERSONS
from catalog.load import Catalog, load_catalog
from quality.standardise import standardise
from quality.standards import documents, identifiers, identity_number
from quality.standards.reading import Failures
from warehouse.intake import Target, receive

COMPANIES = "market_supervision/business_entities"
FILES = {PERSONS: "persons.csv", COMPANIES: "companies.csv"}
_CHECKS = (
    (identity_number, "identity_failures"),
    (identifiers, "uscc_failures"),
    (documents, "identity_failures"),
    (documents, "uscc_failures"),
)


def main() -> None:
    """Measures all datasets whose file lies in the folder."""
    folder, repeat = Path(sys.argv[1]), int(sys.argv[2])
    catalog = load_catalog()
    costs = {
        ref: cost(catalog, ref, _raw(catalog, ref, folder / name), repeat)
        for ref, name in FILES.items()
        if (folder / name).exists()
    }
    sys.stdout.write(json.dumps(costs) + "\n")


def _raw(catalog: Catalog, ref: str, delivered: Path) -> Path:
    """The raw rows of a file, as intake leaves them."""
    work = delivered.with_suffix("")
    work.mkdir()
    target = Target(
        work / "raw.parquet", work / "rejects.parquet", work,
        "d000001", 1, ref.partition("/")[0],
    )  # fmt: skip
    receive(delivered, catalog.datasets[ref], target)
    return target.raw


def cost(catalog: Catalog, ref: str, raw: Path, repeat: int) -> dict[str, float]:
    """Rows, and seconds with and without the rules, by turns."""
    staged = raw.with_name("staged.parquet")
    whole = standardise(pl.scan_parquet(raw), catalog, ref, AS_OF)
    masks = [name for name in whole.collect_schema() if name.startswith("_failed")]
    bare = whole.drop(masks)  # what nobody asks for isn't computed

    def write(plan: pl.LazyFrame) -> float:
        began = time.perf_counter()
        plan.sink_parquet(staged, compression="zstd")
        return time.perf_counter() - began

    seconds: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(repeat):
        seconds["with"].append(write(whole))
        seconds["without"].append(_unjudged(lambda: write(bare)))
    medians = {name: statistics.median(runs) for name, runs in seconds.items()}
    return {"rows": pl.scan_parquet(raw).select(pl.len()).collect().item(), **medians}


def _unjudged(work: Callable[[], float]) -> float:
    """Does something while no check of a number is made."""

    def nothing(text: pl.Series, *_: object) -> Failures:
        return np.zeros(len(text), np.uint8)

    with ExitStack() as stack:
        for module, name in _CHECKS:
            stack.enter_context(patch.object(module, name, nothing))
        return work()


if __name__ == "__main__":
    main()
