"""Survivorship, once: the query that makes the rows of any base table from its declaration.

Belongs here: SQL from a `BaseTable` and the catalogue's standard sources. Does not belong here:
running and keeping it (`assets.base.build`).

The shape of a query: one relation for each contributor, with the table's key and the values asked
of it, one row a key; their full join over the key; each value from the first source that has one,
its code in `_src`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assets.base.contributions import all_are_held, contribution, newest
from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseColumn, BaseSource, BaseTable, Contributor
from warehouse.engine import literal, quoted


@dataclass(frozen=True, slots=True)
class _Asked:
    """A source of a column in the query: its contributor's code, its value, whether standard, and
    the dataset that tells it, empty where it is never held against another's."""

    contributor: str
    code: str
    value: str
    standard: bool
    dataset: str


@dataclass(frozen=True, slots=True)
class _Held:
    """A column whose value of a contributor is held against those of its standard sources."""

    column: str
    values: tuple[str, ...]
    codes: tuple[str, ...]


def query(catalog: Catalog, table: BaseTable, affected: bool = False) -> str:
    """SELECT of the table's rows: keys, values, provenance. Names the engine's `standard` views and
    `quality.main.links`.

    `affected` limits it to the subjects in the temporary table AFFECTED, whose columns are the
    table's keys.
    """
    asked = {column.id: _sources(catalog, table, column) for column in table.columns}
    told = [each.id for each in table.contributors]
    relations = [
        f"{quoted(each.id)} AS NOT MATERIALIZED ({newest(catalog, table, each, affected)})"
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
        f"{_differing(catalog, table, asked, chosen)} AS _differing",
    ]
    return f"WITH {', '.join(relations)} SELECT {', '.join(shown)} FROM {joined}"


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


def differing_rows(
    catalog: Catalog, table: BaseTable, computed: str, affected: bool = False
) -> str:
    """SELECT of the table's keys and `differing`, as in `_differing`: what differs of contributors
    each of whose rows is held against the standard source. Empty where the table has none.

    `computed` names a relation with the rows of `query`, whose own `_differing` lacks these: in one
    query with it they would be in memory beside all its joins. `affected` as there.
    """
    held = _held_against({each.id: _sources(catalog, table, each) for each in table.columns})
    parts = [
        _cells(catalog, table, contributor, held[contributor.id], computed, affected)
        for contributor in table.contributors
        if contributor.id in held and all_are_held(catalog, contributor)
    ]
    if not parts:
        return ""
    keys = ", ".join(map(quoted, table.keys))
    return (
        f"SELECT {keys}, string_agg(cell, ',' ORDER BY cell) AS differing"
        f" FROM ({' UNION ALL '.join(parts)}) GROUP BY {keys}"
    )


def _cells(
    catalog: Catalog,
    table: BaseTable,
    contributor: Contributor,
    held: Sequence[_Held],
    computed: str,
    affected: bool,
) -> str:
    """SELECT of the table's keys and `cell`, one for each value that differs."""
    places = {column.id: place for place, column in enumerate(table.columns, start=1)}
    tests = ", ".join(
        f"CASE WHEN taken._src[{places[each.column]}] IN ({', '.join(map(literal, each.codes))})"
        f" AND told.{quoted(each.column)} <> taken.{quoted(each.column)}"
        f" THEN {_cell(table, contributor, each.column, 'told')} END"
        for each in held
    )
    keys = ", ".join(map(quoted, table.keys))
    rows = contribution(catalog, table, contributor, affected)
    return (
        f"SELECT {keys}, cell FROM (SELECT {keys}, unnest([{tests}]) AS cell"
        f" FROM ({rows}) AS told JOIN {computed} AS taken USING ({keys}))"
        " WHERE cell IS NOT NULL"
    )


def _cell(table: BaseTable, contributor: Contributor, column: str, row: str) -> str:
    place = literal(f"{column}:{table.code(contributor.id)}:")
    return f"{place} || {row}._delivery || ':' || {row}._row"


def _held_against(asked: Mapping[str, Sequence[_Asked]]) -> dict[str, list[_Held]]:
    """Contributor → what of its rows is held against a standard source. Rows of one dataset tell
    different facts, and differ from none of each other."""
    held: dict[str, list[_Held]] = defaultdict(list)
    for name, sources in asked.items():
        standard = [each for each in sources if each.standard]
        values, codes = [each.value for each in standard], [each.code for each in standard]
        for each in sources[1:] if standard else ():
            if each.dataset not in ("", sources[0].dataset):
                held[each.contributor].append(_Held(name, tuple(values), tuple(codes)))
    return held


def _differing(
    catalog: Catalog,
    table: BaseTable,
    asked: Mapping[str, Sequence[_Asked]],
    chosen: Mapping[str, tuple[str, str]],
) -> str:
    """SQL: `<column>:<code>:<delivery>:<row>` of each value of a contributor's newest row that is
    not the one that a standard source gave."""
    held = _held_against(asked)
    tests = [
        f"CASE WHEN coalesce({', '.join(each.values)}) IS NOT NULL"
        f" AND {quoted(contributor.id)}.{quoted(each.column)} <> {chosen[each.column][0]}"
        f" THEN {_cell(table, contributor, each.column, quoted(contributor.id))} END"
        for contributor in table.contributors
        if not all_are_held(catalog, contributor)
        for each in held.get(contributor.id, ())
    ]
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')" if tests else "CAST(NULL AS VARCHAR)"
