"""Which subjects of a base table the changes of its sources concern.

Belongs here: from the files that a standard table gained and lost since a build to the keys of the
base table. Does not belong here: computing them (`assets.base.build`).

A subject is concerned where a changed row tells of it now, and where it told of it before: a firm
whose code was corrected leaves one subject and joins another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.base.contributions import AFFECTED, heard, keys_in, spoken
from assets.base_tables import stored_schema
from assets.lakehouse import Lakehouse
from catalog.models.base_tables import BaseTable, Contributor
from quality.linking.table import LINKS_TABLE
from warehouse.engine import Engine, duckdb_type, literal, quoted, reading


def find_affected(
    lakehouse: Lakehouse, engine: Engine, table: BaseTable, before: Mapping[str, int]
) -> int | None:
    """Makes the temporary table AFFECTED (the table's keys); how many there are.

    None, and no table, where it cannot be told: a source is not what `before` says it was.
    """
    schema = stored_schema(lakehouse.catalog, table)
    parts: list[str] = []
    for contributor in table.contributors:
        changed = _changed(lakehouse, f"standard/{contributor.dataset}", before)
        if changed is None:
            return None
        if changed:
            parts.append(keys_in(table, contributor, _versions(lakehouse, contributor, changed)))
        if contributor.linked:
            links = _changed(lakehouse, LINKS_TABLE, before)
            if links is None:
                return None
            if links:
                parts.append(_linked(lakehouse, table, contributor, changed, links))
    columns = ", ".join(f"{quoted(key)} {duckdb_type(schema[key])}" for key in table.keys)
    engine.con.execute(f"CREATE OR REPLACE TEMP TABLE {AFFECTED} ({columns})")
    if not parts:
        return 0
    known = " AND ".join(f"{quoted(key)} IS NOT NULL" for key in table.keys)
    counted = engine.con.execute(
        f"INSERT INTO {AFFECTED} SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) WHERE {known}"
    ).fetchone()
    assert counted is not None
    return int(counted[0])


def _changed(lakehouse: Lakehouse, name: str, before: Mapping[str, int]) -> list[str] | None:
    """Files that the table gained or lost since; None where what it was can't be told."""
    version = before.get(name)
    if version is None:
        return None
    if version == (lakehouse.lake.version(name) if lakehouse.lake.exists(name) else -1):
        return []
    then = [] if version == -1 else lakehouse.lake.files_at(name, version)
    if then is None:
        return None
    return sorted(set(then) ^ set(lakehouse.lake.files(name)))


def _versions(lakehouse: Lakehouse, contributor: Contributor, changed: Sequence[str]) -> str:
    """A relation: all rows, of any delivery, of the keys that occur in the changed files."""
    rows = (
        f"(SELECT * FROM ({_then_and_now(lakehouse, contributor, changed)})"
        f" WHERE _key IN (SELECT _key FROM {reading(changed)}))"
    )
    return heard(lakehouse.catalog, contributor, rows)


def _then_and_now(lakehouse: Lakehouse, contributor: Contributor, changed: Sequence[str]) -> str:
    """SELECT of the dataset's rows that stand or stood before, with every column of the table."""
    name = f"standard/{contributor.dataset}"
    files = sorted({*lakehouse.lake.files(name), *changed})
    columns = ", ".join(
        f"CAST(NULL AS {duckdb_type(kind)}) AS {quoted(column)}"
        for column, kind in lakehouse.schemas[name].items()
    )
    told = f" UNION ALL BY NAME SELECT * FROM {reading(files)}" if files else ""
    return f"SELECT {columns} WHERE false{told}"


def _linked(
    lakehouse: Lakehouse,
    table: BaseTable,
    contributor: Contributor,
    changed: Sequence[str],
    links_changed: Sequence[str],
) -> str:
    """Subjects that the dataset's rows told of before or after their links changed: those linked,
    and those that the rows tell of without a link. `changed`: files of the dataset, and
    `links_changed` of the links, that are new or gone."""
    links = (
        f"(SELECT key, linked FROM {reading(links_changed)}"
        f" WHERE dataset = {literal(contributor.dataset)})"
    )
    either = f"(FROM {links} UNION SELECT key, NULL FROM {links})"
    # A link often goes because its row does, so rows that are gone belong to what links told of.
    told = f"({_then_and_now(lakehouse, contributor, changed)})"
    rows = spoken(lakehouse.catalog, contributor.dataset, told)
    return keys_in(
        table,
        contributor,
        f"(SELECT told.*, links.linked FROM {rows} AS told"
        f" JOIN {either} AS links ON links.key = told._key)",
    )
