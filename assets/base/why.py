"""Why a base table says what it says of one subject.

Belongs here: the values of a subject with their sources, chosen and not. Does not belong here: how
that is printed (`pipelines.why`). Whoever calls it sees values unmasked: it is for the engineers of
the lakehouse, who hold the lake itself, and none of it is logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.base.contributions import heard
from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from catalog.models.base_tables import BaseColumn, BaseSource, BaseTable
from warehouse.engine import Engine, quoted


class NoSuchSubject(Exception):
    """The table has no row of this key; the message says which key columns it has."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of a value: where it was delivered and what it says.

    `rank` is its place in the order of choice, from 1; `chosen` whether it gave the table's value.
    """

    rank: int
    chosen: bool
    standard: bool
    agency: str
    dataset: str
    column: str
    delivery: str
    file: str
    row: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """A column's value of one subject, and all that tell of it, in the order of choice."""

    column: BaseColumn
    value: str | None
    origins: tuple[Origin, ...]


def why(
    lakehouse: Lakehouse,
    engine: Engine,
    table: BaseTable,
    key: Sequence[str],
    only: str | None = None,
) -> list[Value]:
    """The subject's values, those of `only` one column where it is named.

    Raises NoSuchSubject; KeyError where there is no such column.
    """
    columns = [column for column in table.columns if only in (None, column.id)]
    if not columns:
        raise KeyError(f"{table.ref} 没有 {only} 列；有 {', '.join(c.id for c in table.columns)}")
    row = _subject(engine, table, key)
    told = {source["code"]: source for source in row["_contributors"]}
    given = {
        code: _told_by(lakehouse.catalog, engine, table, code, source, columns)
        for code, source in told.items()
    }
    return [
        Value(
            column,
            _text(row[column.id]),
            tuple(_origins(lakehouse, table, column, row, told, given)),
        )
        for column in columns
    ]


def _subject(engine: Engine, table: BaseTable, key: Sequence[str]) -> dict[str, Any]:
    if len(key) != len(table.keys):
        raise NoSuchSubject(f"{table.ref} 的主键有 {len(table.keys)} 部分：{'、'.join(table.keys)}")
    match = " AND ".join(f"{quoted(name)}::VARCHAR = ?" for name in table.keys)
    found = engine.con.execute(
        f'SELECT * FROM base.{table.database}."{table.id}" WHERE {match}', list(key)
    )
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    if row is None:
        raise NoSuchSubject(f"{table.ref} 没有这个主键的行（{'、'.join(table.keys)}）")
    return dict(zip(names, row, strict=True))


def _told_by(
    catalog: Catalog,
    engine: Engine,
    table: BaseTable,
    code: str,
    source: dict[str, Any],
    columns: Sequence[BaseColumn],
) -> dict[str, str | None]:
    """Column → what the contributor's delivered row says of it, as text."""
    asked = {
        column.id: each.expression
        for column in columns
        for each in column.sources
        if table.code(each.contributor) == code and not each.of_key
    }
    (contributor,) = (each for each in table.contributors if table.code(each.id) == code)
    if not asked:
        return {}
    named = ", ".join(f"({sql})::VARCHAR AS {quoted(name)}" for name, sql in asked.items())
    history = f"history.{contributor.dataset.replace('/', '.')}"
    found = engine.con.execute(
        f"SELECT {named} FROM {heard(catalog, contributor, history)}"
        " WHERE _delivery = ? AND _row = ?",
        [source["delivery"], source["row"]],
    ).fetchone()
    return dict(zip(asked, found, strict=True)) if found is not None else {}


def _origins(
    lakehouse: Lakehouse,
    table: BaseTable,
    column: BaseColumn,
    row: dict[str, Any],
    told: dict[str, dict[str, Any]],
    given: dict[str, dict[str, str | None]],
) -> list[Origin]:
    chosen = row["_src"][[each.id for each in table.columns].index(column.id)]
    origins = []
    for rank, source in enumerate(lakehouse.catalog.sources_of(table, column), start=1):
        code = table.code(source.contributor)
        if code not in told:
            continue
        delivery = lakehouse.log.get(told[code]["delivery"])
        says = _text(row[column.id]) if code == chosen else _says(source, given[code], column)
        origins.append(
            Origin(
                rank=rank,
                chosen=code == chosen,
                standard=lakehouse.catalog.is_standard(table, source),
                agency=delivery.agency,
                dataset=delivery.dataset,
                column=source.column,
                delivery=delivery.delivery,
                file=delivery.file,
                row=told[code]["row"],
                value=says,
            )
        )
    return origins


def _says(source: BaseSource, given: dict[str, str | None], column: BaseColumn) -> str | None:
    return None if source.of_key else given.get(column.id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
