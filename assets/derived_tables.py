"""What derived tables declare: counts and series computed from other tables.

Belongs here: reading the declarations. Each is `base/derived/<database>/<table>.yaml` (what it is,
its columns, what it reads) with `<table>.sql` beside it (how it is computed, over the engine's
names). Does not belong here: computing them (`assets.base.deriving`).

A derived value is not delivered by anybody: `reads` is its provenance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

import polars as pl
from pydantic import Field, model_validator

from catalog.models.declared import ChineseText, Declared, Identifier
from catalog.models.geometry import Geometry
from catalog.parse import parse_one, read_yaml

FOLDER = Path(__file__).parent / "base" / "derived"
TYPES: Mapping[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "decimal": pl.Decimal(38, 6),
    "degrees": pl.Decimal(38, 8),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}
_LAST_DELIVERY = (
    "SELECT max(ordered_at)::DATE AS day FROM quality.main.deliveries WHERE state = 'applied'"
)


class DerivedColumn(Declared):
    """A column of a derived table."""

    id: Identifier
    name: ChineseText
    meaning: ChineseText
    type: Literal["text", "integer", "decimal", "degrees", "date", "boolean"]
    holds: tuple[str, ...] = ()
    """`<agency>/<dataset>.<column>` whose values it shows; none: a number or word of our own."""


class DerivedTable(Declared):
    """A table computed from others."""

    database: Identifier
    id: Identifier
    name: ChineseText
    description: ChineseText
    key: tuple[Identifier, ...] = Field(min_length=1)
    reads: tuple[str, ...] = Field(min_length=1)
    """Names in the lake of the tables that it is computed from."""
    columns: tuple[DerivedColumn, ...] = Field(min_length=1)
    geometry: Geometry | None = None
    spatial: bool = False
    """Whether its SQL uses functions of DuckDB's spatial extension."""
    by_day: bool = False
    """Whether its SQL counts what holds on a day, `today.day`. In the lake that is the last
    delivery's, so that the table is made of the lake alone; publication computes it for its own."""
    on_day: Mapping[Identifier, str] = Field(default_factory=dict)
    """SQL of the columns that go by the day, over the table's published columns and `day`: where
    readers see the month of a date alone, that is text. With it `<table>_on(day)` is published."""

    @model_validator(mode="after")
    def _goes_by_its_own_columns(self) -> Self:
        unknown = set(self.on_day) - {column.id for column in self.columns}
        if unknown:
            raise ValueError(f"on_day names columns that the table lacks: {sorted(unknown)}")
        return self

    @property
    def ref(self) -> str:
        """`<database>.<table>`."""
        return f"{self.database}.{self.id}"

    @property
    def lake_name(self) -> str:
        """Where it lies in the lake."""
        return f"base/{self.database}/{self.id}"

    @property
    def file(self) -> Path:
        """The SQL that computes it."""
        return FOLDER / self.database / f"{self.id}.sql"

    @property
    def query(self) -> str:
        """The SQL that the lake's rows come from."""
        return self._on(_LAST_DELIVERY) if self.by_day else self._sql

    @property
    def query_of_today(self) -> str:
        """The SQL of a table `by_day`, for the day `$today`."""
        return self._on("SELECT $today::DATE AS day")

    @property
    def _sql(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def _on(self, day: str) -> str:
        return f"WITH today AS ({day}) FROM (\n{self._sql}\n)"

    @property
    def columns_stored(self) -> pl.Schema:
        """Columns and their types."""
        return pl.Schema({column.id: TYPES[column.type] for column in self.columns})


@dataclass(frozen=True, slots=True)
class UnreadableDeclaration(Exception):
    """A derived table's YAML is wrong; `findings` says where."""

    findings: Sequence[object]


@cache
def derived_tables() -> tuple[DerivedTable, ...]:
    """All derived tables, each after those that it reads. Raises UnreadableDeclaration."""
    read: list[DerivedTable] = []
    for path in sorted(FOLDER.glob("*/*.yaml")):
        data, faults = read_yaml(path, path.name)
        table, more = parse_one(DerivedTable, data, path.name) if not faults else (None, [])
        if table is None:
            raise UnreadableDeclaration([*faults, *more])
        read.append(table)
    return tuple(_ordered(read))


def _ordered(tables: Sequence[DerivedTable]) -> list[DerivedTable]:
    names = {table.lake_name for table in tables}
    done: list[DerivedTable] = []
    left = list(tables)
    while left:
        made = {table.lake_name for table in done}
        ready = [t for t in left if not (set(t.reads) & names) - made]
        if not ready:
            raise UnreadableDeclaration([f"tables that read each other: {[t.ref for t in left]}"])
        done += ready
        left = [table for table in left if table not in ready]
    return done
