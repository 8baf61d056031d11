"""Keeps rejected records, in bounded memory, and writes them as one Parquet file.

Columns: row, line, byte_offset, reason, message, text, text_bytes, delivery, seq, agency, dataset.
Grain: one row a rejected record. Not here: deciding what is rejected.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from warehouse.intake.model import Reject, Target

SCHEMA: dict[str, pl.DataType] = {
    "row": pl.Int64(),
    "line": pl.Int64(),
    "byte_offset": pl.Int64(),
    "reason": pl.String(),
    "message": pl.String(),
    "text": pl.String(),
    "text_bytes": pl.Int64(),
    "delivery": pl.String(),
    "seq": pl.Int64(),
    "agency": pl.String(),
    "dataset": pl.String(),
}

_SPILL_BYTES = 16 * 1024 * 1024
_SPILL_ROWS = 50_000


class Rejects:
    """A growing list of rejects that spills to the work folder when it gets large."""

    def __init__(self, target: Target, dataset: str) -> None:
        self.count = 0
        self._target = target
        self._dataset = dataset
        self._held: list[Reject] = []
        self._held_bytes = 0
        self._parts: list[Path] = []

    def add(self, item: Reject) -> None:
        """Keep one reject."""
        self.count += 1
        self._held.append(item)
        self._held_bytes += len(item.text)
        if self._held_bytes > _SPILL_BYTES or len(self._held) >= _SPILL_ROWS:
            part = self._target.work / f"rejects-{len(self._parts)}.parquet"
            self._frame().write_parquet(part)
            self._parts.append(part)
            self._held, self._held_bytes = [], 0

    def write(self) -> None:
        """Write all rejects to `target.rejects`, in the order they were found."""
        parts = [pl.scan_parquet(part) for part in self._parts]
        pl.concat([*parts, self._frame().lazy()]).sink_parquet(self._target.rejects)

    def _frame(self) -> pl.DataFrame:
        tail = (self._target.delivery, self._target.seq, self._target.agency, self._dataset)
        rows = [
            (r.row, r.line, r.byte_offset, r.reason, r.message, r.text, r.text_bytes, *tail)
            for r in self._held
        ]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")
