"""Packed provenance unfolded: one row a value, what differs from the standard, what stood before.

Belongs here: queries over any base table's rows, as they lie in the engine or in a published file.
Does not belong here: packing (`assets.base.survivorship`), masking (`assets.published.base`).
"""

from __future__ import annotations

from assets.base.contributions import heard
from catalog.entries import Catalog
from catalog.models.base_tables import BaseSource, BaseTable, Contributor
from warehouse.engine import literal, quoted

SOURCE_COLUMNS = {
    "column": "列名",
    "value": "值（文本形式，脱敏同原表）",
    "agency": "报送机构（见 catalog.agencies）",
    "dataset": "来源数据集（见 catalog.datasets）",
    "dataset_column": "来源列（见 catalog.columns）",
    "delivery": "来源交付（见 quality.deliveries）",
    "row": "在该次交付的文件中是第几条记录",
    "rule": "取此来源的理由",
}
"""Columns of `values` after the key's, with what they tell."""


def values(catalog: Catalog, table: BaseTable, rows: str, deliveries: str) -> str:
    """SELECT of one row a value: the key, then SOURCE_COLUMNS. A column without value has none.

    `rows` names the table's rows, `deliveries` a relation with `delivery` and `agency`.
    """
    keys = ", ".join(quoted(key) for key in table.keys)
    cells = ",\n        ".join(
        f"{{'column': {literal(column.id)}, 'value': {quoted(column.id)}::VARCHAR,"
        f" 'code': _src[{place}]}}"
        for place, column in enumerate(table.columns, start=1)
    )
    return f"""
SELECT {keys}, given.cell."column" AS "column", given.cell.value AS value, told.agency AS agency,
    chosen.dataset AS dataset, chosen.dataset_column AS dataset_column,
    given.source.delivery AS delivery, given.source.row AS row, chosen.rule AS rule
FROM (
    SELECT {keys}, cell,
        list_filter(_contributors, lambda source: source.code = cell.code)[1] AS source
    FROM (SELECT {keys}, _contributors, unnest([
        {cells}
    ]) AS cell FROM {rows})
    WHERE cell.code <> '-'
) AS given
JOIN (VALUES {choices(catalog, table)}) AS chosen("column", code, dataset, dataset_column, rule)
    ON chosen."column" = given.cell."column" AND chosen.code = given.cell.code
LEFT JOIN {deliveries} AS told ON told.delivery = given.source.delivery
"""


def choices(catalog: Catalog, table: BaseTable) -> str:
    """SQL rows: column, code, dataset, its column, and why this source is taken."""
    return ", ".join(
        f"({literal(column.id)}, {literal(table.code(source.contributor))},"
        f" {literal(table.contributor(source.contributor).dataset)}, {literal(source.column)},"
        f" {literal(_why(source, place, catalog.is_standard(table, source)))})"
        for column in table.columns
        for place, source in enumerate(catalog.sources_of(table, column), start=1)
    )


def _why(source: BaseSource, place: int, standard: bool) -> str:
    if source.of_key:
        return "来源均无值：由主键得出"
    if standard:
        return "标准源" if place == 1 else f"标准源（第{place}顺位，前者无值）"
    return f"标准源无值：按次序取第{place}顺位来源" if place > 1 else "没有标准源：按次序取首位来源"


def divergences(catalog: Catalog, table: BaseTable, rows: str) -> str:
    """SELECT of one row for each value that differs from the standard source's.

    Columns: the table's keys, `column`, `code`, `delivery`, `row`, `value` (text) of who differs,
    `standard_code`, `standard_delivery`, `standard_row`, `standard_value` (text). Names the
    engine's `history` views.
    """
    keys = ", ".join(quoted(key) for key in table.keys)
    standards = " ".join(
        f"WHEN {literal(column.id)} THEN"
        f" {{'code': _src[{place}], 'value': {quoted(column.id)}::VARCHAR}}"
        for place, column in enumerate(table.columns, start=1)
    )
    told = " UNION ALL ".join(_told(catalog, table, each) for each in table.contributors)
    return f"""
WITH cells AS (
    SELECT {keys}, _contributors, split_part(cell, ':', 1) AS "column",
        split_part(cell, ':', 2) AS code,
        {{'delivery': split_part(cell, ':', 3), 'row': split_part(cell, ':', 4)::BIGINT}} AS source,
        CASE split_part(cell, ':', 1) {standards} END AS standard
    FROM (
        SELECT *, unnest(string_split(_differing, ',')) AS cell
        FROM {rows}
        WHERE _differing IS NOT NULL
    )
),
differing AS (
    SELECT {keys}, "column", code, standard, source,
        list_filter(_contributors, lambda one: one.code = standard.code)[1] AS standing
    FROM cells
),
told AS ({told})
SELECT {", ".join(f"differing.{quoted(key)}" for key in table.keys)}, differing."column",
    differing.code, source.delivery, source.row, told.value, standard.code AS standard_code,
    standing.delivery AS standard_delivery, standing.row AS standard_row,
    standard.value AS standard_value
FROM differing
JOIN told ON told.code = differing.code AND told."column" = differing."column"
    AND told._delivery = source.delivery AND told._row = source.row
"""


def _told(catalog: Catalog, table: BaseTable, contributor: Contributor) -> str:
    """SELECT of what a contributor's differing rows tell: code, delivery, row, column, value."""
    code = literal(table.code(contributor.id))
    cells = ", ".join(
        f"{{'column': {literal(column.id)}, 'value': ({source.expression})::VARCHAR}}"
        for column in table.columns
        for source in column.sources
        if source.contributor == contributor.id and not source.of_key
    )
    history = f"history.{contributor.dataset.replace('/', '.')}"
    rows = f"(SELECT source.delivery, source.row FROM differing WHERE code = {code})"
    return (
        f"SELECT {code} AS code, _delivery, _row,"
        f" unnest([{cells or '{column: NULL, value: NULL}'}], recursive := true)"
        f" FROM {heard(catalog, contributor, history)}"
        f" WHERE (_delivery, _row) IN {rows}"
    )


def superseded(table: BaseTable, history: str) -> str:
    """SELECT of rows that stood once: the table's columns, `_build` that wrote them and `_until`,
    the build that ended them."""
    keys = ", ".join(quoted(key) for key in table.keys)
    return (
        f"SELECT * EXCLUDE (_op) FROM (SELECT *,"
        f" lead(_build) OVER (PARTITION BY {keys} ORDER BY _build) AS _until"
        f" FROM {history}) WHERE _op = 'upsert' AND _until IS NOT NULL"
    )
