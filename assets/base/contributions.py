"""What each contributor tells of a base table's subjects: the relations that survivorship joins.

Belongs here: SQL from a `Contributor` and its dataset. Does not belong here: which of their values
is taken, and which differ (`assets.base.survivorship`).
"""

from __future__ import annotations

from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable, Contributor
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
        f"({source.expression})::{value_sql_type(catalog, table, column)} AS {quoted(column.id)}"
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


def spoken(catalog: Catalog, dataset: str, rows: str) -> str:
    """The relation `rows` (the dataset's columns and masks) with null where a value says nothing: a
    placeholder of a date, or words where a code belongs. A code that is not in force, or a wrong
    one, says something.

    A contributor's conditions, keys and values all read these, so that none takes 9999-12-31 for
    the day on which something ended.
    """
    silent: dict[str, list[str]] = {}
    for rule in rules_of(catalog, dataset):
        failed = f"{rule.mask_column} & {rule.mask_value} <> 0"
        column, _, check = rule.id.partition(".")
        if check == "sentinel_date":
            silent.setdefault(column, []).append(failed)
        elif check == "code" and (code := _symbol(catalog, catalog.element_of(dataset, column))):
            words = f"NOT regexp_full_match({quoted(column)}, {literal(code)})"
            silent.setdefault(column, []).append(f"{failed} AND {words}")
    if not silent:
        return rows
    replaced = ", ".join(
        f"CASE WHEN NOT ({' OR '.join(conditions)}) THEN {quoted(column)} END AS {quoted(column)}"
        for column, conditions in silent.items()
    )
    return f"(SELECT * REPLACE ({replaced}) FROM {rows})"


def _symbol(catalog: Catalog, element: Element) -> str:
    """Regular expression of what could be meant for a code of the element; empty where it is no one
    code, or where codes of its table are written in words."""
    if not element.code_table or element.format == "code_list":
        return ""
    table = element.code_table

    def longest() -> int:
        codes = [code.code for code in catalog.codes(table)]
        return max(map(len, codes)) if all(code.isascii() for code in codes) else 0

    length = catalog.kept(("longest symbol", table), longest)
    return f"[0-9]+|[!-~]{{1,{length}}}" if length else ""


def told_rows(catalog: Catalog, contributor: Contributor, table: BaseTable) -> str:
    """The relation of the contributor's current rows that tell of somebody: its dataset's columns,
    `linked` where it is linked, and `_key_<key>` for each part of the table's key. Several may tell
    of one subject."""
    told = heard(catalog, contributor, f"standard.{contributor.dataset.replace('/', '.')}")
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


def heard(catalog: Catalog, contributor: Contributor, rows: str) -> str:
    """The relation `rows` (the dataset's columns and masks) as the contributor's declaration reads
    it: what says nothing is null, and there is `linked` where the contributor needs it."""
    told = spoken(catalog, contributor.dataset, rows)
    if not contributor.linked:
        return f"(FROM {told} AS told)"
    return (
        f"(SELECT told.*, links.linked FROM {told} AS told LEFT JOIN quality.main.links AS links"
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
    """SQL conditions: none of the rules that would make an identifier wrong has failed, and no
    code of a firm is a citizen's number."""
    masks: dict[str, int] = {}
    for rule in rules_of(catalog, contributor.dataset) if contributor.sound else ():
        own = rule.check is None and set(rule.columns) <= set(contributor.sound)
        if own and rule.severity == "error" and rule.id != DUPLICATE_KEY:
            masks[rule.mask_column] = masks.get(rule.mask_column, 0) | rule.mask_value
    of_persons = (
        f"NOT uscc_is_id_no({quoted(column)})"
        for column in contributor.sound
        if catalog.element_of(contributor.dataset, column).format == "uscc"
    )
    return [*(f"{mask} & {value} = 0" for mask, value in sorted(masks.items())), *of_persons]
