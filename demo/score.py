"""Holds what the lakehouse found against the labels: `python -m demo.score --home H --labels D`.

Belongs here: deciding which label was found, which finding is a false accusation, and the table.
The labels' and collateral's columns are described in `demo.city.defects.labels`; findings are read
from the lake's files, `lake/quality/defect_events` and `lake/quality/delivery_events`.

A label counts as found only by a finding at its scope, in its delivery, with its dataset, key and
column, by a rule that it names. What a fault rightly brings with it (collateral) counts neither
way. Every other finding, error or query, is a false accusation.

Only what is new in a delivery is counted: a fault that stood in the deliverer's delivery before
(`continues`) was to be found then. Labels in files that the lakehouse never saw aren't counted.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from demo.label_files import BadLabels, read_labels

OPENING: Final = ("opened", "reopened")
_WHOLE: Final = ("column", "delivery", "absence")
"""Scopes, and kinds of findings, that are about no single row."""
OTHER_RULES: Final = "其他规则"
"""Stands for the kinds of rules that find no label's kind."""


@dataclass(frozen=True, slots=True)
class Score:
    """`by_kind`: kind, labels, found, recall, false, precision; `total` the same for all.

    `false`: the findings that accuse falsely. `unseen`: labels in files that never came in.
    """

    by_kind: pl.DataFrame
    total: pl.DataFrame
    false: pl.DataFrame
    missed: pl.DataFrame
    unseen: int


def score(labels: pl.DataFrame, collateral: pl.DataFrame, findings: pl.DataFrame) -> Score:
    """Scores findings (`file`, `dataset`, `agency`, `kind`, `rule`, `key`, `column`, `row`,
    `value`; one row a defect opened or reopened) and the files that came in without any.

    `findings` holds each file that came in at least once; a row without `rule` says no more.
    """
    files = findings["file"].unique().to_list()
    seen = labels.filter(pl.col("file").is_in(files) | pl.col("file").is_null())
    found = findings.filter(pl.col("rule").is_not_null()).with_row_index("finding")
    pairs = _pairs(seen, found)
    right = pairs["finding"].unique()
    rest = found.filter(~pl.col("finding").is_in(right.implode()))
    excused = _excused(rest, seen, collateral)
    false = rest.filter(~pl.col("finding").is_in(excused.implode()))
    due = seen.filter(pl.col("continues") != "yes")
    hit = due["label"].is_in(pairs["label"].implode())
    by_kind = _by_kind(due.with_columns(hit.alias("hit")), false, seen)
    total = _rates(by_kind.select(pl.col("labels", "found", "false").sum()))
    missed = due.filter(~hit)
    return Score(by_kind, total, false.drop("finding"), missed, labels.height - seen.height)


def _pairs(labels: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """(label, finding) of the findings that find a label: of the record with the label's key; of a
    record whose key was damaged or that has none, of the label's row."""
    label, finding = (
        ["file", "dataset", "deliverer", "column"],
        ["file", "dataset", "agency", "column"],
    )
    own = labels.with_columns(pl.col("column", "file").fill_null(""))
    beside = found.select("finding", "kind", "key", "row", "rule", *finding).with_columns(
        pl.col("column", "file").fill_null("")
    )
    whole, about_whole = (pl.col(name).is_in(_WHOLE) for name in ("scope", "kind"))
    sound = pl.col("key").eq_missing(pl.col("key_original")) & pl.col("key").is_not_null()
    records, about_records = own.filter(~whole), beside.filter(~about_whole)
    joined = (
        own.filter(whole).join(beside.filter(about_whole), left_on=label, right_on=finding),
        records.filter(sound).join(
            about_records, left_on=[*label, "key"], right_on=[*finding, "key"]
        ),
        records.filter(~sound | pl.col("column").eq("")).join(
            about_records, left_on=[*label, "row"], right_on=[*finding, "row"]
        ),
    )
    pairs = pl.concat([pair.select("label", "finding", "found_by", "rule") for pair in joined])
    return _fitting(pairs).select("label", "finding").unique()


def _excused(rest: pl.DataFrame, labels: pl.DataFrame, collateral: pl.DataFrame) -> pl.Series:
    """The findings that a labelled fault rightly brings with it: those declared, and those of every
    cell of a column that is wrong as a whole."""
    about = rest.rename({"rule": "finding_rule"})
    own = labels.select("label", "file", "row")
    near = collateral.filter(pl.col("value").is_null()).join(own, on="label")
    many = pl.col("key").str.ends_with("*").fill_null(False)
    place = ["file", "dataset", "column"]
    joined = (
        about.join(near.filter(~many), on=[*place, "key"]),
        about.join(near, on=[*place, "row"]),
        about.join(near.filter(many), on=place, suffix="_brought").filter(
            pl.col("key").str.starts_with(pl.col("key_brought").str.strip_suffix("*"))
        ),
        about.join(
            collateral.filter(pl.col("value").is_not_null()), on=["dataset", "column", "value"]
        ),
    )
    both = pl.concat([frame.select("finding", "rule", "finding_rule") for frame in joined])
    both = both.rename({"rule": "found_by", "finding_rule": "rule"})
    columns = labels.filter(pl.col("scope") == "column")
    cells = rest.join(columns, on=["file", "dataset", "column"], how="semi")
    return pl.concat([_fitting(both)["finding"], cells["finding"]]).unique()


def _fitting(pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows whose `rule` fits the patterns of their `found_by`."""
    kinds = pairs.select("found_by", "rule").unique()
    good = [fits(patterns, rule) for patterns, rule in kinds.iter_rows()]
    return pairs.join(
        kinds.filter(pl.Series(good, dtype=pl.Boolean)), on=["found_by", "rule"], how="semi"
    )


def fits(patterns: str, rule: str) -> bool:
    """Whether a rule's id fits one of the patterns, `|` between, `*` for anything."""
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), rule)
        for pattern in patterns.split("|")
    )


def _by_kind(due: pl.DataFrame, false: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """A false accusation counts against the kind that its rule would find most often."""
    counted = due.group_by("kind").agg(pl.len().alias("labels"), pl.col("hit").sum().alias("found"))
    wrong = false.with_columns(
        pl.Series("kind", _accusing(false["rule"].to_list(), labels), dtype=pl.String)
    )
    counts = wrong.group_by("kind").agg(pl.len().alias("false"))
    return _rates(
        counted.join(counts, on="kind", how="full", coalesce=True)
        .with_columns(pl.col("labels", "found", "false").fill_null(0).cast(pl.Int64))
        .sort("kind")
    )


def _accusing(rules: list[str], labels: pl.DataFrame) -> list[str]:
    """For each rule, the kind of label that it would find: by the rule's kind, whatever column."""
    named = (
        labels.group_by("kind", "column", "found_by")
        .len()
        .sort("len", "kind", "column", "found_by", descending=[True, False, False, False])
    )
    kinds: dict[str, str] = {}
    for kind, column, patterns in named.select("kind", "column", "found_by").iter_rows():
        for pattern in patterns.split("|"):
            kinds.setdefault(_kind_of_rule(pattern, column or ""), kind)
    return [kinds.get(_kind_of_rule(rule, rule.split(".")[0]), OTHER_RULES) for rule in rules]


def _kind_of_rule(rule: str, column: str) -> str:
    return rule.removeprefix(f"{column}.") if column else rule


def _rates(counts: pl.DataFrame) -> pl.DataFrame:
    """Adds recall (found of labels) and precision (found of found and false)."""
    return counts.with_columns(
        recall=pl.when(pl.col("labels") > 0).then(pl.col("found") / pl.col("labels")),
        precision=pl.when(pl.col("found") + pl.col("false") > 0).then(
            pl.col("found") / (pl.col("found") + pl.col("false"))
        ),
    ).select(
        *(["kind"] if "kind" in counts.columns else []),
        "labels", "found", "recall", "false", "precision",
    )  # fmt: skip


def findings_of(home: Path) -> pl.DataFrame:
    """What the lake under the home found: the columns that `score` asks for."""
    quality = home / "lake" / "quality"
    deliveries = (
        pl.read_delta(str(quality / "delivery_events"))
        .filter(pl.col("source").is_not_null())
        .select("delivery", pl.col("source").alias("file"))
        .unique("delivery", keep="first", maintain_order=True)
    )
    events = pl.read_delta(str(quality / "defect_events")).filter(pl.col("event").is_in(OPENING))
    return events.select(
        "delivery", "dataset", "agency", "kind", "rule", "key", "column", "row", "value"
    ).join(deliveries, on="delivery", how="full", coalesce=True, nulls_equal=False)


def table(result: Score) -> str:
    """The table by kind, and the totals, as text."""
    lines = [f"{'kind':32}{'labels':>9}{'found':>9}{'recall':>9}{'false':>9}{'precision':>11}"]
    total = result.total.with_columns(pl.lit("total").alias("kind"))
    for row in pl.concat([result.by_kind, total.select(result.by_kind.columns)]).to_dicts():
        recall, precision = (
            "-" if row[name] is None else f"{row[name]:.4f}" for name in ("recall", "precision")
        )
        counts = f"{row['labels']:>9}{row['found']:>9}{recall:>9}{row['false']:>9}{precision:>11}"
        lines.append(f"{row['kind']:32}{counts}")
    if result.unseen:
        lines.append(f"{result.unseen} labels in files that never came in")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Prints the table of the home's findings against the labels."""
    parser = argparse.ArgumentParser(prog="python -m demo.score", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="LAKEHOUSE_HOME of the run")
    parser.add_argument("--labels", type=Path, required=True, help="folder with labels.csv")
    chosen = parser.parse_args(arguments)
    try:
        labels, collateral = read_labels(chosen.labels)
    except BadLabels as error:
        parser.error(str(error))
    sys.stdout.write(table(score(labels, collateral, findings_of(chosen.home))) + "\n")


if __name__ == "__main__":
    main()
