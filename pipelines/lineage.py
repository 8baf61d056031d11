"""How the lineage of a column looks on the terminal, and as JSON.

Belongs here: `lakehouse lineage` printed, and which column its argument names. Does not belong
here: the graph (`assets.lineage`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assets.derived_tables import derived_tables
from assets.lineage import ROWS, Lineage, Place
from catalog.entries import Catalog

_Edges = Mapping[Place, Sequence[Place]]


class NoSuchColumn(Exception):
    """There is no column of that name; the message says what there is."""


def place_of(catalog: Catalog, named: str) -> Place:
    """The column that `DATABASE.TABLE.COLUMN` or `AGENCY/DATASET.COLUMN` names.

    A published table of a dataset stands for the dataset. Raises NoSuchColumn.
    """
    table, _, column = named.rpartition(".")
    published = {
        f"{dataset.publication.database}.{dataset.publication.table}": ref
        for ref, dataset in catalog.datasets.items()
    }
    table = published.get(table, table)
    known = columns_of(catalog, table)
    if not known:
        raise NoSuchColumn(f"没有表 {table or named}；写作 库.表.列，或 机构/数据集.列")
    if column not in known and column != ROWS:
        raise NoSuchColumn(f"{table} 没有 {column} 列；有 {'、'.join(known)}")
    return Place(table, column)


def columns_of(catalog: Catalog, table: str) -> dict[str, str]:
    """Column → its Chinese name, of a base or derived table or a dataset; empty where none is."""
    if table in catalog.datasets:
        return {column.id: column.name for column in catalog.datasets[table].columns}
    if table in catalog.base:
        base = catalog.base[table]
        return {key.id: key.name for key in base.key} | {
            column.id: column.name for column in base.columns
        }
    for derived in derived_tables():
        if derived.ref == table:
            return {column.id: column.name for column in derived.columns}
    return {}


def lines(catalog: Catalog, lineage: Lineage, place: Place) -> Iterator[str]:
    """The column, then where it comes from and what follows from it, as two trees."""
    yield told(catalog, place)
    for heading, edges in (("来自", lineage.parents), ("影响", lineage.children)):
        yield heading if edges.get(place) else f"{heading}：无"
        yield from _branches(catalog, place, edges)


def _branches(catalog: Catalog, place: Place, edges: _Edges, indent: str = "") -> Iterator[str]:
    following = edges.get(place, ())
    for index, each in enumerate(following, start=1):
        last = index == len(following)
        yield f"{indent}{'└── ' if last else '├── '}{told(catalog, each)}"
        yield from _branches(catalog, each, edges, indent + ("    " if last else "│   "))


def document(catalog: Catalog, lineage: Lineage, place: Place) -> dict[str, Any]:
    """The same as JSON: `column`, `name`, `from` and `harms`, each nested."""
    return {
        "column": str(place),
        "name": _name(catalog, place),
        "from": _nested(catalog, place, lineage.parents),
        "harms": _nested(catalog, place, lineage.children),
    }


def _nested(catalog: Catalog, place: Place, edges: _Edges) -> list[dict[str, Any]]:
    return [
        {"column": str(each), "name": _name(catalog, each), "next": _nested(catalog, each, edges)}
        for each in edges.get(place, ())
    ]


def told(catalog: Catalog, place: Place) -> str:
    """The column and what it is, in Chinese."""
    name = _name(catalog, place)
    if place.table in catalog.datasets:
        dataset = catalog.datasets[place.table]
        return f"{place}  {catalog.agencies[dataset.agency].short_name}《{dataset.name}》{name}"
    return f"{place}  {name}" if name else str(place)


def _name(catalog: Catalog, place: Place) -> str:
    if place.column == ROWS:
        return "行数"
    return columns_of(catalog, place.table).get(place.column, "")
