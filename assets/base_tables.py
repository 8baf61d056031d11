"""What the lake holds of a base table: its columns and their types.

Belongs here: what follows from a declaration (`catalog.models.base_tables`) and the catalogue. Does
not belong here: the query that makes the rows (`assets.base.survivorship`) and building
(`assets.base.build`).
"""

from __future__ import annotations

import polars as pl

from catalog.entries import Catalog
from catalog.models.base_tables import BaseColumn, BaseTable
from quality.standards.reading import dtype_of
from warehouse.engine import duckdb_type

PROVENANCE = pl.Schema(
    {
        "_registered": pl.Boolean(),
        "_src": pl.String(),
        "_contributors": pl.List(
            pl.Struct({"code": pl.String(), "delivery": pl.String(), "row": pl.Int64()})
        ),
        "_differing": pl.String(),
    }
)
"""Packed provenance of a base row.

`_registered`: whether a contributor that registers such subjects tells of it. `_src`: one character
for each value column, in order: the code of the contributor that gave it, `-` where there is no
value. `_contributors`: delivery and row of each contributor that tells of the subject.
`_differing`: `<column>:<code>:<delivery>:<row>`, comma between, for each delivered value that
differs from a standard source's; null where none does.
"""
HISTORY = pl.Schema({"_build": pl.Int64(), "_op": pl.String()})
"""When we knew it: the build that wrote the row (`quality/base_builds`), and whether the row stands
from then on (`upsert`) or there is none any more (`delete`)."""

_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(), "date": pl.Date(), "boolean": pl.Boolean(),
}  # fmt: skip


def stored_schema(catalog: Catalog, table: BaseTable) -> pl.Schema:
    """Keys, values, provenance, history."""
    keys = {
        key.id: type_at(catalog, key.holds[0]) if key.holds else pl.String() for key in table.key
    }
    values = {column.id: value_type(catalog, table, column) for column in table.columns}
    return pl.Schema(keys | values | dict(PROVENANCE) | dict(HISTORY))


def value_type(catalog: Catalog, table: BaseTable, column: BaseColumn) -> pl.DataType:
    """The declared type of a value column, else its first source's."""
    if column.type:
        return _TYPES[column.type]
    return type_at(catalog, table.place_of(column.sources[0]))


def type_at(catalog: Catalog, place: str) -> pl.DataType:
    """The type of `<agency>/<dataset>.<column>` in the standard layer."""
    ref, _, column = place.partition(".")
    return dtype_of(catalog.element_of(ref, column))


def value_sql_type(catalog: Catalog, table: BaseTable, column: BaseColumn) -> str:
    """The DuckDB type of a value column."""
    return duckdb_type(value_type(catalog, table, column))
