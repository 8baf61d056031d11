"""Catalogued columns as readers see them: masked by grade, codes with their names, commented.

Belongs here: the SELECT list that datasets and base tables share. Does not belong here: whether a
column is masked (`warehouse.publish.masking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.entries import Catalog
from catalog.models.code_tables import Code
from catalog.models.elements import Element
from catalog.models.geometry import Geometry
from warehouse.publish.masking import Protection, protection_of, strictest
from warehouse.publish.model import PublishedColumn

_PROSE = 1000
"""From this permitted length on a text is prose: a scope of business, the facts of a case."""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column to publish and the catalogued columns whose values it may hold."""

    name: str
    title: str
    """Its Chinese name."""
    meaning: str
    sources: tuple[str, ...]
    """`<agency>/<dataset>.<column>`, first choice first; the strictest of them decides masking."""
    kind: str = "value"
    """value: one of a source's values. part: what is worked out from one. key: an identifier made
    of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Parts of a query: expressions with their aliases, joins they need, named parameters."""

    expressions: tuple[str, ...]
    columns: tuple[PublishedColumn, ...]
    """One for each expression."""
    joins: tuple[str, ...]
    parameters: dict[str, Any]


def select_shown(
    catalog: Catalog,
    alias: str,
    shown: Sequence[ShownColumn],
    geometry: Geometry | None = None,
) -> Selection:
    """The columns of relation `alias` as readers may see them, and last its `geometry`, if any.

    A code gets a neighbour `<column>_name`, unless it is masked or a column of that name exists.
    """
    expressions: list[str] = []
    columns: list[PublishedColumn] = []
    joins: list[str] = []
    parameters: dict[str, Any] = {}
    taken = {column.name for column in shown}
    for place, column in enumerate(shown):
        if not column.sources:
            expressions.append(f'{alias}."{column.name}"')
            columns.append(PublishedColumn(column.name, f"{column.title}：{column.meaning}"))
            continue
        element = element_at(catalog, column.sources[0])
        protection = _protection(catalog, column)
        value = f'{alias}."{column.name}"'
        expressions.append(f'{protection.shown(value)} AS "{column.name}"')
        columns.append(
            PublishedColumn(
                column.name,
                _comment(column, element, protection),
                column.sources,
                prose=column.kind == "value" and (element.max_length or 0) >= _PROSE,
            )
        )
        named = f"{column.name}_name"
        is_code = bool(element.code_table) and column.kind == "value"
        if not is_code or protection.is_masked or named in taken:
            continue
        names = names_of_codes(catalog.codes(element.code_table or ""))
        parameters |= {f"codes_{place}": list(names), f"names_{place}": list(names.values())}
        joins.append(
            f"LEFT JOIN (SELECT unnest($codes_{place}::VARCHAR[]) AS code,"
            f" unnest($names_{place}::VARCHAR[]) AS name) AS names_{place}"
            f" ON names_{place}.code = {value}"
        )
        expressions.append(f'names_{place}.name AS "{named}"')
        columns.append(PublishedColumn(named, f"{column.title}的名称", column.sources))
    if geometry is not None:
        expression, described = _geometry(catalog, alias, shown, geometry)
        expressions.append(expression)
        columns.append(described)
    return Selection(tuple(expressions), tuple(columns), tuple(joins), parameters)


def _geometry(
    catalog: Catalog, alias: str, shown: Sequence[ShownColumn], geometry: Geometry
) -> tuple[str, PublishedColumn]:
    """Nobody sees a geometry of what is masked: a point tells as much as its coordinates. The type
    keeps no coordinate system in the file's storage version, so the comment names it."""
    by_name = {column.name: column for column in shown}
    made_of = [by_name[name] for name in geometry.made_of]
    protection = strictest(*(_protection(catalog, column) for column in made_of))
    values = [f'{alias}."{column.name}"' for column in made_of]
    # DuckDB reads well-known text by itself; ST_Point would need the spatial extension.
    text = (
        values[0] if len(values) == 1 else f"'POINT (' || {' || chr(32) || '.join(values)} || ')'"
    )
    expression = "NULL" if protection.is_masked else f"({text})"
    comment = f"{geometry.name}：几何，CGCS2000（EPSG:4490）经纬度，经度在前"
    if protection.is_masked:
        comment += f"。安全级别 {protection.grade} 级，不显示"
    sources = tuple(dict.fromkeys(source for column in made_of for source in column.sources))
    return f'{expression}::GEOMETRY AS "geometry"', PublishedColumn("geometry", comment, sources)


def element_at(catalog: Catalog, source: str) -> Element:
    """The element of `<agency>/<dataset>.<column>`; KeyError names what is missing."""
    dataset, _, column = source.partition(".")
    return catalog.element_of(dataset, column)


def protection_at(catalog: Catalog, source: str) -> Protection:
    """The protection of `<agency>/<dataset>.<column>`."""
    dataset, _, column = source.partition(".")
    return protection_of(element_at(catalog, source), catalog.datasets[dataset].column(column))


def names_of_codes(codes: tuple[Code, ...]) -> dict[str, str]:
    """Code → name; of a code with several periods the name of the latest."""
    latest = sorted(codes, key=lambda code: (code.valid_to or "9999", code.valid_from or ""))
    return {code.code: code.name for code in latest}


def _protection(catalog: Catalog, column: ShownColumn) -> Protection:
    return strictest(*(protection_at(catalog, source) for source in column.sources))


def _comment(column: ShownColumn, element: Element, protection: Protection) -> str:
    parts = [f"{column.title}：{column.meaning.rstrip('。')}"]
    if element.unit and column.kind == "value":
        parts.append(f"单位：{element.unit}")
    if protection.is_masked:
        parts.append(f"安全级别 {protection.grade} 级，已脱敏")
    return "。".join(parts)
