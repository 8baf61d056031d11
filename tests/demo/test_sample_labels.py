"""The sample's labels against the rules: what is planted is found, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from catalog.load import Catalog
from demo.delivery import Delivery
from demo.make_sample import first, second
from quality.rules.derive import normalisations_of, rules_of
from quality.rules.model import DUPLICATE_KEY
from quality.standardise import standardise
from tests.this_catalog import this_catalog
from warehouse.intake import Target, receive

MADE = [delivery for delivery, _ in (*first(), *second())]
DEMO = Path(__file__).resolve().parents[2] / "demo"

Found = set[tuple[str, int, str]]
"""(kind of label, row, rule)."""


class Staged(NamedTuple):
    """A delivery's rows after the row rules, and what could not be read as a row."""

    rows: pl.DataFrame
    rejects: Found


def is_regular(normalisation: str) -> bool:
    """Whether right rows need it as well, so that it is not labelled in them."""
    kind = normalisation.split(".")[1]
    in_written_forms = normalisation == "registered_capital.thousands"
    return in_written_forms or kind in ("written_amount", "name_to_code")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return this_catalog()


def reference(catalog: Catalog, delivery: Delivery) -> str:
    dataset = catalog.dataset_for(delivery.deliverer, delivery.dataset)
    assert dataset is not None
    return dataset.ref


def staged_rows(catalog: Catalog, delivery: Delivery, work: Path) -> Staged:
    """The committed file through intake and the row rules."""
    dataset = catalog.datasets[reference(catalog, delivery)]
    folder = DEMO / ("sample_corrected" if delivery.corrected else "sample")
    rejects = work / "rejects.parquet"
    target = Target(work / "raw.parquet", rejects, work, "d000001", 1, delivery.deliverer)
    received = receive(folder / delivery.path, dataset, target)
    assert received.balanced
    as_of = date(2026, 10, 15) if delivery.corrected else date(2026, 9, 30)
    rows = standardise(pl.scan_parquet(target.raw), catalog, dataset.ref, as_of).collect()
    rejected = pl.read_parquet(rejects) if rejects.exists() else pl.DataFrame()
    return Staged(rows, {("reject", row["row"], row["reason"]) for row in rejected.to_dicts()})


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
def test_rules_find_what_was_planted_and_nothing_else(
    catalog: Catalog, delivery: Delivery, tmp_path: Path
) -> None:
    staged = staged_rows(catalog, delivery, tmp_path)

    found = found_by_rules(catalog, reference(catalog, delivery), staged.rows) | staged.rejects

    assert found == {(label.kind, label.row, label.rule) for label in delivery.labels}


@pytest.mark.parametrize("again", [d for d in MADE if d.corrected], ids=lambda d: d.file)
def test_the_corrected_delivery_removes_fewer_keys_than_would_be_held(
    catalog: Catalog, again: Delivery, tmp_path: Path
) -> None:
    stem = again.path.split("_2026")[0]
    delivered = next(d for d in MADE if not d.corrected and d.path.startswith(stem))
    dataset = catalog.datasets[reference(catalog, again)]
    staged = [staged_rows(catalog, d, tmp_path).rows for d in (delivered, again)]
    before, after = (set(rows["_key"]) for rows in staged)

    removed = len(before - after - {None}) / len(before - {None})

    assert dataset.mode == "increment" or removed < dataset.removal_limit
