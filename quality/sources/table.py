"""The stored measurements: `quality/source_quality`, lines only ever appended.

Belongs here: the shape of a line, and reading the last of each column. What a line says is counted
in `quality.sources.measure`, judged in `quality.sources.admission`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from warehouse.lake import Lake

SOURCES_TABLE: Final = "quality/source_quality"
"""Its place in the lake."""

SOURCE_QUALITY: Final = pl.Schema(
    {
        "no": pl.Int64(),
        "dataset": pl.String(),
        "column": pl.String(),
        "element": pl.String(),
        "rows": pl.Int64(),
        "filled": pl.Int64(),
        "valid": pl.Int64(),
        "compared": pl.Int64(),
        "differing": pl.Int64(),
        "delivered_on": pl.Date(),
        "state": pl.String(),
        "failing": pl.List(pl.String()),
        "suspended_by": pl.String(),
        "suspended_on": pl.String(),
        "suspended_reason": pl.String(),
        "catalog_version": pl.String(),
        "basis": pl.String(),
    }
)
"""One row a column each time something of it differed; key `no`, from 1 without gaps.

- `rows`, `filled`, `valid`, `compared`, `differing`, `delivered_on`: as `Measure` tells them.
- `state`: a `quality.sources.admission.State`, null where the column is not the standard source of
  its element; `failing`: conditions of article 18 that it did not meet on the day of the log's last
  event. So the lines are the register of admissions and suspensions too.
- `basis`: what was counted; the same basis is not counted again.
"""

Column = tuple[str, str]
"""(dataset, column)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column of a dataset was found to hold. Counts of current rows."""

    dataset: str
    column: str
    element: str
    rows: int
    """What deliverers hold: one for a deliverer and key."""
    filled: int
    """Rows with a value, readable or not."""
    valid: int
    """Those of `filled` without an open error in this column."""
    compared: int = 0
    """Values held against another source's of the same subject in a base table."""
    differing: int = 0
    """Those of `compared` that are not the same."""
    delivered_on: date | None = None
    """Day on which anybody's last delivery of the dataset came."""

    @property
    def filled_share(self) -> float | None:
        """0 to 1; None without rows."""
        return self.filled / self.rows if self.rows else None

    @property
    def valid_share(self) -> float | None:
        """0 to 1; None without values."""
        return self.valid / self.filled if self.filled else None

    @property
    def agreement(self) -> float | None:
        """0 to 1; None where nothing could be compared."""
        return 1 - self.differing / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class Line:
    """A column's last line."""

    measure: Measure
    state: str | None
    failing: tuple[str, ...]
    suspension: tuple[str | None, str | None, str | None]
    """By whom, on which day, why."""
    basis: str


def stored_lines(lake: Lake) -> dict[Column, Line]:
    """Each column's last line; none before the first run."""
    if not lake.exists(SOURCES_TABLE) or not lake.rows(SOURCES_TABLE):
        return {}
    rows = pl.read_parquet(lake.files(SOURCES_TABLE)).sort("no")
    return {(row["dataset"], row["column"]): _line(row) for row in rows.iter_rows(named=True)}


def _line(row: dict[str, object]) -> Line:
    measured = Measure(**{name: row[name] for name in Measure.__dataclass_fields__})  # type: ignore[arg-type]
    failing = row["failing"]
    assert isinstance(failing, list)
    names = ("suspended_by", "suspended_on", "suspended_reason")
    by, on, reason = (str(row[name]) if row[name] is not None else None for name in names)
    state = row["state"]
    return Line(
        measured,
        str(state) if state is not None else None,
        tuple(failing),
        (by, on, reason),
        str(row["basis"]),
    )


def row_of(line: Line) -> dict[str, object]:
    """A line as it is stored, still without number and version of the catalogue."""
    by, on, reason = line.suspension
    return {
        **{name: getattr(line.measure, name) for name in Measure.__dataclass_fields__},
        "state": line.state,
        "failing": list(line.failing),
        "suspended_by": by,
        "suspended_on": on,
        "suspended_reason": reason,
        "basis": line.basis,
    }
