"""Measuring a delivery's columns, at a cost that a large file does not feel.

Belongs here: exact figures from Parquet footers, the rest from a bounded sample. What the figures
are stands in `quality.profiles.model`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import polars as pl

from catalog.models.datasets import Column, Dataset
from quality.profiles.model import PROFILES, QUANTILES
from quality.profiles.shapes import patterns
from quality.profiles.withheld import columns_without_top
from warehouse.engine import literal, quoted
from warehouse.publish.masking import masked_columns

if TYPE_CHECKING:
    from catalog.load import Catalog

SAMPLE_ROWS: Final = 20_000
"""Rows of the sample, in `_STRETCHES` stretches spread evenly over the file."""
_STRETCHES: Final = 4
_SHOWN: Final = 5
"""Patterns and values that are kept of a column, the most frequent ones."""
_LONGEST_VALUE: Final = 40
_LONG_NUMBER: Final = re.compile(r"[0-9]{11}")
"""May be a telephone, document or account number, whatever the column: never kept."""

_Value = Any


@dataclass(frozen=True, slots=True)
class Profiled:
    """The delivery whose files are measured: its id, deliverer, order, and columns not brought."""

    delivery: str
    agency: str
    seq: int
    missing: Collection[str] = ()
    """Ids of optional columns that the file does not have."""


@dataclass(frozen=True, slots=True)
class _Footer:
    """What the footers of one column say."""

    nulls: int
    minimum: str | None
    maximum: str | None


def profiles_of(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    ref: str,
    delivered: Profiled,
    raw: Path,
    staged: Path,
    sample_rows: int = SAMPLE_ROWS,
) -> pl.DataFrame:
    """One row a column of the dataset, columns as PROFILES.

    `raw` and `staged` are Parquet files of one delivery, row for row. Reads their footers and about
    `sample_rows` rows.
    """
    dataset = catalog.datasets[ref]
    texts, values = (sample(file, sample_rows) for file in (raw, staged))
    of_raw, of_staged = (_footers(con, file) for file in (raw, staged))
    rows, deleted = _counted(con, staged)
    masked, without_top = masked_columns(catalog, dataset), columns_without_top(catalog, dataset)
    measured = [
        {
            "delivery": delivered.delivery,
            "dataset": ref,
            "agency": delivered.agency,
            "seq": delivered.seq,
            "column": column.id,
            "delivered": column.id not in delivered.missing
            and (column.derived is None or of_raw[column.id].nulls < rows),
            "rows": rows - deleted,
            "nulls": of_staged[column.id].nulls - deleted,
            "sampled": values.height,
            **_text_figures(texts[column.id]),
            "distinct": values[column.id].drop_nulls().n_unique(),
            **({} if column.id in masked else _extent(values[column.id], of_staged[column.id])),
            "top": [] if column.id in without_top else _top(values[column.id]),
        }
        for column in _measured(dataset)
    ]
    return pl.DataFrame(measured, schema=PROFILES)


def _measured(dataset: Dataset) -> Iterable[Column]:
    return (column for column in dataset.columns if column.retired is None)


def sample(file: Path, wanted: int = SAMPLE_ROWS) -> pl.DataFrame:
    """Rows of a delivery's Parquet file, all of a small one; without declared deletions.

    Taken from the same places of every file of as many rows.
    """
    scanned = pl.scan_parquet(file)
    rows = scanned.select(pl.len()).collect().item()
    stretch = -(-wanted // _STRETCHES)
    parts = [(0, rows)] if rows <= wanted else [
        (rows * part // _STRETCHES, stretch) for part in range(_STRETCHES)
    ]  # fmt: skip
    read = pl.collect_all([scanned.slice(start, length) for start, length in parts])
    return pl.concat(read).filter(pl.col("_op").ne_missing("delete"))


def _footers(con: duckdb.DuckDBPyConnection, file: Path) -> dict[str, _Footer]:
    """Nulls, least and greatest value by column, as the writer noted them for each row group."""
    noted = con.execute(
        "SELECT path_in_schema, sum(stats_null_count)::BIGINT, "
        "list(stats_min_value) FILTER (stats_min_value IS NOT NULL), "
        "list(stats_max_value) FILTER (stats_max_value IS NOT NULL) "
        f"FROM parquet_metadata({literal(str(file))}) GROUP BY path_in_schema"
    ).fetchall()
    kinds = pl.scan_parquet(file).collect_schema()
    # A file without rows has no row groups either.
    return dict.fromkeys(kinds, _Footer(0, None, None)) | {
        name: _Footer(nulls, _extreme(min, kinds[name], least), _extreme(max, kinds[name], most))
        for name, nulls, least, most in noted
    }


def _extreme(
    which: Callable[[Iterable[_Value]], _Value], kind: pl.DataType, noted: list[str] | None
) -> str | None:
    """The extreme of the row groups' extremes, as text; None of what has no order of its own."""
    if not noted or not _is_ordered(kind):
        return None
    return _as_text(which(_of_text(kind, text) for text in noted))


def _is_ordered(kind: pl.DataType) -> bool:
    return kind.is_numeric() or kind.is_temporal()


def _of_text(kind: pl.DataType, text: str) -> _Value:
    if kind.is_numeric():
        return Decimal(text)
    return date.fromisoformat(text) if kind == pl.Date() else datetime.fromisoformat(text)


def _as_text(value: _Value) -> str:
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f"{value.quantize(Decimal(1)) if whole else value.normalize():f}"
    return str(value)


def _counted(con: duckdb.DuckDBPyConnection, staged: Path) -> tuple[int, int]:
    """Rows, and those of them that only declare a deletion."""
    row = con.execute(
        f"SELECT count(*), count(*) FILTER ({quoted('_op')} = 'delete') "
        f"FROM read_parquet({literal(str(staged))})"
    ).fetchone()
    assert row is not None
    return row


def _text_figures(text: pl.Series) -> dict[str, Any]:
    """Lengths and patterns of what is not blank."""
    said = text.filter(text.str.strip_chars() != "")
    lengths = said.str.len_chars()
    return {
        "shortest": lengths.min(),
        "longest": lengths.max(),
        "patterns": _most_frequent(patterns(said), "pattern"),
    }


def _extent(values: pl.Series, footer: _Footer) -> dict[str, Any]:
    """Range, and quantiles of what has an order of its own."""
    said = values.drop_nulls()
    extremes = {"minimum": footer.minimum, "maximum": footer.maximum}
    return extremes | (_quantiles(said) if _is_ordered(said.dtype) else {})


def _top(values: pl.Series) -> list[dict[str, Any]]:
    """The most frequent values that occur more than once, as text."""
    frequent = [
        each | {"value": _as_text(each["value"])}
        for each in _most_frequent(values.drop_nulls(), "value", least=2)
    ]
    return [each for each in frequent if _may_be_kept(each["value"])]


def _may_be_kept(value: str) -> bool:
    return len(value) <= _LONGEST_VALUE and not _LONG_NUMBER.search(value)


def _quantiles(said: pl.Series) -> dict[str, str]:
    if said.is_empty():
        return {}
    ordered = said.sort()
    return {
        name: _as_text(ordered[int(share * (len(ordered) - 1))])
        for name, share in QUANTILES.items()
    }


def _most_frequent(values: pl.Series, name: str, least: int = 1) -> list[dict[str, Any]]:
    """The most frequent values with their rows; of equals, those that sort first."""
    return (
        values.rename(name)
        .to_frame()
        .group_by(name)
        .agg(pl.len().cast(pl.Int64).alias("rows"))
        .filter(pl.col("rows") >= least)
        .sort("rows", name, descending=[True, False])
        .head(_SHOWN)
        .to_dicts()
    )
