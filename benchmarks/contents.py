"""The contents of a home as digests, so that two homes can be compared.

Belongs here: what counts as content. Two homes have the same contents when each Delta table of the
lake and each table of the published file holds the same rows, whatever their order, files and Delta
versions.

Not content, because a run that was killed and started again may rightly differ there:
- in `quality/delivery_events`, how often something was begun: what counts is each delivery's last
  known state, that is the last value of each field that isn't null;
- numbers of events (`event_no`, `intent_no`, `log_no`) in any table;
- `version` of `catalog.about`, the number of the published file.

Times are content: compare homes that were made with the same LAKEHOUSE_NOW.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import polars as pl

NUMBERS_OF_EVENTS = ("event_no", "intent_no", "log_no")
NUMBER_OF_FILE = ("catalog", "about", "version")
DELIVERY_EVENTS = "quality/delivery_events"
OF_ONE_EVENT = ("event", "actor", "reason", "intent")
"""Columns of a delivery event that say how, not what, a delivery has become."""

Contents = dict[str, str]
"""Table → number of rows and digest, e.g. `lake/base/legal_person/entity` → `120 rows 9f2c…`."""


def home_contents(home: Path) -> Contents:
    """Contents of all lake tables and of all tables of the current published file."""
    lake = {f"lake/{name}": digest for name, digest in lake_contents(home / "lake").items()}
    current = home / "published" / "warehouse.duckdb"
    published = published_contents(current) if current.exists() else {}
    return lake | {f"published/{name}": digest for name, digest in published.items()}


def lake_contents(lake: Path) -> Contents:
    """Contents of every Delta table below a folder, by its path below it."""
    logs = sorted(lake.glob("**/_delta_log"))
    names = [log.parent.relative_to(lake).as_posix() for log in logs]
    return {name: digest(_content(name, pl.read_delta(str(lake / name)))) for name in names}


def _content(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    if name == DELIVERY_EVENTS:
        last = pl.all().drop_nulls().last()
        rows = rows.sort("event_no").group_by("delivery").agg(last)
        rows = rows.drop(*OF_ONE_EVENT, strict=False)
    return rows.drop(*NUMBERS_OF_EVENTS, strict=False)


def digest(rows: pl.DataFrame) -> str:
    """Number of rows and SHA-256 over columns, types and rows, orders of both aside."""
    columns = sorted(rows.columns)
    hashed = hashlib.sha256(repr([(name, rows.schema[name]) for name in columns]).encode())
    texts = rows.select(pl.struct(columns).struct.json_encode().alias("row"))["row"].sort()
    for text in texts:
        hashed.update(text.encode() + b"\n")
    return f"{rows.height} rows {hashed.hexdigest()[:16]}"


def published_contents(file: Path) -> Contents:
    """Contents of every table of a DuckDB file, by `<schema>.<table>`."""
    with duckdb.connect(str(file), read_only=True) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        return {f"{schema}.{table}": _published(con, schema, table) for schema, table in names}


def _published(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    columns = [
        (name, kind)
        for name, kind in con.execute(
            "select column_name, data_type from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_name",
            [schema, table],
        ).fetchall()
        if name not in NUMBERS_OF_EVENTS and (schema, table, name) != NUMBER_OF_FILE
    ]
    listed = ", ".join(f'"{name}"' for name, _ in columns)
    found = con.execute(
        "select count(*), md5(coalesce(string_agg(line, chr(10) order by line), '')) "
        f'from (select cast(row({listed}) as varchar) as line from "{schema}"."{table}")'
    ).fetchone()
    assert found is not None
    hashed = hashlib.sha256(repr((columns, found[1])).encode())
    return f"{found[0]} rows {hashed.hexdigest()[:16]}"


def differences(expected: Contents, found: Contents) -> list[str]:
    """One line for each table that is missing, additional or different."""
    return [
        f"{name}: expected {expected.get(name, 'no table')}, found {found.get(name, 'no table')}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]
