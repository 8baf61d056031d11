"""What a base table declares: its columns, and the catalogued columns they come from.

Belongs here: the shape of a declaration and what follows from it and the catalogue. Does not belong
here: the declarations, which lie beside their SQL model, and running a model (`assets.base.build`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from catalog.entries import Catalog
from quality.standardise import standard_schema
from warehouse.publish.shown import ShownColumn

PROVENANCE = pl.Schema(
    {
        "_src": pl.String(),
        "_contributors": pl.List(
            pl.Struct(
                {
                    "code": pl.String(),
                    "agency": pl.String(),
                    "dataset": pl.String(),
                    "delivery": pl.String(),
                    "row": pl.Int64(),
                }
            )
        ),
    }
)
"""Packed provenance of a base row.

`_src` has one character for each value column, in order: the code of the contributor that gave it,
`*` for all that tell of this column's fact, `-` where there is no value. `_contributors` resolves
the codes.
"""


@dataclass(frozen=True, slots=True)
class BaseColumn:
    """A column of a base table."""

    name: str
    title: str
    """Its Chinese name."""
    meaning: str
    sources: tuple[str, ...]
    """`<agency>/<dataset>.<column>` in the order of choice, the standard source first."""
    kind: Literal["key", "value", "flag", "list"] = "value"
    """key: identifies the row and has no place in `_src`. flag: whether any source tells of the
    entity (boolean). list: the distinct values of all (list of the source's type)."""

    @property
    def shown(self) -> ShownColumn:
        """The column as publication takes it; a flag shows none of its source's values."""
        return ShownColumn(self.name, self.title, self.meaning, self.sources, self.kind)


@dataclass(frozen=True, slots=True)
class BaseTable:
    """A base table and the folder of its SQL model `<name>.sql` and provenance view."""

    database: str
    name: str
    comment: str
    """Chinese: what a row is, key, sources."""
    columns: tuple[BaseColumn, ...]
    folder: Path

    @property
    def lake_name(self) -> str:
        """Place in the lake."""
        return f"base/{self.database}/{self.name}"

    @property
    def model(self) -> str:
        """The SQL that makes the rows, over the engine's names."""
        return (self.folder / f"{self.name}.sql").read_text(encoding="utf-8")

    @property
    def source_view(self) -> str:
        """The SQL of the view that unfolds provenance to one row a value."""
        return (self.folder / f"{self.name}_source.sql").read_text(encoding="utf-8")

    @property
    def datasets(self) -> tuple[str, ...]:
        """Refs of the datasets it is made of, in order of first mention."""
        refs = (source.partition(".")[0] for column in self.columns for source in column.sources)
        return tuple(dict.fromkeys(refs))

    @property
    def values(self) -> tuple[BaseColumn, ...]:
        """The columns that have a place in `_src`, in its order."""
        return tuple(column for column in self.columns if column.kind != "key")

    def schema(self, catalog: Catalog) -> pl.Schema:
        """Columns and Polars types: those of the first source."""
        return pl.Schema({c.name: _type(catalog, c) for c in self.columns} | dict(PROVENANCE))


def _type(catalog: Catalog, column: BaseColumn) -> pl.DataType:
    if column.kind == "key":
        return pl.String()
    if column.kind == "flag":
        return pl.Boolean()
    ref, _, source = column.sources[0].partition(".")
    kind: pl.DataType = standard_schema(catalog, ref)[source]
    return pl.List(kind) if column.kind == "list" else kind
