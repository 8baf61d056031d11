"""Judging texts by the catalogue's own rules, without a delivery.

Belongs here: running the one pass (`quality.standardise`) over a few texts and telling which rules
failed where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Column, Dataset, Publication
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from quality.standardise import standardise

TRIAL = "trial/trial"


def trial_dataset(columns: Sequence[Column]) -> Dataset:
    """A dataset of these columns, for `failed_rules` alone."""
    return Dataset(
        agency="trial",
        id="trial",
        name="试判",
        description="试判",
        subject="none",
        key=(columns[0].id,),
        deliverers=("trial",),
        mode="snapshot",
        publication=Publication(database="trial", table="trial"),
        columns=tuple(columns),
    )


def failed_rules(
    catalog: Catalog, dataset: Dataset, texts: pl.DataFrame, as_of: date, shape: str | None = None
) -> Mapping[str, pl.Series]:
    """Rule id → Boolean by row, for each row rule of the dataset but `row.duplicate_key`.

    `texts` has the dataset's columns as String; those it lacks count as not delivered.
    """
    held = replace(
        catalog,
        datasets={**catalog.datasets, dataset.ref: dataset},
        rule_bits={ref: bits for ref, bits in catalog.rule_bits.items() if ref != dataset.ref},
    )
    raw = texts.lazy().with_columns(
        *(
            pl.lit(None, pl.String).alias(column.id)
            for column in dataset.columns
            if column.id not in texts.columns
        ),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("_row"),
        pl.lit(None, pl.String).alias("_op"),
        pl.lit(shape, pl.String).alias("_shape"),
        pl.lit("trial").alias("_delivery"),
        pl.lit(0, pl.Int64).alias("_seq"),
        pl.lit("trial").alias("_agency"),
    )
    staged = standardise(raw, held, dataset.ref, as_of).collect()
    return {
        rule.id: (staged[rule.mask_column] & rule.mask_value) != 0
        for rule in rules_of(held, dataset.ref)
        if rule.id != DUPLICATE_KEY
    }
