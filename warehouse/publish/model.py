"""What a published file consists of: tables, views and their columns, as data.

Belongs here: the shape of one published table or view. Does not belong here: which ones there are
(`warehouse.publish.datasets`, `warehouse.publish.catalog_schema`, `assets.published`), how a file
is made (`warehouse.publish.build`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SCHEMAS: Mapping[str, str] = {
    "population": "人口基础库",
    "legal_person": "法人基础库",
    "credit": "公共信用基础库",
    "license": "电子证照基础库",
    "geospatial": "自然资源和空间地理基础库",
    "macroeconomy": "宏观经济基础库",
    "government_service": "政务服务主题库",
    "social_security": "社会保障主题库",
    "health": "医疗健康主题库",
    "environment": "生态环境主题库",
    "food_safety": "食品安全主题库",
    "emergency": "应急管理主题库",
    "state_assets": "国资监管主题库",
    "quality": "数据质量：交付、问题、工单、规则",
    "catalog": "数据目录：机构、数据集、数据元、代码、规则、血缘",
}
"""The schemas of every published file with their Chinese names (`catalog.databases`: DuckDB keeps
no comment on a schema)."""


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """A column as analysts see it."""

    name: str
    comment: str
    """Chinese: what the column means, its unit, whether it is masked."""
    sources: tuple[str, ...] = ()
    """Catalogued columns it comes from, `<agency>/<dataset>.<column>`, first choice first."""
    prose: bool = False
    """Long free text, no two values alike: stored as such, for no dictionary shortens it."""


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table: its query runs where the engine's names exist and gives exactly its columns."""

    schema: str
    name: str
    comment: str
    columns: tuple[PublishedColumn, ...]
    query: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Values of the query's named parameters."""


@dataclass(frozen=True, slots=True)
class PublishedView:
    """A view over published tables; its SQL runs inside the published file alone."""

    schema: str
    name: str
    comment: str
    columns: tuple[PublishedColumn, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class PublishedMacro:
    """A table macro over published tables, e.g. a table as of a moment."""

    schema: str
    name: str
    comment: str
    parameters: tuple[str, ...]
    sql: str
    """SELECT that may name the parameters."""


def table_of_rows(
    schema: str,
    name: str,
    comment: str,
    columns: Mapping[str, tuple[str, str]],
    rows: Sequence[Sequence[object]],
) -> PublishedTable:
    """A table whose rows are known here, such as the catalogue's.

    `columns` gives for each name its DuckDB type and its Chinese comment; `rows` hold values in
    that order. ValueError when a row has another number of values.
    """
    by_column = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    if len(by_column) != len(columns):
        raise ValueError(f"{schema}.{name}: {len(columns)} columns, rows of {len(by_column)}")
    # Parallel unnest of one list per column: an insert for each row would cost a millisecond each.
    selected = ", ".join(
        f'unnest(${column}::{kind}[]) AS "{column}"' for column, (kind, _) in columns.items()
    )
    return PublishedTable(
        schema,
        name,
        comment,
        tuple(PublishedColumn(column, told) for column, (_, told) in columns.items()),
        f"SELECT {selected}",
        dict(zip(columns, map(list, by_column), strict=True)),
    )


def while_published(rows: str, condition: str) -> str:
    """A relation: the rows of `rows` that may stand in a publication made `$today`."""
    if not condition:
        return rows
    return f"(SELECT * FROM (SELECT *, $today::DATE AS today FROM {rows}) WHERE {condition})"


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
