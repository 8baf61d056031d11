"""Survivorship, once: the query that makes the rows of any base table from its declaration.

Belongs here: SQL from a `BaseTable` and the catalogue's standard sources. Does not belong here:
running and keeping it (`assets.base.build`).

The shape of a query: one relation for each contributor, with the table's key and the values asked
of it, one row a key; their full join over the key; each value from the first source that has one,
its code in `_src`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseColumn, BaseSource, BaseTable, Contributor
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from warehouse.engine import literal, quoted

AFFECTED = "affected_subjects"
"""Temporary table of the keys to compute, where not all are."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A source of a column in the query: its contributor's code, its value, whether standard, and
    the dataset that tells it, empty where it is never held against another's."""

    contributor: str
    code: str
    value: str
    standard: bool
    dataset: str


def query(catalog: Catalog, table: BaseTable, affected: bool = False) -> str:
    """SELECT of the table's rows: keys, values, provenance. Names the engine's `standard` views and
    `quality.main.links`.

    `affected` limits it to the subjects in the temporary table AFFECTED, whose columns are the
    table's keys.
    """
    asked = {column.id: _sources(catalog, table, column) for column in table.columns}
    told = [each.id for each in table.contributors]
    relations = [
        f"{quoted(each.id)} AS NOT MATERIALIZED ({_contribution(catalog, table, each, affected)})"
        for each in table.contributors
    ]
    using = ", ".join(quoted(key) for key in table.keys)
    joined = quoted(told[0]) + "".join(
        f" FULL JOIN {quoted(name)} USING ({using})" for name in told[1:]
    )
    group_of = {name: group for group in table.together for name in group}
    chosen = {
        column.id: _chosen(asked[column.id], [asked[name] for name in group_of.get(column.id, ())])
        for column in table.columns
    }
    registering = [each.id for each in table.contributors if each.registers] or told
    shown = [
        *(quoted(key) for key in table.keys),
        *(f"{value} AS {quoted(name)}" for name, (value, _) in chosen.items()),
        f"{_any(f'{quoted(name)}._delivery IS NOT NULL' for name in registering)} AS _registered",
        f"concat({', '.join(code for _, code in chosen.values())}) AS _src",
        f"{_contributors(table)} AS _contributors",
        f"{_differing(asked, chosen)} AS _differing",
    ]
    return f"WITH {', '.join(relations)} SELECT {', '.join(shown)} FROM {joined}"


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


def _sources(catalog: Catalog, table: BaseTable, column: BaseColumn) -> list[_Asked]:
    return [
        _Asked(
            source.contributor,
            table.code(source.contributor),
            _value(catalog, table, column, source),
            catalog.is_standard(table, source),
            ""
            if source.of_key or source.stand_in
            else table.contributor(source.contributor).dataset,
        )
        for source in catalog.sources_of(table, column)
    ]


def _value(catalog: Catalog, table: BaseTable, column: BaseColumn, source: BaseSource) -> str:
    """SQL of a source's value over the joined contributions."""
    if not source.of_key:
        return f"{quoted(source.contributor)}.{quoted(column.id)}"
    kind = value_sql_type(catalog, table, column)
    return (
        f"CASE WHEN {quoted(source.contributor)}._delivery IS NOT NULL"
        f" THEN ({source.of_key})::{kind} END"
    )


def _contribution(
    catalog: Catalog, table: BaseTable, contributor: Contributor, affected: bool
) -> str:
    """One row for each key that the contributor tells of, its newest."""
    told = f"standard.{contributor.dataset.replace('/', '.')}"
    keys = ", ".join(
        f"{expression} AS {quoted('_key_' + key)}"
        for expression, key in zip(contributor.key, table.keys, strict=True)
    )
    values = [
        f"({source.expression})::{value_sql_type(catalog, table, column)} AS {quoted(column.id)}"
        for column in table.columns
        for source in column.sources
        if source.contributor == contributor.id and not (source.suspended or source.of_key)
    ]
    named = [f"{quoted('_key_' + key)} AS {quoted(key)}" for key in table.keys]
    known = [f"{quoted('_key_' + key)} IS NOT NULL" for key in table.keys]
    matched = " AND ".join(
        f"told.{quoted('_key_' + key)} = wanted.{quoted(key)}" for key in table.keys
    )
    conditions = [contributor.where] if contributor.where else []
    conditions += _sound(catalog, contributor)
    condition = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        f"SELECT {', '.join([*named, *values, '_delivery', '_row'])}"
        f" FROM (SELECT *, {keys} FROM {with_links(contributor, told)}{condition}) AS told"
        + (f" SEMI JOIN {AFFECTED} AS wanted ON {matched}" if affected else "")
        + f" WHERE {' AND '.join(known)}"
        + _newest(catalog, table, contributor)
    )


def _sound(catalog: Catalog, contributor: Contributor) -> list[str]:
    """SQL conditions: none of the rules that would make an identifier wrong has failed."""
    masks: dict[str, int] = {}
    for rule in rules_of(catalog, contributor.dataset) if contributor.sound else ():
        own = rule.check is None and set(rule.columns) <= set(contributor.sound)
        if own and rule.severity == "error" and rule.id != DUPLICATE_KEY:
            masks[rule.mask_column] = masks.get(rule.mask_column, 0) | rule.mask_value
    return [f"{mask} & {value} = 0" for mask, value in sorted(masks.items())]


def _newest(catalog: Catalog, table: BaseTable, contributor: Contributor) -> str:
    if not may_repeat(catalog, contributor):
        return ""
    keys = ", ".join(quoted("_key_" + key) for key in table.keys)
    order = [f"{contributor.newest} DESC NULLS LAST"] if contributor.newest else []
    order += ["_seq DESC", "_delivery DESC", "_row DESC", "_key"]
    return f" QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {', '.join(order)}) = 1"


def may_repeat(catalog: Catalog, contributor: Contributor) -> bool:
    """Whether several of the contributor's rows may tell of one subject: its key leaves out a
    column of the dataset's own, or is more than a column."""
    own = catalog.datasets[contributor.dataset].key
    return not all(isinstance(part, str) and part in contributor.key for part in own)


def _chosen(asked: Sequence[_Asked], group: Sequence[Sequence[_Asked]]) -> tuple[str, str]:
    """SQL of the value and of its code."""
    if not asked:
        return "NULL", "'-'"
    if not group:
        value = f"coalesce({', '.join(each.value for each in asked)})"
        tests = [f"WHEN {each.value} IS NOT NULL THEN {literal(each.code)}" for each in asked]
        return value, f"CASE {' '.join(tests)} ELSE '-' END"
    has_any = {
        each.contributor: _any(
            f"{other.value} IS NOT NULL"
            for column in group
            for other in column
            if other.contributor == each.contributor
        )
        for each in asked
    }
    values = [f"WHEN {has_any[each.contributor]} THEN {each.value}" for each in asked]
    codes = [
        f"WHEN {has_any[each.contributor]}"
        f" THEN CASE WHEN {each.value} IS NOT NULL THEN {literal(each.code)} ELSE '-' END"
        for each in asked
    ]
    return f"CASE {' '.join(values)} END", f"CASE {' '.join(codes)} ELSE '-' END"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _contributors(table: BaseTable) -> str:
    told = ", ".join(
        f"CASE WHEN {quoted(each.id)}._delivery IS NOT NULL THEN"
        f" {{'code': {literal(table.code(each.id))}, 'delivery': {quoted(each.id)}._delivery,"
        f" 'row': {quoted(each.id)}._row}} END"
        for each in table.contributors
    )
    if len(table.contributors) == 1:
        return f"[{told}]"
    return f"list_filter([{told}], lambda source: source IS NOT NULL)"


def _differing(asked: dict[str, list[_Asked]], chosen: dict[str, tuple[str, str]]) -> str:
    """SQL: the contributors whose value is not the one that a standard source gave. Rows of one
    dataset tell different facts, and differ from none of each other."""
    tests: list[str] = []
    for name, sources in asked.items():
        standard = [each.value for each in sources if each.standard]
        if not standard or len(sources) < 2:
            continue
        given = f"coalesce({', '.join(standard)})" if len(standard) > 1 else standard[0]
        tests += [
            f"CASE WHEN {given} IS NOT NULL AND {each.value} <> {chosen[name][0]}"
            f" THEN {literal(f'{name}:{each.code}')} END"
            for each in sources[1:]
            if each.dataset not in ("", sources[0].dataset)
        ]
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')" if tests else "CAST(NULL AS VARCHAR)"
