"""Turns batches of records into rows of raw and writes them as one Parquet file.

Belongs here: what every format shares. The columns of raw, the operation of each row, the rejects
that come of it, the streaming write. Not here: reading a format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from catalog.models.datasets import Dataset
from warehouse.intake.headers import Mapping
from warehouse.intake.model import Batch, Target, reject
from warehouse.intake.rejects import Rejects

_UPSERT = ("新增", "修改", "更新", "变更", "i", "u", "insert", "update", "upsert")
_DELETE = ("删除", "d", "delete")
_OPERATIONS = {w: "upsert" for w in _UPSERT} | {w: "delete" for w in _DELETE}


def raw_schema(dataset: Dataset) -> dict[str, pl.DataType]:
    """Columns of raw: the catalogue's as text, then the technical ones. One row a record."""
    columns: dict[str, pl.DataType] = {c.id: pl.String() for c in dataset.columns}
    return columns | {
        "_extra": pl.String(),
        "_op": pl.String(),
        "_row": pl.Int64(),
        "_line": pl.Int64(),
        "_shape": pl.String(),
        "_delivery": pl.String(),
        "_seq": pl.Int64(),
        "_agency": pl.String(),
    }


class Assembler:
    """Makes raw rows of one delivery out of its batches; counts them."""

    def __init__(
        self, dataset: Dataset, mapping: Mapping, target: Target, rejects: Rejects
    ) -> None:
        self.accepted = 0
        self._dataset = dataset
        self._mapping = mapping
        self._target = target
        self._rejects = rejects

    def rows(self, batch: Batch) -> pl.DataFrame:
        """The batch as raw rows; records with an unknown operation become rejects."""
        frame = batch.frame
        if self._mapping.operation is not None:
            frame = self._with_operation(batch, str(self._mapping.operation))
        rows = frame.select(self._columns(frame))
        self.accepted += rows.height
        return rows

    def _columns(self, frame: pl.DataFrame) -> list[pl.Expr]:
        at = {column: str(position) for position, column in self._mapping.columns.items()}
        shape = self._mapping.shape
        text = pl.String
        columns = [
            pl.col(at[c.id]).alias(c.id) if c.id in at else pl.lit(None, text).alias(c.id)
            for c in self._dataset.columns
        ]
        extra = pl.col("_extra") if "_extra" in frame.columns else self._extra()
        operation = pl.col("_op") if "_op" in frame.columns else pl.lit("upsert", text)
        return [
            *columns,
            extra.alias("_extra"),
            operation.alias("_op"),
            pl.col("_row"),
            pl.col("_line"),
            pl.lit(shape.id if shape else None, text).alias("_shape"),
            pl.lit(self._target.delivery, text).alias("_delivery"),
            pl.lit(self._target.seq, pl.Int64).alias("_seq"),
            pl.lit(self._target.agency, text).alias("_agency"),
        ]

    def _extra(self) -> pl.Expr:
        """Values of unmapped columns as one JSON object, blank ones left out; null if all are."""
        if not self._mapping.extras:
            return pl.lit(None, pl.String)
        members = [
            pl.when(pl.col(str(position)).is_not_null()).then(_member(position, name))
            for position, name in self._mapping.extras.items()
        ]
        joined = pl.concat_str(members, separator=",", ignore_nulls=True)
        return pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}")))

    def _with_operation(self, batch: Batch, column: str) -> pl.DataFrame:
        # A blank operation asks for nothing but what every row asks for: to be there.
        word = pl.col(column).str.strip_chars().str.to_lowercase()
        operation = (
            pl.when(word.is_null() | (word == ""))
            .then(pl.lit("upsert"))
            .otherwise(word.replace_strict(_OPERATIONS, default=None, return_dtype=pl.String))
        )
        frame = batch.frame.with_columns(operation.alias("_op"))
        unknown = frame["_op"].is_null()
        for i in unknown.arg_true().to_list():
            offset, text = batch.text_of(i)
            row, line = frame.item(i, "_row"), frame.item(i, "_line")
            what = (
                "操作类型无法识别，应为新增、修改、更新、删除（或 I、U、D、insert、update、delete）"
            )
            self._rejects.add(reject(row, line, offset, "record.unknown_operation", what, text))
        return frame.filter(~unknown)


def _member(position: int, name: str) -> pl.Expr:
    """`"name":"value"` with the value escaped as JSON."""
    value = pl.struct(pl.col(str(position)).alias("v")).struct.json_encode()
    return pl.concat_str(
        pl.lit(json.dumps(name, ensure_ascii=False) + ":"),
        value.str.slice(5).str.head(-1),
    )


def write_raw(
    frames: Callable[[], Iterator[pl.DataFrame]], dataset: Dataset, target: Target
) -> None:
    """Stream raw rows into `target.raw` (zstd). What `frames` raises comes out unchanged.

    After a failure no file is left.
    """

    def source(
        with_columns: list[str] | None, predicate: Any, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        return frames()

    rows = register_io_source(source, schema=raw_schema(dataset))
    try:
        rows.sink_parquet(target.raw, compression="zstd", compression_level=1)
    except BaseException:
        target.raw.unlink(missing_ok=True)
        raise
