"""Builds base tables: what their sources changed is computed again and appended to their history.

Belongs here: which subjects are computed, what of them differs from what stood, committing it and
noting the build. Does not belong here: what the rows are (`assets.base.survivorship`). Needs no
Dagster.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.base.affected import find_affected
from assets.base.contributions import AFFECTED
from assets.base.survivorship import differing_rows, query
from assets.base_tables import stored_schema
from assets.lakehouse import BASE_BUILDS, BUILDS_TABLE, Lakehouse
from catalog.models.base_tables import BaseTable
from quality.linking.table import LINKS_TABLE
from warehouse.engine import MACROS, Engine, literal, quoted, reading
from warehouse.lake import LakeFile, SchemaMismatch


@dataclass(frozen=True, slots=True)
class Noted:
    """A build as `quality/base_builds` tells it."""

    no: int
    definition: str
    inputs: dict[str, int]


def build(lakehouse: Lakehouse, engine: Engine, table: BaseTable, whole: bool = False) -> int:
    """Brings the table up to date; the number of rows written, 0 where nothing differs.

    Subjects that no changed row tells of are not computed, unless `whole`, a new definition or a
    first build asks for all. A row is appended where what is known of its subject differs, and one
    that ends it where nobody tells of it any more. Killed at any point and run again it ends the
    same: rows that a killed build committed are part of what the next one compares with.
    """
    name = table.lake_name
    anew = _ensure(lakehouse, table)
    engine.refresh([*(f"standard/{ref}" for ref in table.datasets), LINKS_TABLE, name])
    _note_killed(lakehouse, table)
    known = None if anew else last_build(lakehouse, table)
    definition, inputs = definition_of(lakehouse, table), inputs_of(lakehouse, table)
    whole = whole or known is None or known.definition != definition
    if known is not None and not whole and known.inputs == inputs:
        return 0
    if known is not None and not whole:
        found = find_affected(lakehouse, engine, table, known.inputs)
        if found == 0:
            no = _next_build(lakehouse)
            _note(lakehouse, table, Noted(no, definition, inputs), whole=False)
            return 0
        whole = found is None
    no = _next_build(lakehouse)
    upserted, deleted, file = _difference(lakehouse, engine, table, no, whole)
    if upserted or deleted:
        adopted = lakehouse.lake.adopt(name, file, f"{no:08d}-{table.id}.parquet")
        rows = LakeFile(adopted, upserted + deleted)
        lakehouse.lake.commit(name, [rows], transaction=f"build-{no}")
    _note(lakehouse, table, Noted(no, definition, inputs), whole, upserted, deleted)
    engine.refresh([name])
    return upserted + deleted


def _ensure(lakehouse: Lakehouse, table: BaseTable) -> bool:
    """Creates the table or adds columns; True where it had to begin anew, its columns changed."""
    schema = stored_schema(lakehouse.catalog, table)
    lakehouse.schemas[table.lake_name] = schema
    try:
        lakehouse.lake.ensure(table.lake_name, schema, table.name)
    except SchemaMismatch:
        lakehouse.lake.begin_anew(table.lake_name, schema)
        return True
    return False


def definition_of(lakehouse: Lakehouse, table: BaseTable) -> str:
    """Hash of what makes the rows: the query, which follows from the declaration and the standard
    sources, and the macros that it may call."""
    told = [query(lakehouse.catalog, table), differing_rows(lakehouse.catalog, table, "computed")]
    told += [path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql"))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def inputs_of(lakehouse: Lakehouse, table: BaseTable) -> dict[str, int]:
    """Versions of the tables that it reads, by name in the lake; -1 where one does not exist."""
    names = [f"standard/{ref}" for ref in table.datasets]
    if any(each.linked for each in table.contributors):
        names.append(LINKS_TABLE)
    versions = {name: lakehouse.lake.version(name) for name in names}
    return {name: -1 if version is None else version for name, version in versions.items()}


def last_build(lakehouse: Lakehouse, table: BaseTable) -> Noted | None:
    """The table's newest noted build."""
    if not lakehouse.lake.exists(BUILDS_TABLE):
        return None
    rows = (
        pl.scan_delta(lakehouse.lake.table(BUILDS_TABLE))
        .filter(pl.col("base_table") == table.ref)
        .sort("no")
        .tail(1)
        .collect()
        .rows(named=True)
    )
    return (
        Noted(rows[0]["no"], rows[0]["definition"], json.loads(rows[0]["inputs"])) if rows else None
    )


def _next_build(lakehouse: Lakehouse) -> int:
    """One more than any build, of whatever table, noted or killed before it was."""
    tables = lakehouse.catalog.base.values()
    written = (no for table in tables for no in _numbers_written(lakehouse, table))
    return max([0, *(no for _, no in _numbers_noted(lakehouse)), *written]) + 1


def _numbers_noted(lakehouse: Lakehouse) -> list[tuple[str, int]]:
    """Table and number of every noted build."""
    if not lakehouse.lake.exists(BUILDS_TABLE):
        return []
    noted = pl.scan_delta(lakehouse.lake.table(BUILDS_TABLE)).select("base_table", "no")
    return noted.collect().rows()


def _numbers_written(lakehouse: Lakehouse, table: BaseTable) -> list[int]:
    """Builds that wrote the table's files, which carry their number in the name."""
    names = [Path(file).name[:8] for file in lakehouse.lake.files(table.lake_name)]
    return sorted(int(name) for name in names if name.isdigit())


def _note_killed(lakehouse: Lakehouse, table: BaseTable) -> None:
    """Notes a build that was killed after it had written rows: what it read is not known, so the
    next one takes up where the last noted one stood."""
    noted = {no for ref, no in _numbers_noted(lakehouse) if ref == table.ref}
    for no in [no for no in _numbers_written(lakehouse, table) if no not in noted]:
        (file,) = [f for f in lakehouse.lake.files(table.lake_name) if f"/{no:08d}-" in f]
        written = pl.scan_parquet(file).select("_op").collect()["_op"]
        before = last_build(lakehouse, table) or Noted(0, "", {})
        deleted = int((written == "delete").sum())
        told = Noted(no, before.definition, before.inputs)
        _note(lakehouse, table, told, False, len(written) - deleted, deleted)


def _difference(
    lakehouse: Lakehouse, engine: Engine, table: BaseTable, no: int, whole: bool
) -> tuple[int, int, Path]:
    """Writes the rows that differ from what stands; how many stand anew and how many end."""
    folder = lakehouse.workspace(f"base-{table.database}-{table.id}")
    file = folder / "rows.parquet"
    made = query(lakehouse.catalog, table, affected=not whole)
    computed = folder / "computed.parquet"
    rows = reading([str(computed)])
    more = differing_rows(lakehouse.catalog, table, rows, affected=not whole)
    first = not lakehouse.lake.files(table.lake_name)
    if more or not first:
        _copy(engine, made, computed)
        made = f"FROM {rows}" if not more else _with_more(table, rows, more)
    if first:
        stamped = f"SELECT *, {no}::BIGINT AS _build, 'upsert' AS _op FROM ({made})"
        upserted = _copy(engine, stamped, file)
        computed.unlink(missing_ok=True)
        return upserted, 0, file
    _copy(engine, _changes(lakehouse, table, f"({made})", no, whole), file)
    counted = engine.con.execute(
        "SELECT count(*) FILTER (_op = 'upsert'), count(*) FILTER (_op = 'delete')"
        f" FROM {reading([str(file)])}"
    ).fetchone()
    assert counted is not None
    computed.unlink()
    return counted[0], counted[1], file


def _with_more(table: BaseTable, computed: str, more: str) -> str:
    """SELECT of the computed rows with what else differs."""
    keys = ", ".join(map(quoted, table.keys))
    all_cells = "nullif(concat_ws(',', _differing, more.differing), '')"
    return (
        f"SELECT computed.* REPLACE ({all_cells} AS _differing)"
        f" FROM {computed} AS computed LEFT JOIN ({more}) AS more USING ({keys})"
    )


def _changes(lakehouse: Lakehouse, table: BaseTable, computed: str, no: int, whole: bool) -> str:
    """SELECT of the rows to append: computed ones that differ, and ends of those not computed."""
    schema = lakehouse.schemas[table.lake_name]
    told = [name for name in schema if name not in ("_build", "_op")]
    match = _matching("computed", "present", table.keys)
    wanted = _matching("present", "wanted", table.keys)
    scope = "" if whole else f" SEMI JOIN {AFFECTED} AS wanted ON {wanted}"
    present = f"(SELECT present.* FROM base.{table.database}.{quoted(table.id)} AS present{scope})"
    differs = " OR ".join(
        f"computed.{quoted(name)} IS DISTINCT FROM present.{quoted(name)}"
        for name in told
        if name not in table.keys
    )
    ended = ", ".join(
        f"present.{quoted(name)}" if name in table.keys else f"NULL AS {quoted(name)}"
        for name in told
    )
    first = quoted(table.keys[0])
    return (
        f"SELECT {', '.join(f'computed.{quoted(name)}' for name in told)},"
        f" {no}::BIGINT AS _build, 'upsert' AS _op FROM {computed} AS computed"
        f" LEFT JOIN {present} AS present ON {match}"
        f" WHERE present.{first} IS NULL OR {differs}"
        f" UNION ALL SELECT {ended}, {no}, 'delete' FROM {present} AS present"
        f" ANTI JOIN {computed} AS computed ON {match}"
    )


def _matching(left: str, right: str, keys: Sequence[str]) -> str:
    return " AND ".join(f"{left}.{quoted(key)} = {right}.{quoted(key)}" for key in keys)


def _copy(engine: Engine, rows: str, file: Path) -> int:
    written = engine.con.execute(
        f"COPY ({rows}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchone()
    return int(written[0]) if written else 0


def _note(
    lakehouse: Lakehouse,
    table: BaseTable,
    build: Noted,
    whole: bool,
    upserted: int = 0,
    deleted: int = 0,
) -> None:
    row = {
        "no": build.no,
        "base_table": table.ref,
        "at": lakehouse.clock.now(),
        "last_event": lakehouse.log.last_event,
        "catalog_version": lakehouse.catalog.version,
        "definition": build.definition,
        "inputs": json.dumps(build.inputs, sort_keys=True),
        "whole": whole,
        "upserted": upserted,
        "deleted": deleted,
    }
    lakehouse.lake.ensure(BUILDS_TABLE, BASE_BUILDS, "基础库各表的生成记录：每次一行")
    # Named by its table too: homes in which two tables once took one number can note both.
    transaction = f"build-{table.ref}-{build.no}"
    lakehouse.lake.append(BUILDS_TABLE, pl.DataFrame([row], schema=BASE_BUILDS), transaction)


def rows_noted(lakehouse: Lakehouse, table: BaseTable) -> int:
    """Rows that the builds of the table's present files wrote."""
    written = _numbers_written(lakehouse, table)
    if not written:
        return 0
    noted = pl.scan_delta(lakehouse.lake.table(BUILDS_TABLE)).filter(
        (pl.col("base_table") == table.ref) & pl.col("no").is_in(written)
    )
    return int(noted.select((pl.col("upserted") + pl.col("deleted")).sum()).collect().item())
