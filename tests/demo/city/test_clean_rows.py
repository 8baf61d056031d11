"""Every row of the clean city, as it is written, held against every rule of the catalogue."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from demo.city.city import City
from demo.city.form import form_of
from demo.city.render import Rendering
from demo.city.table import tables
from quality.rules.derive import rules_of
from quality.standardise import standardise

Frames = Callable[[str], pl.DataFrame]

TECHNICAL = {
    "_extra": None,
    "_op": "upsert",
    "_line": None,
    "_shape": None,
    "_delivery": "d000001",
    "_seq": 1,
    "_agency": "owner",
}
"""What intake adds to the columns of a row."""
WHOLE = ("_line", "_seq")


def _staged(city: City, ref: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as their agency writes them, through the standard pass."""
    dataset = city.catalog.datasets[ref]
    text = Rendering(dataset, city.catalog, form_of(ref, rows.height)).text(rows)
    absent = [column.id for column in dataset.columns if column.id not in text.columns]
    raw = (
        text.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
        .with_row_index("_row", 1)
        .with_columns(
            pl.col("_row").cast(pl.Int64),
            *(
                pl.lit(value, dtype=pl.Int64 if name in ("_line", "_seq") else pl.String).alias(
                    name
                )
                for name, value in TECHNICAL.items()
            ),
        )
    )
    return standardise(raw.lazy(), city.catalog, ref, city.day).collect(engine="streaming")


@pytest.mark.parametrize("ref", sorted(tables()))
def test_no_row_of_the_clean_city_breaks_a_rule(ref: str, city: City, frame_of: Frames) -> None:
    staged = _staged(city, ref, frame_of(ref))
    broken = {
        rule.id: rows
        for rule in rules_of(city.catalog, ref)
        if rule.mask_column in staged.columns
        and (rows := staged.filter(pl.col(rule.mask_column) & rule.mask_value != 0).height)
    }
    assert staged.height == frame_of(ref).height
    assert broken == {}


def test_a_broken_row_is_seen(city: City, frame_of: Frames) -> None:
    ref = "medical_insurance/settlements"
    spoilt = frame_of(ref).head(3).with_columns(pl.col("fund") + 1)
    staged = _staged(city, ref, spoilt)
    (rule,) = (r for r in rules_of(city.catalog, ref) if r.id == "row.payers_add_up")
    assert (staged[rule.mask_column] & rule.mask_value != 0).all()


def test_every_dataset_of_the_catalogue_is_made(city: City) -> None:
    assert set(tables()) == set(city.catalog.datasets)
