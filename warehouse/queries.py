"""What a query reads, told from the query itself.

Belongs here: looking into parsed SQL. Does not belong here: running it (`warehouse.engine`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb


@cache
def standard_tables(query: str) -> frozenset[str]:
    """`<agency>/<dataset>` of each standard table that a SELECT names.

    It is parsed, not bound: neither the tables nor the macros need to be there.
    """
    return frozenset(
        f"{schema}/{table}" for database, schema, table in _tables(query) if database == "standard"
    )


@cache
def quality_tables(query: str) -> frozenset[str]:
    """Names of the lake's tables `quality/<table>` that a SELECT names; views among them too."""
    return frozenset(
        f"quality/{table}" for database, _, table in _tables(query) if database == "quality"
    )


@cache
def _tables(query: str) -> tuple[tuple[str, str, str], ...]:
    told = _parser().cursor().execute("select json_serialize_sql($1)", [query]).fetchall()[0][0]
    return tuple(_named(json.loads(told)))


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A connection that only parses: opening one takes longer than parsing most queries."""
    return duckdb.connect()


def _named(node: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            yield node["catalog_name"], node["schema_name"], node["table_name"]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _named(part)
