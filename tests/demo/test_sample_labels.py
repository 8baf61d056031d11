"""The sample's labels against the rules: what is planted is found, and nothing else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from catalog.load import Catalog, load_catalog
from demo.delivery import Delivery
from demo.make_sample import first, second
from quality.rules.derive import normalisations_of, rules_of
from quality.rules.model import DUPLICATE_KEY
from quality.standardise import standardise

MADE = [delivery for delivery, _ in (*first(), *second())]
Found = set[tuple[str, int, str]]
"""(kind of label, row, rule)."""


def is_regular(normalisation: str) -> bool:
    """Whether right rows need it as well, so that it is not labelled in them."""
    kind = normalisation.split(".")[1]
    in_written_forms = normalisation == "registered_capital.thousands"
    return in_written_forms or kind in ("written_amount", "name_to_code")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def reference(catalog: Catalog, delivery: Delivery) -> str:
    dataset = catalog.dataset_for(delivery.deliverer, delivery.dataset)
    assert dataset is not None
    return dataset.ref


def raw_rows(catalog: Catalog, delivery: Delivery) -> pl.LazyFrame:
    """The delivery's readable rows as intake hands them on."""
    dataset = catalog.datasets[reference(catalog, delivery)]
    columns = [column.id for column in dataset.columns]
    shape = delivery.file.split("_")[0] if dataset.id == "dishonest_entities" else None
    rows = [
        {
            **{column: row.get(column) or None for column in columns},
            "_op": "upsert", "_row": number, "_shape": shape,
            "_delivery": "d000001", "_seq": 1, "_agency": delivery.deliverer,
        }
        for number, row in enumerate(delivery.rows, start=1)
        if number not in delivery.ragged
    ]  # fmt: skip
    technical = {
        "_op": pl.String,
        "_shape": pl.String,
        "_delivery": pl.String,
        "_agency": pl.String,
    }
    schema = {column: pl.String for column in columns} | technical
    return pl.LazyFrame(rows, schema=schema | {"_row": pl.Int64, "_seq": pl.Int64})


def found_by_rules(catalog: Catalog, ref: str, staged: pl.DataFrame) -> Found:
    """What the masks and keys of staged rows say, in the words of the labels."""
    found: Found = set()
    for rule in rules_of(catalog, ref):
        failing = staged.filter(pl.col(rule.mask_column) & rule.mask_value != 0)
        found |= {("rule", row, rule.id) for row in failing["_row"]}
    for note in normalisations_of(catalog, ref):
        changed = staged.filter(pl.col(note.mask_column) & note.mask_value != 0)
        if not is_regular(note.id):
            found |= {("normalisation", row, note.id) for row in changed["_row"]}
    keyless = staged.filter(pl.col("_key").is_null())
    found |= {("quarantine", row, "key.missing") for row in keyless["_row"]}
    keyed = staged.filter(pl.col("_key").is_not_null())
    repeated = keyed.filter(pl.col("_key").is_duplicated())
    last = repeated.group_by("_key").agg(pl.col("_row").max())
    return found | {("rule", row, DUPLICATE_KEY) for row in last["_row"]}


@pytest.mark.parametrize("delivery", MADE, ids=lambda delivery: delivery.file)
def test_rules_find_what_was_planted_and_nothing_else(catalog: Catalog, delivery: Delivery) -> None:
    ref = reference(catalog, delivery)
    as_of = date(2026, 10, 15) if delivery.corrected else date(2026, 9, 30)

    staged = standardise(raw_rows(catalog, delivery), catalog, ref, as_of).collect()

    planted = {
        (label.kind, label.row, label.rule) for label in delivery.labels if label.kind != "reject"
    }
    assert found_by_rules(catalog, ref, staged) == planted


@pytest.mark.parametrize("again", [d for d in MADE if d.corrected], ids=lambda d: d.file)
def test_the_corrected_delivery_removes_fewer_keys_than_would_be_held(
    catalog: Catalog, again: Delivery
) -> None:
    stem = again.path.split("_2026")[0]
    delivered = next(d for d in MADE if not d.corrected and d.path.startswith(stem))
    dataset = catalog.datasets[reference(catalog, again)]
    staged = [
        standardise(raw_rows(catalog, d), catalog, dataset.ref, date(2026, 10, 15)).collect()
        for d in (delivered, again)
    ]
    before, after = (set(rows["_key"]) for rows in staged)

    removed = len(before - after - {None}) / len(before - {None})

    assert dataset.mode == "increment" or removed < dataset.removal_limit
