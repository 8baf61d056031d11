"""Which column comes from which, down to the delivered ones, and what follows from each.

Belongs here: the graph of columns, read from the declarations of base tables and from the SQL of
derived ones, which is stated nowhere a second time. Does not belong here: where a single value
comes from (`assets.base.why`), and how the graph is shown (`pipelines.lineage`, publication).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from assets.base.reference import TABLES
from assets.derived_tables import DerivedTable, derived_tables
from assets.lakehouse import table_schemas
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable, Contributor
from quality.linking.table import LINKS_TABLE
from warehouse import log
from warehouse.engine import duckdb_type

ROWS: Final = "*"
"""In place of a column: that there is a row, which is all that a count tells."""
_DIALECT: Final = "duckdb"
_LINKED: Final = "linked"
_TOLD_OF_ROWS: Final = ("_registered", "_contributors")
"""Columns of base tables that tell whose rows there are."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A column. `table` is `<agency>/<dataset>` of what is delivered, `<database>.<table>` of what
    is computed, `quality.<table>` or `catalog.<table>` of the lakehouse's own knowledge."""

    table: str
    column: str

    @property
    def is_delivered(self) -> bool:
        return "/" in self.table

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Lineage:
    """The graph. `parents`: computed column → the columns that it is computed from, those that are
    asked first before the others."""

    parents: Mapping[Place, tuple[Place, ...]]

    @cached_property
    def children(self) -> Mapping[Place, tuple[Place, ...]]:
        """Column → the columns computed from it."""
        found: defaultdict[Place, list[Place]] = defaultdict(list)
        for place, parents in self.parents.items():
            for parent in parents:
                found[parent].append(place)
        return {parent: tuple(sorted(places)) for parent, places in found.items()}

    def delivered(self, place: Place) -> tuple[Place, ...]:
        """The delivered columns that a column comes from in the end, in order of first mention."""
        return tuple(dict.fromkeys(each for each in self._above(place) if each.is_delivered))

    def _above(self, place: Place) -> Iterator[Place]:
        for parent in self.parents.get(place, ()):
            yield parent
            yield from self._above(parent)


def lineage_of(catalog: Catalog) -> Lineage:
    """The lineage of every column of base and derived tables."""
    return catalog.kept(("lineage",), lambda: _lineage(catalog))


def _lineage(catalog: Catalog) -> Lineage:
    parents: dict[Place, tuple[Place, ...]] = {}
    for table in catalog.base.values():
        parents |= _of_base(catalog, table)
    schema = _schema(catalog)
    for derived in derived_tables():
        parents |= _of_derived(derived, schema)
    return Lineage(parents)


def _of_base(catalog: Catalog, table: BaseTable) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    rows = tuple(Place(ref, ROWS) for ref in table.datasets)
    for name in (ROWS, *_TOLD_OF_ROWS):
        yield Place(table.ref, name), rows
    for place, key in enumerate(table.keys):
        told = (
            source
            for contributor in table.contributors
            for source in _named(contributor, contributor.key[place])
        )
        yield Place(table.ref, key), tuple(dict.fromkeys(told))
    for column in table.columns:
        sources: list[Place] = []
        for source in catalog.sources_of(table, column):
            contributor = table.contributor(source.contributor)
            if source.of_key:
                sources += (Place(table.ref, name) for name in _columns(source.of_key))
            else:
                sources += _named(contributor, source.expression)
        yield Place(table.ref, column.id), tuple(dict.fromkeys(sources))


def _named(contributor: Contributor, expression: str) -> Iterator[Place]:
    """The columns that a contributor's expression names."""
    for name in _columns(expression):
        if name == _LINKED and contributor.linked:
            yield Place(LINKS_TABLE.replace("/", "."), name)
        else:
            yield Place(contributor.dataset, name)


def _columns(expression: str) -> Iterator[str]:
    for column in parse_one(expression, dialect=_DIALECT).find_all(exp.Column):
        yield column.name


def _of_derived(
    table: DerivedTable, schema: MappingSchema
) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    query = qualify(
        parse_one(table.query, dialect=_DIALECT), schema=schema, dialect=_DIALECT, identify=False
    )
    scope = build_scope(query)
    read = {name for name in map(_table, query.find_all(exp.Table)) if name}
    rows = tuple(Place(name, ROWS) for name in sorted(read))
    yield Place(table.ref, ROWS), rows
    for column in table.columns:
        node = lineage(column.id, query, schema=schema, scope=scope, dialect=_DIALECT, copy=False)
        told = tuple(sorted(set(_leaves(node))))
        yield Place(table.ref, column.id), told or (rows if _counts(node) else ())


def _leaves(node: Node) -> Iterator[Place]:
    for each in node.walk():
        if isinstance(each.source, exp.Table) and not each.downstream:
            name = _table(each.source)
            if name:
                yield Place(name, each.name.rpartition(".")[2])


def _counts(node: Node) -> bool:
    """Whether what it is computed by counts rows."""
    return any(each.expression.find(exp.Count, exp.Sum) for each in node.walk())


def _table(table: exp.Table) -> str:
    """What a table of the engine is called outside it; empty for a part of the query itself."""
    layer, database, name = table.catalog, table.db, table.name
    if layer in ("standard", "history", "held_by"):
        return f"{database}/{name}"
    if layer == "base":
        return f"{database}.{name}"
    if layer == "quality":
        return f"quality.{name}"
    if name == "code_rows":
        return "catalog.codes"
    return "catalog.geography" if name in TABLES else ""


def _schema(catalog: Catalog) -> MappingSchema:
    """What the engine's names have for columns."""
    named: dict[str, Any] = {}
    for table, columns in table_schemas(catalog).items():
        layer, *rest = table.split("/")
        _enter(named, [layer, *(rest if len(rest) > 1 else ["main", *rest])],
               {name: duckdb_type(kind) for name, kind in columns.items()})  # fmt: skip
    _enter(named, ["quality", "main", "deliveries"],
           {name: duckdb_type(kind) for name, kind in log.SCHEMA.items()})  # fmt: skip
    for table, types in TABLES.items():
        _enter(named, ["memory", "main", table], dict(types))
    return MappingSchema(named, dialect=_DIALECT)


def _enter(named: dict[str, Any], path: Sequence[str], columns: Mapping[str, str]) -> None:
    for part in path[:-1]:
        named = named.setdefault(part, {})
    named[path[-1]] = columns
