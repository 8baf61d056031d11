"""Base tables in the analysts' file: their rows as readers may see them, and their provenance.

Belongs here: the published form of any base table. Does not belong here: what its rows are
(`assets.base`).
"""

from __future__ import annotations

from assets.base.tables import BaseTable
from catalog.entries import Catalog
from warehouse.publish import PublishedColumn, PublishedTable, PublishedView
from warehouse.publish.model import quoted
from warehouse.publish.shown import select_shown

_TECHNICAL = (
    PublishedColumn("_disputed", "存疑列：其来源值有未了结问题的列名；没有则为空"),
    PublishedColumn("_src", "出处（压缩）：每列一个字符，对应 _contributors 的 code，- 为无值"),
    PublishedColumn("_contributors", "来源：代号、机构、数据集、交付、行号"),
)
_SOURCE_COLUMNS = {
    "entity_id": "主体标识",
    "column": "列名",
    "value": "值（文本形式，脱敏同原表）",
    "agency": "报送机构（见 catalog.agencies）",
    "dataset": "来源数据集（见 catalog.datasets）",
    "delivery": "来源交付（见 quality.deliveries）",
    "row": "在该次交付的文件中是第几条记录",
    "rule": "取此来源的理由",
}


def base_table(catalog: Catalog, table: BaseTable, open_defects: str) -> PublishedTable:
    """The published form of a base table.

    `_disputed` names the columns whose contributor has an open defect in the source column; a
    column without value, where any contributor has one, which may be why nothing could be read.
    `open_defects` is a query with `dataset`, `agency`, `key`, `column`.
    """
    shown = select_shown(catalog, "entity", [column.shown for column in table.columns])
    key = next(column.name for column in table.columns if column.kind == "key")
    query = f"""
        WITH {_disputed(table, key, open_defects)}
        SELECT {", ".join(shown.expressions)}, disputed.columns AS _disputed, _src, _contributors
        FROM base.{table.database}.{table.name} AS entity
        LEFT JOIN disputed ON disputed.entity = entity.{key}
        {" ".join(shown.joins)}
    """
    return PublishedTable(
        table.database,
        table.name,
        f"{table.comment}。",
        (*shown.columns, *_TECHNICAL),
        query,
        shown.parameters,
    )


def _disputed(table: BaseTable, key: str, open_defects: str) -> str:
    """CTEs that end in `disputed` (entity, columns).

    From a defect over the current row of its key to the contributor of that delivery and row, and
    from its column to the places of `_src` that hold it.
    """
    rows = " UNION ALL ".join(
        f"""
            SELECT {quoted(ref)} AS dataset, current._delivery AS delivery, current._row AS row,
                found."column"
            FROM ({open_defects}) AS found
            JOIN standard.{ref.replace("/", ".")} AS current
                ON current._agency = found.agency AND current._key = found.key
            WHERE found.dataset = {quoted(ref)}
        """
        for ref in table.datasets
    )
    places = ", ".join(
        f"({quoted(ref)}, {quoted(source_column)}, {quoted(column.name)}, {place})"
        for place, column in enumerate(table.values, start=1)
        for ref, _, source_column in (source.partition(".") for source in column.sources)
    )
    return f"""
        disputed_rows AS ({rows}),
        places(dataset, source_column, "column", place) AS (VALUES {places}),
        contributions AS (
            SELECT {key} AS entity, _src, unnest(_contributors) AS contributor
            FROM base.{table.database}.{table.name}
        ),
        disputed AS (
            SELECT entity, list_sort(list_distinct(list(places."column"))) AS columns
            FROM contributions
            JOIN disputed_rows
                ON disputed_rows.dataset = contributor.dataset
                AND disputed_rows.delivery = contributor.delivery
                AND disputed_rows.row = contributor.row
            JOIN places
                ON places.dataset = disputed_rows.dataset
                AND places.source_column = disputed_rows."column"
            WHERE _src[places.place] IN (contributor.code, '*', '-')
            GROUP BY entity
        )
    """


def source_view(table: BaseTable) -> PublishedView:
    """The view that unfolds a base table's provenance to one row a value."""
    return PublishedView(
        table.database,
        f"{table.name}_source",
        f"{table.database}.{table.name} 各值的出处：哪个机构、哪个数据集、哪次交付、第几行。"
        "一行一个值的一个出处。",
        tuple(PublishedColumn(name, told) for name, told in _SOURCE_COLUMNS.items()),
        table.source_view,
    )
