"""How much the lakehouse finds: `python -m demo.detection`, or `make detection`.

Belongs here: which deliveries a lakehouse in an empty home is given, and the bar for what it found.
Taking them in stands in `demo.taking_in`; which finding finds which label is decided in
`demo.score`.

Without a folder it makes a city with labelled defects, or, with `--clean`, one without any. A
folder (`--labels`) holds `labels.csv`, perhaps `collateral.csv` (`demo.label_files`), and either a
folder for each day, `<YYYY-MM-DD>/<deliverer>/<dataset>/<file>`, as `lakehouse demo --out DIR
--labels DIR` writes them, or one day's `<deliverer>/<dataset>/<file>`. The clock stands at 20:00 of
the day while its deliveries are taken in; without folders of days, of the latest day that a file's
name or manifest states, or as LAKEHOUSE_NOW says.

Exit status: 0 good; 1 below the bar; 2 where nothing could be judged. The bar: recall and precision
0.995 over all labels, and 0.98 for each kind alone, however few labels it has; one that has none
must accuse nobody. Rules that would find no kind of label count in the total alone. A clean city:
no error, queries on no more than 0.05 % of the rows, every file taken in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from catalog.load import load_catalog
from demo.label_files import BadLabels, check_labels, read_labels, undeclared
from demo.score import OTHER_RULES, Score, findings_of, score, table
from demo.taking_in import Day, Lakehouse, NotJudged, days_in, tell

TOTAL_BAR: Final = 0.995
KIND_BAR: Final = 0.98
QUERIES_BAR: Final = 0.0005
"""Queries for each delivered row."""


def judged(
    home: Path, days: Sequence[Day], labels: pl.DataFrame, collateral: pl.DataFrame
) -> Score:
    """What the home's lakehouse found of the labels; a file that it never took in counts as one in
    which it found nothing."""
    findings = findings_of(home)
    given = pl.DataFrame({"file": sorted(set().union(*(day.files() for day in days)))})
    return score(labels, collateral, pl.concat([findings, given], how="diagonal"))


def shortfalls(result: Score) -> list[str]:
    """Where the score is below the bar: one line each."""
    rows = [("total", TOTAL_BAR, result.total.row(0, named=True))]
    rows += [
        (row["kind"], KIND_BAR, row)
        for row in result.by_kind.to_dicts()
        if row["kind"] != OTHER_RULES
    ]
    return [
        f"{kind}: {measure} {row[measure]:.4f} is below {bar}"
        for kind, bar, row in rows
        for measure in ("recall", "precision")
        if row[measure] is not None and row[measure] < bar
    ]


@dataclass(frozen=True, slots=True)
class Accusations:
    """What was said against deliveries that are right: `by_rule` dataset, rule, severity, findings;
    `rows` those delivered; `lost` the files that were not taken in."""

    by_rule: pl.DataFrame
    rows: int
    lost: list[str]

    def count(self, severity: str) -> int:
        """Findings that are an error, or a query."""
        return int(self.by_rule.filter(pl.col("severity") == severity)["findings"].sum())

    def text(self) -> str:
        """Both counts, and what they consist of."""
        errors, queries = self.count("error"), self.count("query")
        share = queries / self.rows if self.rows else 0.0
        lines = [
            f"{row['severity']:7}{row['findings']:>7}  {row['dataset']}  {row['rule']}"
            for row in self.by_rule.to_dicts()
        ]
        lines += [f"not taken in: {file}" for file in self.lost]
        lines.append(f"{self.rows:,} rows, {errors} errors, {queries} queries: {share:.4%} of rows")
        return "\n".join(lines)

    def is_clean(self) -> bool:
        """Whether the bar is met: no error, few queries, every file taken in."""
        few = self.count("query") <= QUERIES_BAR * self.rows
        return self.rows > 0 and self.count("error") == 0 and few and not self.lost


def accusations(home: Path, days: Sequence[Day]) -> Accusations:
    """Everything the home's lakehouse has said, in the end or on the way."""
    log = pl.read_delta(str(home / "lake" / "quality" / "delivery_events")).sort("event_no")
    last = log.group_by("delivery", maintain_order=True).agg(
        pl.col("source", "state", "counted").drop_nulls().last()
    )
    taken = last.filter(pl.col("state").is_in(["applied", "duplicate"]))
    given = set().union(*(day.files() for day in days))
    found = findings_of(home).filter(pl.col("rule").is_not_null())
    with duckdb.connect(str(home / "published" / "warehouse.duckdb"), read_only=True) as published:
        told = "SELECT DISTINCT dataset, agency, rule, severity FROM quality.tickets"
        severities = pl.DataFrame(published.sql(told))
    by_rule = (
        found.join(severities, on=["dataset", "agency", "rule"], how="left")
        .group_by("severity", "dataset", "rule")
        .agg(pl.len().alias("findings"))
        .with_columns(pl.col("severity").fill_null("error"))
        .sort("severity", "dataset", "rule")
    )
    lost = sorted(given - set(taken["source"].to_list()))
    return Accusations(by_rule, int(taken["counted"].sum()), lost)


@contextmanager
def _work(keep: Path | None) -> Iterator[Path]:
    """A temporary folder, or the one to keep, which must be new or empty."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="lakehouse-detection-") as folder:
            yield Path(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise NotJudged(f"{keep} is not empty")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.resolve()


def _made(lakehouse: Lakehouse, work: Path, chosen: argparse.Namespace) -> Path:
    """A city in a new folder, deliveries and labels."""
    folder = work / "city"
    tell(f"A city of {chosen.residents} residents, seed {chosen.seed}, {chosen.days} days")
    words = ["--residents", chosen.residents, "--seed", chosen.seed, "--days", chosen.days]
    words += ["--out", folder, "--labels", folder, *(["--defects", "0"] if chosen.clean else [])]
    lakehouse("demo", *map(str, words))
    return folder


def _judge(chosen: argparse.Namespace, work: Path) -> bool:
    """Whether the lakehouse meets the bar on what was chosen; prints what it found."""
    lakehouse, catalog = Lakehouse(work / "home"), load_catalog()
    folder = chosen.labels or _made(lakehouse, work, chosen)
    days = days_in(folder, catalog)
    if chosen.clean:
        lakehouse.take_in(days)
        said = accusations(lakehouse.home, days)
        sys.stdout.write(said.text() + "\n")
        return said.is_clean()
    labels, collateral = read_labels(folder)
    check_labels(labels, catalog, set().union(*(day.files() for day in days)))
    lakehouse.take_in(days)
    result = judged(lakehouse.home, days, labels, collateral)
    sys.stdout.write(table(result) + "\n")
    for kind in undeclared(labels):
        sys.stdout.write(f"{kind}: no kind of the demo's; taken for the name of its rule\n")
    short = shortfalls(result)
    sys.stdout.write("".join(f"{line}\n" for line in short))
    for name in ("missed", "false"):
        getattr(result, name).write_csv(work / f"{name}.csv")
    return not short


def main(arguments: list[str] | None = None) -> int:
    """Prints the table by kind, or what was said against a clean city; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.detection", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--residents", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=3)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--clean", action="store_true", help="a city without defects")
    kind.add_argument("--labels", type=Path, help="a folder of deliveries with labels.csv")
    parser.add_argument(
        "--keep", type=Path,
        help="new folder in which the home stays, with missed.csv and false.csv",
    )  # fmt: skip
    chosen = parser.parse_args(arguments)
    try:
        with _work(chosen.keep) as work:
            return 0 if _judge(chosen, work) else 1
    except (NotJudged, BadLabels) as error:
        tell(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
