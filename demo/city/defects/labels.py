"""Labels: what is wrong in which file, where, and what should find it.

Belongs here: the labels' columns, what a fault rightly brings with it, and writing both.

`labels.csv`, one row a fault and delivery:

- `label`: number from 1; `day`: number of the delivery's day; `file`: path below landing/ (of a
  dataset that is never delivered, empty); `row`: the record's ordinal in the file from 1, empty for
  whole columns and deliveries; `scope`: cell, row, column, delivery;
- `dataset`: `<agency>/<dataset>`; `deliverer`; `key`: as delivered, parts joined with U+001F, empty
  where the row has none; `key_original`: as it should be; `column`: id of the column to correct;
- `kind`: a kind of `defects.yaml` or `days.yaml`; `found_by`: rules that find it, `|` between, `*`
  for anything; `original`, `delivered`: the cell as it should be and as it stands in the file;
- `continues`: yes where an earlier delivery had the same fault, which was never proven right;
- `corrected_on`, `relapsed_on`: dates of the deliveries in which it is right, and wrong again.

`collateral.csv`, what a label's fault brings with it, which is neither found nor falsely accused:

- `label`; `dataset`; `key`, `column`, `rule`: of a finding in the label's file; a `*` at the end of
  the key stands for any end, in the rule for anything; with `value`, the finding has no key of its
  own here: any row of the dataset, in whatever file, whose column holds the value.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from demo.city.days import LAST, Calendar
from demo.city.declared import declaration
from demo.city.defects.keys import UNIT
from demo.city.defects.kinds import BROKEN, INSERTED, Target, key_columns

LABELS: Final = pl.Schema(
    {
        "label": pl.Int64(),
        "day": pl.Int64(),
        "file": pl.String(),
        "row": pl.Int64(),
        "scope": pl.String(),
        "dataset": pl.String(),
        "deliverer": pl.String(),
        "key": pl.String(),
        "key_original": pl.String(),
        "column": pl.String(),
        "kind": pl.String(),
        "found_by": pl.String(),
        "original": pl.String(),
        "delivered": pl.String(),
        "continues": pl.String(),
        "corrected_on": pl.String(),
        "relapsed_on": pl.String(),
    }
)
COLLATERAL: Final = pl.Schema(
    {
        "label": pl.Int64(),
        "dataset": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "rule": pl.String(),
        "value": pl.String(),
    }
)
_NUMBERS: Final = ("subject_no", "document_no")
"""Formats of columns that hold a person's or a firm's number."""
_ALSO_FIRMS: Final = (
    "institutional_commission/public_bodies",
    "civil_affairs/social_organizations",
)


class Describing:
    """Turns the labels of one dataset's pieces into rows of the two files."""

    def __init__(self, catalog: Catalog, dataset: Dataset, calendar: Calendar) -> None:
        self._catalog, self._dataset, self._calendar = catalog, dataset, calendar
        self._brings: pl.DataFrame | None = None

    def labels(
        self, found: pl.DataFrame, targets: Sequence[Target], file: str, deliverer: str, day: int,
        before: int, first: int,
    ) -> pl.DataFrame:  # fmt: skip
        """Labels of a piece: `before` rows of the file precede it, `first` is its first number."""
        about = pl.DataFrame(
            [
                {
                    "target": number,
                    "scope": target.scope,
                    "column": target.labelled_column or None,
                    "kind": target.kind,
                    "found_by": "|".join(target.found_by),
                    "inserted": target.how in INSERTED,
                }
                for number, target in enumerate(targets)
            ]
        )
        joined = found.join(about, on="target", how="left", maintain_order="left")
        return joined.select(
            pl.int_range(first, first + pl.len()).alias("label"),
            pl.lit(day, pl.Int64).alias("day"),
            pl.lit(file).alias("file"),
            (pl.col("at") + before + 1).alias("row"),
            "scope",
            pl.lit(self._dataset.ref).alias("dataset"),
            pl.lit(deliverer).alias("deliverer"),
            "key",
            "key_original",
            "column",
            "kind",
            "found_by",
            pl.when(~pl.col("inserted")).then("original").alias("original"),
            "delivered",
            pl.when("continues").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("continues"),
            self._date("corrected"),
            self._date("relapsed"),
        )

    def _date(self, column: str) -> pl.Expr:
        dates = {day: self._calendar.date(day).isoformat() for day in self._days()}
        return (pl.col(column).replace_strict(dates, default=None, return_dtype=pl.String)).alias(
            f"{column}_on"
        )

    def _days(self) -> range:
        return range(1, min(self._calendar.days, LAST) + 1)

    def collateral(
        self, labels: pl.DataFrame, found: pl.DataFrame, targets: Sequence[Target]
    ) -> pl.DataFrame:
        """What the piece's labels bring with them."""
        if self._brings is None:
            rows = [
                (number, *brought)
                for number, target in enumerate(targets)
                for brought in self._of_target(target)
            ]
            names = ["target", "record", "dataset", "column", "rule"]
            self._brings = pl.DataFrame(rows, schema=names, orient="row")
        numbered = labels.select(
            "label", "key", "key_original", "delivered", target=found["target"], held=found["held"]
        )
        record = pl.col("record")
        first_part = pl.col("key_original").str.split(UNIT).list.first()
        return numbered.join(self._brings, on="target", maintain_order="left_right").select(
            "label",
            "dataset",
            pl.when(record == "own").then("key")
            .when(record == "original").then("key_original")
            .when(record == "delivered").then("delivered")
            .when(record == "group").then(first_part + UNIT + "*").alias("key"),
            "column",
            "rule",
            pl.when(record == "naming").then("key_original")
            .when(record == "holding").then("delivered")
            .when(record == "resting").then("held").alias("value"),
        )  # fmt: skip

    def _of_target(self, target: Target) -> Iterator[tuple[str, str, str, str]]:
        """(record, dataset, column, rule). The record is the row's `own`, those elsewhere `naming`
        its key or `resting` on it, or what the kind's `also` says."""
        dataset, ref = self._dataset, self._dataset.ref
        between: str = declaration("defects")["between"]
        touched = self._touched(target)
        for column, rule in rules_beside(dataset, touched):
            if not (column == target.column and "row.*" in target.found_by):
                yield "own", ref, column, rule
        for column in sorted(touched - {target.column}):
            yield "own", ref, column, "*"
        yield "own", ref, target.column, between
        for column, rule in declaration("defects")["computed"].get(ref, {}).items():
            yield "own", ref, column, rule
        keys = key_columns(dataset)
        lost = target.how in ("key_missing", *BROKEN) or target.column in keys
        if lost and keys:
            yield "own", ref, keys[0], "row.duplicate_key"
        if len(keys) == 1 and len(dataset.key) == 1 and lost and target.how not in INSERTED:
            for reference in references(self._catalog, ref, keys[0]):
                yield "naming", *reference, between
        rests = declaration("defects")["rests"].get(ref)
        if rests and (touched & set(rests["damaged"]) or target.how in ("key_missing", *BROKEN)):
            for place in rests["of"]:
                yield "resting", place["dataset"], place["column"], rests["rule"]
        if target.also:
            yield target.also, ref, target.column, "|".join(target.found_by)

    def _touched(self, target: Target) -> set[str]:
        """The columns whose values change."""
        pairs = {
            "code_and_name_swapped": {target.column, target.other},
            "deregistered_licensed": {"uscc", "holder"},
            "overlapping_marriage": {"id_no_a", "name_a"},
            "dead_person": {"id_no", "name"},
            "double_enrolment": {"student_no", "id_no"},
        }
        own = pairs.get(target.how, {target.column})
        own = own | {"lat"} if target.column == "lon" else own
        return own & {column.id for column in self._dataset.columns}


def rules_beside(dataset: Dataset, touched: set[str]) -> list[tuple[str, str]]:
    """(column, rule) of the cross-field rules that look at a touched column, by the column that
    their findings name."""
    return [
        (rule.columns[0], f"row.{rule.id}") for rule in dataset.rules if touched & set(rule.columns)
    ]


def references(catalog: Catalog, ref: str, key: str) -> list[tuple[str, str]]:
    """(dataset, column) of all columns elsewhere that may hold a key of this dataset."""
    element = catalog.element_of(ref, key)
    source = element.standard_source
    if (
        not element.identifier
        or source is None
        or (source.dataset != ref and ref not in _ALSO_FIRMS)
    ):
        return []
    found = []
    for other in catalog.datasets.values():
        for column in other.columns:
            held = catalog.elements[column.element]
            number = element.format in ("uscc", "id_no") and held.format in _NUMBERS
            if other.ref != ref and (held.id == element.id or number):
                found.append((other.ref, column.id))
    return found


class LabelFiles:
    """The two files, to which the parts of the jobs are appended in the jobs' order."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._labels = folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in (("labels", LABELS), ("collateral", COLLATERAL)):
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
                csv.writer(lines, lineterminator="\n").writerow(schema.names())

    def append(self, parts: Iterable[tuple[Path, Path]]) -> None:
        """Appends the labels and collateral of parts, numbered on, and removes the parts."""
        for labels, collateral in parts:
            frame = pl.read_parquet(labels)
            for name, part in (("labels", frame), ("collateral", pl.read_parquet(collateral))):
                with (self._folder / f"{name}.csv").open("ab") as out:
                    part.with_columns(pl.col("label") + self._labels).write_csv(
                        out, include_header=False
                    )
            self._labels += frame.height
            labels.unlink()
            collateral.unlink()
