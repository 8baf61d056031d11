"""What each contributor tells of a base table's subjects: the relations that survivorship joins.

Belongs here: SQL from a `Contributor` and its dataset. Does not belong here: which of their values
is taken, and which differ (`assets.base.survivorship`).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable, Contributor
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from warehouse.engine import literal, quoted

AFFECTED = "affected_subjects"
"""Temporary table of the keys to compute, where not all are."""


def relations(
    catalog: Catalog,
    table: BaseTable,
    contributor: Contributor,
    held: Sequence[str],
    affected: bool,
) -> list[str]:
    """The contributor's relation, one row for each key that it tells of, its newest. Where others
    of its rows are held against the standard source too, `_others` lists them.

    `held`: the columns of the table that are held against others. `affected` limits the rows to
    the subjects in AFFECTED.
    """
    name, ranked = quoted(contributor.id), quoted(f"{contributor.id}_ranked")
    rows = _contribution(catalog, table, contributor, affected)
    if not may_repeat(catalog, contributor):
        return [f"{name} AS NOT MATERIALIZED ({rows})"]
    if not (held and all_are_held(catalog, contributor)):
        return [f"{name} AS NOT MATERIALIZED (FROM ({rows}) WHERE _rank = 1)"]
    keys = ", ".join(map(quoted, table.keys))
    told = ", ".join(
        ["'delivery': _delivery", "'row': _row"]
        + [f"{literal(column)}: {quoted(column)}" for column in held]
    )
    others = f"SELECT {keys}, list({{{told}}}) AS _others FROM {ranked} WHERE _rank > 1"
    return [
        f"{ranked} AS ({rows})",
        f"{name} AS NOT MATERIALIZED (FROM (FROM {ranked} WHERE _rank = 1)"
        f" LEFT JOIN ({others} GROUP BY {keys}) USING ({keys}))",
    ]


def _contribution(
    catalog: Catalog, table: BaseTable, contributor: Contributor, affected: bool
) -> str:
    """SELECT of what each row of the contributor says, the newest of a key by `_rank`."""
    values = [
        f"({source.expression})::{value_sql_type(catalog, table, column)} AS {quoted(column.id)}"
        for column in table.columns
        for source in column.sources
        if source.contributor == contributor.id and not (source.suspended or source.of_key)
    ]
    named = [f"{quoted('_key_' + key)} AS {quoted(key)}" for key in table.keys]
    matched = " AND ".join(
        f"told.{quoted('_key_' + key)} = wanted.{quoted(key)}" for key in table.keys
    )
    shown = [*named, *values, "_delivery", "_row", *_rank(catalog, table, contributor)]
    wanted = f" SEMI JOIN {AFFECTED} AS wanted ON {matched}" if affected else ""
    return (
        f"SELECT {', '.join(shown)} FROM {told_rows(catalog, contributor, table)} AS told{wanted}"
    )


def told_rows(catalog: Catalog, contributor: Contributor, table: BaseTable) -> str:
    """The relation of the contributor's current rows that tell of somebody: its dataset's columns,
    `linked` where it is linked, and `_key_<key>` for each part of the table's key. Several may tell
    of one subject."""
    told = with_links(contributor, f"standard.{contributor.dataset.replace('/', '.')}")
    keys = ", ".join(
        f"{expression} AS {quoted('_key_' + key)}"
        for expression, key in zip(contributor.key, table.keys, strict=True)
    )
    conditions = [contributor.where] if contributor.where else []
    conditions += _sound(catalog, contributor)
    condition = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    known = " AND ".join(f"{quoted('_key_' + key)} IS NOT NULL" for key in table.keys)
    return f"(SELECT * FROM (SELECT *, {keys} FROM {told}{condition}) WHERE {known})"


def keys_in(table: BaseTable, contributor: Contributor, rows: str) -> str:
    """SELECT of the keys that a contributor's `rows` (a relation with its dataset's columns, and
    `linked` where it is linked) may tell of."""
    named = ", ".join(
        f"{expression} AS {quoted(key)}"
        for expression, key in zip(contributor.key, table.keys, strict=True)
    )
    return f"SELECT {named} FROM {rows}"


def with_links(contributor: Contributor, rows: str) -> str:
    """The relation `rows` with the column `linked` where the contributor needs it."""
    if not contributor.linked:
        return rows
    return (
        f"(SELECT told.*, links.linked FROM {rows} AS told LEFT JOIN quality.main.links AS links"
        f" ON links.dataset = {literal(contributor.dataset)}"
        " AND links.agency = told._agency AND links.key = told._key)"
    )


def may_repeat(catalog: Catalog, contributor: Contributor) -> bool:
    """Whether several of the contributor's rows may tell of one subject: its key leaves out a
    column of the dataset's own, or is more than a column."""
    own = catalog.datasets[contributor.dataset].key
    return not all(isinstance(part, str) and part in contributor.key for part in own)


def all_are_held(catalog: Catalog, contributor: Contributor) -> bool:
    """Whether each of a subject's rows is held against the standard source, not its newest alone:
    there are several, and none tells of an earlier time, when another value was right."""
    return may_repeat(catalog, contributor) and not contributor.newest


def _rank(catalog: Catalog, table: BaseTable, contributor: Contributor) -> list[str]:
    """SQL: 1 for the newest of a key's rows."""
    if not may_repeat(catalog, contributor):
        return []
    keys = ", ".join(quoted("_key_" + key) for key in table.keys)
    order = [f"{contributor.newest} DESC NULLS LAST"] if contributor.newest else []
    order += ["_seq DESC", "_delivery DESC", "_row DESC", "_key"]
    return [f"row_number() OVER (PARTITION BY {keys} ORDER BY {', '.join(order)}) AS _rank"]


def _sound(catalog: Catalog, contributor: Contributor) -> list[str]:
    """SQL conditions: none of the rules that would make an identifier wrong has failed."""
    masks: dict[str, int] = {}
    for rule in rules_of(catalog, contributor.dataset) if contributor.sound else ():
        own = rule.check is None and set(rule.columns) <= set(contributor.sound)
        if own and rule.severity == "error" and rule.id != DUPLICATE_KEY:
            masks[rule.mask_column] = masks.get(rule.mask_column, 0) | rule.mask_value
    return [f"{mask} & {value} = 0" for mask, value in sorted(masks.items())]
