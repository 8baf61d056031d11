"""Builds a published file and switches readers to it.

Belongs here: writing tables, views, macros and comments into a new file. Does not belong here:
what is published (`warehouse.publish.model` describes it, callers choose it).

Two steps, since DuckDB joins no data across connections and keeps no alias across files: the
engine's connection writes the tables through ATTACH, which stores nothing but rows; then the file
is opened as the main database of a connection of its own for views, macros and comments, which
would otherwise keep the alias they were made under and break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.publish.model import (
    SCHEMAS,
    PublishedMacro,
    PublishedTable,
    PublishedView,
    quoted,
    table_of_rows,
)
from warehouse.publish.versions import Versions

MACROS = Path(__file__).parent.parent / "macros"
"""SQL files whose macros stand in the engine and in every published file."""

_BUILDING = "publication_being_built"
_STORAGE = "v1.4.0"
"""The oldest DuckDB that opens the file. It stores repeated texts in half the space and time that
the format of older ones takes."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A finished version."""

    version: int
    path: Path
    tables: Mapping[str, int]
    """Rows of each table, by `<schema>.<table>`."""


class PublicationError(Exception):
    """What is to be published contradicts its description; the message names the table."""


def publish(
    con: duckdb.DuckDBPyConnection,
    published: Path,
    tables: Sequence[PublishedTable],
    views: Sequence[PublishedView],
    macros: Sequence[PublishedMacro] = (),
    *,
    built_at: datetime,
    catalog_version: str,
) -> Publication:
    """Builds the next version from the engine's connection and switches readers to it.

    `con` has the engine's databases and macros. `catalog.about` is added here. The caller holds
    the home's lock. PublicationError, with nothing visible changed, when a query's columns are not
    the declared ones or two entries have one name.
    """
    versions = Versions(published)
    version, building = versions.begin()
    contents = [*tables, _about(version, built_at, catalog_version)]
    _refuse_double_names([*contents, *views, *macros])
    try:
        rows = _write_tables(con, building, contents)
        _write_names(building, contents, views, macros)
    except BaseException:
        for leftover in building.parent.glob(f"{building.name}*"):
            leftover.unlink()
        raise
    return Publication(version, versions.finish(version, building), rows)


def _about(version: int, built_at: datetime, catalog_version: str) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "about",
        "本文件：版本、生成时间、所依据的目录版本。只有一行。",
        {
            "version": ("INTEGER", "本文件的版本号，逐次加一"),
            "built_at": ("TIMESTAMP", "生成时间（北京时间）"),
            "catalog_version": ("VARCHAR", "生成时所用目录的版本（全部登记内容的摘要）"),
        },
        [(version, built_at, catalog_version)],
    )


def _refuse_double_names(
    contents: Sequence[PublishedTable | PublishedView | PublishedMacro],
) -> None:
    seen: set[tuple[str, str]] = set()
    for entry in contents:
        if entry.schema not in SCHEMAS:
            raise PublicationError(
                f"{entry.schema}.{entry.name}: no such schema; expected one of {', '.join(SCHEMAS)}"
            )
        if (entry.schema, entry.name) in seen:
            raise PublicationError(f"{entry.schema}.{entry.name} is published twice")
        seen.add((entry.schema, entry.name))


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    con.execute(f"ATTACH {quoted(str(path))} AS {_BUILDING} (STORAGE_VERSION '{_STORAGE}')")
    try:
        yield
        con.execute(f"CHECKPOINT {_BUILDING}")
    finally:
        con.execute(f"DETACH {_BUILDING}")


def _write_tables(
    con: duckdb.DuckDBPyConnection, path: Path, tables: Sequence[PublishedTable]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    with _attached(con, path):
        for schema in SCHEMAS:
            con.execute(f"CREATE SCHEMA {_BUILDING}.{schema}")
        for table in tables:
            written = _write_table(con, table)
            rows[f"{table.schema}.{table.name}"] = written
            _expect_columns(con, table)
    return rows


def _write_table(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> int:
    """Writes one table and returns its rows. Nothing else tells DuckDB how to store prose."""
    target, parameters = f'{_BUILDING}.{table.schema}."{table.name}"', dict(table.parameters)
    prose = {column.name for column in table.columns if column.prose}
    filling = f"CREATE TABLE {target} AS {table.query}"
    if prose:
        described = con.execute(f"DESCRIBE {table.query}", parameters).fetchall()
        columns = ", ".join(
            f'"{name}" {kind}' + (" USING COMPRESSION zstd" if name in prose else "")
            for name, kind, *_ in described
        )
        con.execute(f"CREATE TABLE {target} ({columns})")
        filling = f"INSERT INTO {target} {table.query}"
    written = con.execute(filling, parameters).fetchone()
    return int(written[0]) if written else 0


def _expect_columns(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    # Asking duckdb_columns() would bind every view of the engine, for each table anew.
    written = con.execute(f'FROM {_BUILDING}.{table.schema}."{table.name}" LIMIT 0')
    found = [column[0] for column in written.description or ()]
    declared = [column.name for column in table.columns]
    if found != declared:
        raise PublicationError(
            f"{table.schema}.{table.name}: the query gives {', '.join(found)};"
            f" declared are {', '.join(declared)}"
        )


def _write_names(
    path: Path,
    tables: Sequence[PublishedTable],
    views: Sequence[PublishedView],
    macros: Sequence[PublishedMacro],
) -> None:
    with duckdb.connect(str(path)) as con:
        # One transaction: each statement's own would be flushed to disk, seconds for all comments.
        con.execute("BEGIN")
        for file in sorted(MACROS.glob("*.sql")):
            con.execute(file.read_text(encoding="utf-8"))
        for view in views:
            con.execute(f'CREATE VIEW {view.schema}."{view.name}" AS {view.sql}')
        for macro in macros:
            name = f'{macro.schema}."{macro.name}"'
            con.execute(f"CREATE MACRO {name}({', '.join(macro.parameters)}) AS TABLE {macro.sql}")
            con.execute(f"COMMENT ON MACRO TABLE {name} IS {quoted(macro.comment)}")
        for table in tables:
            _comment(con, table)
        for view in views:
            _comment(con, view)
        con.execute("COMMIT")
        con.execute("CHECKPOINT")


def _comment(con: duckdb.DuckDBPyConnection, entry: PublishedTable | PublishedView) -> None:
    kind = "VIEW" if isinstance(entry, PublishedView) else "TABLE"
    name = f'{entry.schema}."{entry.name}"'
    con.execute(f"COMMENT ON {kind} {name} IS {quoted(entry.comment)}")
    for column in entry.columns:
        con.execute(f'COMMENT ON COLUMN {name}."{column.name}" IS {quoted(column.comment)}')
