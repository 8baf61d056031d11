"""What each contributor tells of a base table's subjects: the relations that survivorship joins.

Belongs here: SQL from a `Contributor` and its dataset. Does not belong here: which of their values
is taken, and which differ (`assets.base.survivorship`).
"""

from __future__ import annotations

from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseSource, BaseTable, Contributor
from catalog.models.elements import Element
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from warehouse.engine import literal, quoted

AFFECTED = "affected_subjects"
"""Temporary table of the keys to compute, where not all are."""


def newest(catalog: Catalog, table: BaseTable, contributor: Contributor, affected: bool) -> str:
    """SELECT of one row for each key that the contributor tells of, its newest."""
    rows = contribution(catalog, table, contributor, affected)
    if not may_repeat(catalog, contributor):
        return rows
    keys = ", ".join(quoted("_key_" + key) for key in table.keys)
    order = [f"{contributor.newest} DESC NULLS LAST"] if contributor.newest else []
    order += ["_seq DESC", "_delivery DESC", "_row DESC", "_key"]
    rank = f"row_number() OVER (PARTITION BY {keys} ORDER BY {', '.join(order)})"
    return f"{rows} QUALIFY {rank} = 1"


def contribution(
    catalog: Catalog, table: BaseTable, contributor: Contributor, affected: bool
) -> str:
    """SELECT of what each row of the contributor says: the table's keys, the values asked of it,
    `_delivery`, `_row`. `affected` limits it to the subjects in AFFECTED."""
    values = [
        f"({_value(catalog, contributor, source)})::{value_sql_type(catalog, table, column)}"
        f" AS {quoted(column.id)}"
        for column in table.columns
        for source in column.sources
        if source.contributor == contributor.id and not (source.suspended or source.of_key)
    ]
    named = [f"{quoted('_key_' + key)} AS {quoted(key)}" for key in table.keys]
    matched = " AND ".join(
        f"told.{quoted('_key_' + key)} = wanted.{quoted(key)}" for key in table.keys
    )
    shown = [*named, *values, "_delivery", "_row"]
    wanted = f" SEMI JOIN {AFFECTED} AS wanted ON {matched}" if affected else ""
    return (
        f"SELECT {', '.join(shown)} FROM {told_rows(catalog, contributor, table)} AS told{wanted}"
    )


def _value(catalog: Catalog, contributor: Contributor, source: BaseSource) -> str:
    """SQL of what a row says; null where it says nothing: a placeholder of a date, or words where
    a code belongs. A code that is not in force, or a wrong one, says something."""
    rules = {rule.id: rule for rule in rules_of(catalog, contributor.dataset)}
    spoken = {f"{source.column}.sentinel_date": ""}
    if _are_symbols(catalog, catalog.element_of(contributor.dataset, source.column)):
        spoken[f"{source.column}.code"] = (
            f" OR regexp_full_match({quoted(source.column)}, '[!-~]+')"
        )
    conditions = [
        f"({rules[rule].mask_column} & {rules[rule].mask_value} = 0{or_else})"
        for rule, or_else in spoken.items()
        if rule in rules
    ]
    if not conditions:
        return source.expression
    return f"CASE WHEN {' AND '.join(conditions)} THEN {source.expression} END"


def _are_symbols(catalog: Catalog, element: Element) -> bool:
    """Whether the element is one code, and no code of its table is written in words."""
    if not element.code_table or element.format == "code_list":
        return False
    table = element.code_table
    return catalog.kept(
        ("symbols", table), lambda: all(code.code.isascii() for code in catalog.codes(table))
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


def _sound(catalog: Catalog, contributor: Contributor) -> list[str]:
    """SQL conditions: none of the rules that would make an identifier wrong has failed."""
    masks: dict[str, int] = {}
    for rule in rules_of(catalog, contributor.dataset) if contributor.sound else ():
        own = rule.check is None and set(rule.columns) <= set(contributor.sound)
        if own and rule.severity == "error" and rule.id != DUPLICATE_KEY:
            masks[rule.mask_column] = masks.get(rule.mask_column, 0) | rule.mask_value
    return [f"{mask} & {value} = 0" for mask, value in sorted(masks.items())]
