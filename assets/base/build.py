"""Runs a base table's SQL model and keeps its result in the lake.

Belongs here: running, comparing, committing. Does not belong here: what the rows are, which the
model says; needs no Dagster.
"""

from __future__ import annotations

import duckdb

from assets.base.legal_person.entity import ENTITY
from assets.base.tables import BaseTable
from assets.lakehouse import Lakehouse
from warehouse.engine import Engine, literal
from warehouse.lake import LakeFile

TABLES = (ENTITY,)
"""All base tables, in the order in which they are made."""


def build_entity(lakehouse: Lakehouse, engine: Engine) -> bool:
    """Brings `base/legal_person/entity` up to date; False when its rows are as they were."""
    return build(lakehouse, engine, ENTITY)


def build(lakehouse: Lakehouse, engine: Engine, table: BaseTable) -> bool:
    """Runs the model; commits its rows in place of the present ones unless they are the same.

    Afterwards the engine's `base.<database>.<table>` shows them. Killed at any point and run again
    it ends the same: a file that no commit names is written over.
    """
    name = table.lake_name
    lakehouse.lake.ensure(name, table.schema(lakehouse.catalog), table.comment)
    built = lakehouse.workspace(f"base-{table.database}-{table.name}") / "rows.parquet"
    rows = run_model(engine.con, table, str(built))
    present = lakehouse.lake.files(name)
    changed = not present or _digest(engine.con, [str(built)]) != _digest(engine.con, present)
    if changed:
        version = (lakehouse.lake.version(name) or 0) + 1
        file = lakehouse.lake.adopt(name, built, f"{version:08d}-{table.name}.parquet")
        lakehouse.lake.commit(
            name,
            [LakeFile(file, rows)],
            transaction=f"{table.name}-{version}",
            remove=[path.rpartition("/")[2] for path in present],
        )
    show(lakehouse, engine, table)
    return changed


def show(lakehouse: Lakehouse, engine: Engine, table: BaseTable) -> None:
    """Names the table's present rows in the engine, none where it was never built."""
    lakehouse.schemas[table.lake_name] = table.schema(lakehouse.catalog)
    engine.refresh([table.lake_name])


def run_model(con: duckdb.DuckDBPyConnection, table: BaseTable, path: str) -> int:
    """Writes the model's rows to a Parquet file and returns their number."""
    written = con.execute(
        f"COPY ({table.model}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchone()
    return int(written[0]) if written else 0


def _digest(con: duckdb.DuckDBPyConnection, files: list[str]) -> tuple[object, ...] | None:
    """Number and order-free hashes of the files' rows; the file's order is the engine's affair."""
    listed = ", ".join(literal(file) for file in files)
    return con.execute(
        "SELECT count(*), sum(hash(rows)::HUGEINT), bit_xor(hash(rows))"
        f" FROM read_parquet([{listed}]) AS rows"
    ).fetchone()
