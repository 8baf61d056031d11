"""Computes the derived tables of the base databases and keeps their rows.

Belongs here: running their SQL and committing the result. Does not belong here: what they declare
(`assets.derived_tables`), and tables whose values come from one record each (`assets.base.build`).
Needs no Dagster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from assets.base.reference import PREFIX, provide
from assets.derived_tables import TYPES, DerivedTable
from assets.lakehouse import Lakehouse
from warehouse import spatial
from warehouse.engine import MACROS, Engine, duckdb_type, literal
from warehouse.lake import LakeFile


def derive(lakehouse: Lakehouse, engine: Engine, table: DerivedTable) -> int:
    """Computes the table; replaces its rows unless they are the same. The rows it has."""
    name = table.lake_name
    if lakehouse.lake.exists(name) and lakehouse.lake.schema(name) != table.columns_stored:
        lakehouse.lake.begin_anew(name, table.columns_stored)
    lakehouse.lake.ensure(name, table.columns_stored, table.name)
    engine.refresh([read for read in table.reads if not read.startswith(PREFIX)])
    provide(engine.con, lakehouse.catalog, table.reads)
    if table.spatial:
        spatial.load(engine.con)
    file = lakehouse.workspace(f"derived-{table.database}-{table.id}") / "rows.parquet"
    rows = _write(engine.con, table, file)
    present = lakehouse.lake.files(name)
    if not present or _digest(engine.con, [str(file)]) != _digest(engine.con, present):
        version = (lakehouse.lake.version(name) or 0) + 1
        adopted = lakehouse.lake.adopt(name, file, f"{version:08d}-{table.id}.parquet")
        removed = [Path(path).name for path in present]
        lakehouse.lake.commit(
            name, [LakeFile(adopted, rows)], f"{table.id}-{version}", remove=removed
        )
    engine.refresh([name])
    return rows


def definition_of(table: DerivedTable) -> str:
    """Hash of what computes it."""
    told = [table.model_dump_json(), table.query]
    told += [path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql"))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _write(con: duckdb.DuckDBPyConnection, table: DerivedTable, file: Path) -> int:
    columns = ", ".join(
        f'"{column.id}"::{duckdb_type(TYPES[column.type])} AS "{column.id}"'
        for column in table.columns
    )
    order = ", ".join(f'"{key}"' for key in table.key)
    written = con.execute(
        f"COPY (SELECT {columns} FROM ({table.query}) ORDER BY {order})"
        f" TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchone()
    return int(written[0]) if written else 0


def _digest(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> Any:
    """Number and order-free hashes of the files' rows."""
    listed = ", ".join(literal(file) for file in files)
    return con.execute(
        "SELECT count(*), sum(hash(rows)::HUGEINT), bit_xor(hash(rows))"
        f" FROM read_parquet([{listed}]) AS rows"
    ).fetchone()
