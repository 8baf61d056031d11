"""Reads Parquet deliveries: every column as text.

Dates come out in ISO form, decimals and numbers in plain digits, nested values as JSON text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse.intake.detect import Content
from warehouse.intake.json_text import written
from warehouse.intake.model import Batch, Unusable

_ROWS = 50_000


def column_names(content: Content) -> list[str]:
    """Names of the file's columns. Raises Unusable when the file is cut off or damaged."""
    try:
        return pl.scan_parquet(content.path, glob=False).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(content.name) from error


def batches(content: Content, progress: Callable[[int], None]) -> Iterator[Batch]:
    """All rows, in the file's order; `_line` is null, a Parquet file has no lines."""
    lazy = pl.scan_parquet(content.path, glob=False)
    names = lazy.collect_schema().names()
    at = 0
    try:
        for frame in lazy.collect_batches(chunk_size=_ROWS, maintain_order=True):
            yield _batch(frame, names, at)
            at += frame.height
            progress(0)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(content.name) from error


def count_rows(content: Content) -> int:
    """Rows that the file's own footer states."""
    return int(pl.scan_parquet(content.path, glob=False).select(pl.len()).collect().item())


def _batch(frame: pl.DataFrame, names: list[str], at: int) -> Batch:
    texts = frame.select(_text(frame[name]).alias(str(i)) for i, name in enumerate(names))
    texts = texts.with_columns(
        pl.int_range(at + 1, at + 1 + frame.height, dtype=pl.Int64).alias("_row"),
        pl.lit(None, pl.Int64).alias("_line"),
    )

    def text_of(index: int) -> tuple[int | None, bytes]:
        row = texts.row(index)[: len(names)]
        named = {k: v for k, v in zip(names, row, strict=True) if v is not None}
        return None, written(named).encode()

    return Batch(texts, text_of)


def _text(values: pl.Series) -> pl.Series:
    kind = values.dtype
    if kind == pl.String:
        text = values
    elif kind == pl.Binary:
        text = values.cast(pl.String, strict=False)
    elif isinstance(kind, pl.Datetime):
        local = values.dt.convert_time_zone("Asia/Shanghai") if kind.time_zone else values
        text = local.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    elif kind.is_float():
        plain = [None if v is None else _digits(v) for v in values.to_list()]
        text = pl.Series(plain, dtype=pl.String)
    elif kind.is_nested() or kind == pl.Object:
        nested = [
            None if v is None else json.dumps(_plain(v), ensure_ascii=False, default=str)
            for v in values.to_list()
        ]
        text = pl.Series(nested, dtype=pl.String)
    else:
        text = values.cast(pl.String)
    return text.to_frame("x").select(pl.when(pl.col("x") != "").then("x")).to_series()


def _digits(value: float) -> str:
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Any) -> Any:
    if isinstance(value, pl.Series):
        return value.to_list()
    return value.isoformat() if isinstance(value, dt.date) else value


def _damaged(name: str) -> Unusable:
    return Unusable(
        "delivery.truncated",
        f"文件“{name}”不完整或已损坏，Parquet 内容读不出来，可能没有传完。请重新提交完整的文件。",
        name,
    )
