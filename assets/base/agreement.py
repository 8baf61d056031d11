"""How far sources agree: what each tells of a subject against what its base table took.

Belongs here: the query. Does not belong here: what follows from the figures (`quality.sources`).

Only columns that are taken as they are can be compared: an expression over one says something else
than the column does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from assets.base.contributions import all_are_held, spoken, told_rows
from assets.base_tables import value_sql_type
from catalog.entries import Catalog
from catalog.models.base_tables import BaseColumn, BaseSource, BaseTable, Contributor
from quality.sources.table import Column
from warehouse.engine import Engine, literal, quoted


@dataclass(slots=True)
class Agreement:
    """Values of a column held against other sources', and those of them that differ."""

    compared: int = 0
    differing: int = 0


def agreements(engine: Engine, catalog: Catalog) -> Mapping[Column, Agreement]:
    """(dataset, column) → how it agrees with the others, all base tables together.

    A comparison counts for both: for the one that tells, and for the one whose value was taken.
    """
    found: dict[Column, Agreement] = defaultdict(Agreement)
    for table in catalog.base.values():
        for contributor in table.contributors:
            asked = _comparable(table, contributor)
            if asked:
                _add(engine, catalog, table, contributor, asked, found)
    return found


def _plain(column: BaseColumn) -> list[BaseSource]:
    return [each for each in column.sources if not (each.value or each.of_key or each.stand_in)]


def _comparable(
    table: BaseTable, contributor: Contributor
) -> list[tuple[int, BaseColumn, BaseSource, BaseSource]]:
    """Place in `_src`, column, the contributor's source, and each other dataset's that may have
    given it."""
    return [
        (place, column, own, other)
        for place, column in enumerate(table.columns, start=1)
        for own in _plain(column)
        for other in _plain(column)
        if own.contributor == contributor.id
        and table.contributor(other.contributor).dataset != contributor.dataset
    ]


def _add(
    engine: Engine,
    catalog: Catalog,
    table: BaseTable,
    contributor: Contributor,
    asked: list[tuple[int, BaseColumn, BaseSource, BaseSource]],
    found: dict[Column, Agreement],
) -> None:
    counts = engine.con.execute(_query(catalog, table, contributor, asked)).fetchone()
    assert counts is not None
    for index, (_, _, own, other) in enumerate(asked):
        for source in (own, other):
            dataset = table.contributor(source.contributor).dataset
            agreement = found[dataset, source.column]
            agreement.compared += counts[2 * index]
            agreement.differing += counts[2 * index + 1]


def _query(
    catalog: Catalog,
    table: BaseTable,
    contributor: Contributor,
    asked: list[tuple[int, BaseColumn, BaseSource, BaseSource]],
) -> str:
    """SELECT of one row: for each pair the values compared, and those that differ."""
    counts: list[str] = []
    for place, column, own, other in asked:
        value = f"told.{quoted(own.column)}::{value_sql_type(catalog, table, column)}"
        given = f"taken._src[{place}] = {literal(table.code(other.contributor))}"
        counts.append(f"count(*) FILTER ({given} AND {value} IS NOT NULL)")
        counts.append(f"count(*) FILTER ({given} AND {value} <> taken.{quoted(column.id)})")
    columns = dict.fromkeys(column.id for _, column, _, _ in asked)
    if all_are_held(catalog, contributor):
        told = told_rows(catalog, contributor, table)
        same = " AND ".join(
            f"told.{quoted('_key_' + key)} = taken.{quoted(key)}" for key in table.keys
        )
    else:
        history = f"history.{contributor.dataset.replace('/', '.')}"
        told = f"(FROM {spoken(catalog, contributor.dataset, history)} WHERE _op = 'upsert')"
        same = "told._delivery = taken.source.delivery AND told._row = taken.source.row"
    return f"""
        SELECT {", ".join(counts)}
        FROM (
            SELECT _src, {", ".join(map(quoted, dict.fromkeys([*table.keys, *columns])))},
                list_filter(_contributors,
                    lambda source: source.code = {literal(table.code(contributor.id))})[1] AS source
            FROM base.{quoted(table.database)}.{quoted(table.id)}
        ) AS taken
        JOIN {told} AS told ON {same}
    """
