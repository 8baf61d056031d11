"""The row-rule pass itself: text normalised, typed and judged. Its values are not written."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.contenders.frame import Found, Known, compete
from benchmarks.persons import AS_OF, DATASET, RULES
from catalog.load import load_catalog
from quality.rules.derive import rules_of
from quality.standardise import standardise


def check(folder: Path, _: Known) -> Found:
    """By rule, from the masks of the rows that fail any."""
    catalog = load_catalog()
    text = pl.scan_csv(folder / "persons.csv", infer_schema=False, row_index_name="_row")
    raw = text.with_columns(
        pl.col("_row").cast(pl.Int64) + 1,
        _op=pl.lit("upsert"), _shape=pl.lit(None, pl.String), _delivery=pl.lit("d000001"),
        _seq=pl.lit(1, pl.Int64), _agency=pl.lit("medical_insurance"),
    )  # fmt: skip
    judged = standardise(raw, catalog, DATASET, AS_OF)
    failing = judged.filter(pl.col("_failed") != 0).select("_row", "_failed")
    rows = failing.collect(engine="streaming")
    found: Found = {}
    for rule in rules_of(catalog, DATASET):
        if rule.id in RULES:
            hit = rows.filter(pl.col("_failed") & rule.mask_value != 0)["_row"]
            found[rule.id] = (len(hit), int(hit.sum()))
    return found


if __name__ == "__main__":
    compete("zibo-lakehouse", check)
