"""Base tables in the analysts' file: their rows as readers may see them, provenance, and history.

Belongs here: the published form of any base table. Does not belong here: what its rows are
(`assets.base`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assets.base.differing import DIVERGENCES, DIVERGENCES_TABLE, protections_of
from assets.base.unfold import SOURCE_COLUMNS, superseded, values
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable, Validity
from warehouse.engine import quoted as identifier
from warehouse.publish import PublishedColumn, PublishedMacro, PublishedTable, PublishedView
from warehouse.publish.model import quoted, while_published
from warehouse.publish.shown import Selection, ShownColumn, select_shown

_PROVENANCE = (
    PublishedColumn("_registered", "是否由登记机关登记；只在其他部门数据中出现的为否"),
    PublishedColumn("_src", "出处（压缩）：每列一个字符，对应 _contributors 的 code，- 为无值"),
    PublishedColumn("_contributors", "来源：代号、交付、行号（展开见同名的 _source 视图）"),
    PublishedColumn("_build", "由哪一次生成写入（见 quality.base_builds）"),
)
_DISPUTED = PublishedColumn("_disputed", "存疑列：其来源值有未了结问题的列名；没有则为空")
_UNTIL = PublishedColumn("_until", "自哪一次生成起不再成立（见 quality.base_builds）")


def shown_columns(table: BaseTable) -> list[ShownColumn]:
    """Keys and values as publication takes them. What a key says by itself is shown as the value
    is, not as the key."""
    keys = [
        ShownColumn(
            key.id, key.name, key.meaning, key.holds, "value" if len(key.holds) == 1 else "key"
        )
        for key in table.key
    ]
    return keys + [
        ShownColumn(
            column.id,
            column.name,
            column.meaning,
            tuple(table.place_of(each) for each in column.sources if not each.of_key),
            "part" if column.type else "value",
        )
        for column in table.columns
    ]


def _shown(catalog: Catalog, table: BaseTable) -> Selection:
    return select_shown(catalog, "entity", shown_columns(table), table.geometry)


def base_table(
    catalog: Catalog, table: BaseTable, open_defects: str, today: date
) -> PublishedTable:
    """The published form of a base table: what stands now.

    `_disputed` names the columns whose contributor has an open defect in the source column; a
    column without value, where any contributor has one, which may be why nothing could be read.
    `open_defects` is a query with `dataset`, `agency`, `key`, `column`.
    """
    shown = _shown(catalog, table)
    keys = ", ".join(f'"{key}"' for key in table.keys)
    query = f"""
        WITH {_disputed(table, keys, open_defects)}
        SELECT {", ".join(shown.expressions)}, disputed.columns AS _disputed,
            _registered, _src, _contributors, _build
        FROM {_rows(table)} AS entity
        LEFT JOIN disputed USING ({keys})
        {" ".join(shown.joins)}
    """
    return PublishedTable(
        table.database,
        table.id,
        f"{table.name}：{table.description.rstrip('。')}。"
        f"一行一个“{'、'.join(key.name for key in table.key)}”，只含现状。",
        (*shown.columns, _DISPUTED, *_PROVENANCE),
        query,
        _parameters(shown, table, today),
    )


def history_table(catalog: Catalog, table: BaseTable, today: date) -> PublishedTable:
    """Rows that stood once and were replaced or ended."""
    shown = _shown(catalog, table)
    query = f"""
        SELECT {", ".join(shown.expressions)}, _registered, _src, _contributors, _build, _until
        FROM {_past_rows(table)} AS entity
        {" ".join(shown.joins)}
    """
    return PublishedTable(
        table.database,
        f"{table.id}_history",
        f"{table.name}的历史：已被取代或终止的各行，自 _build 起至 _until 止成立。",
        (*shown.columns, *_PROVENANCE, _UNTIL),
        query,
        _parameters(shown, table, today),
    )


def _rows(table: BaseTable) -> str:
    return while_published(f'base.{table.database}."{table.id}"', table.published_while)


def _past_rows(table: BaseTable) -> str:
    """A relation of the rows that stood once. What an earlier version knew decides nothing alone:
    where the last one says that disclosure has ended, none that told the same is shown either."""
    history = f'base.{table.database}."{table.id}_history"'
    past = f"({superseded(table, history)})"
    if not table.published_while:
        return past
    keys = ", ".join(f'"{key}"' for key in table.keys)
    newest = (
        f"(SELECT * FROM {history} WHERE _op = 'upsert'"
        f" QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _build DESC) = 1)"
    )
    return (
        f"(SELECT * FROM {while_published(past, table.published_while)}"
        f" SEMI JOIN {while_published(newest, table.published_while)} USING ({keys}))"
    )


def _parameters(shown: Selection, table: BaseTable, today: date) -> Mapping[str, Any]:
    return shown.parameters | ({"today": today} if table.published_while else {})


def _disputed(table: BaseTable, keys: str, open_defects: str) -> str:
    """CTEs that end in `disputed` (the table's keys, columns).

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
        f"({quoted(table.contributor(source.contributor).dataset)}, {quoted(source.column)},"
        f" {quoted(column.id)}, {place})"
        for place, column in enumerate(table.columns, start=1)
        for source in column.sources
    )
    return f"""
        disputed_rows AS ({rows}),
        places(dataset, dataset_column, "column", place) AS (VALUES {places}),
        contributions AS (
            SELECT {keys}, _src, unnest(_contributors) AS contributor
            FROM base.{table.database}."{table.id}"
        ),
        disputed AS (
            SELECT {keys}, list_sort(list_distinct(list(places."column"))) AS columns
            FROM contributions
            JOIN disputed_rows
                ON disputed_rows.delivery = contributor.delivery
                AND disputed_rows.row = contributor.row
            JOIN places
                ON places.dataset = disputed_rows.dataset
                AND places.dataset_column = disputed_rows."column"
            WHERE _src[places.place] IN (contributor.code, '-')
            GROUP BY ALL
        )
    """


def source_view(catalog: Catalog, table: BaseTable) -> PublishedView:
    """The view that unfolds a base table's provenance to one row a value."""
    named = {key.id: key.name for key in table.key} | SOURCE_COLUMNS
    return PublishedView(
        table.database,
        f"{table.id}_source",
        f"{table.database}.{table.id} 各值的出处：哪个机构、哪个数据集、哪次交付、第几行。"
        "一行一个值。",
        tuple(PublishedColumn(name, told) for name, told in named.items()),
        values(catalog, table, f'{table.database}."{table.id}"', "quality.deliveries"),
    )


_BEIJING_TIME = (
    "CASE typeof(moment) WHEN 'TIMESTAMP WITH TIME ZONE'"
    " THEN make_timestamp(epoch_us(moment::TIMESTAMPTZ) + 8 * 3600000000)"
    " ELSE moment::TIMESTAMP END"
)
"""SQL of `moment` as the stored times are: an instant such as now() in whatever zone the reader is,
all else as written."""


def macros_of(catalog: Catalog, table: BaseTable) -> list[PublishedMacro]:
    """`<table>_as_of(moment)`: what was known then. `<table>_on(day)`: what held that day, unless
    the dates that would tell it are hidden."""
    rows = f'{table.database}."{table.id}"'
    shown = ", ".join(
        f'"{column.name}"' for column in (*_shown(catalog, table).columns, *_PROVENANCE)
    )
    then = (
        f"(SELECT coalesce(max(no), 0) FROM quality.base_builds WHERE base_table ="
        f' {quoted(table.ref)} AND "at" <= {_BEIJING_TIME})'
    )
    told = [
        PublishedMacro(
            table.database,
            f"{table.id}_as_of",
            f"{table.name}在某一时刻为我们所知的样子（系统时间，按北京时间），例如"
            f" FROM {table.ref}_as_of('2026-10-01 12:00:00')",
            ("moment",),
            f"SELECT {shown} FROM {rows} WHERE _build <= {then} UNION ALL"
            f' SELECT {shown} FROM {table.database}."{table.id}_history"'
            f" WHERE _build <= {then} AND _until > {then}",
        )
    ]
    if table.valid is not None and _tells_when(catalog, table, table.valid):
        told.append(_on_a_day(catalog, table, table.valid, rows))
    return told


def _tells_when(catalog: Catalog, table: BaseTable, valid: Validity) -> bool:
    """Whether readers see of each of these dates at least the month."""
    protections = protections_of(catalog, table)
    named = (valid.since, valid.until, valid.last_day)
    return all(protections[name].way in ("none", "birth_month") for name in named if name)


def _on_a_day(catalog: Catalog, table: BaseTable, valid: Validity, rows: str) -> PublishedMacro:
    """Where readers see the month alone, the month decides."""
    protections = protections_of(catalog, table)

    def day_of(name: str) -> str:
        masked = protections[name].is_masked
        return "strftime(day::DATE, '%Y-%m')" if masked else "day::DATE"

    conditions = [f'("{valid.since}" IS NULL OR "{valid.since}" <= {day_of(valid.since)})']
    for end, held in ((valid.until, ">"), (valid.last_day, ">=")):
        if end is not None:
            conditions.append(f'("{end}" IS NULL OR "{end}" {held} {day_of(end)})')
    named = (valid.since, valid.until, valid.last_day)
    by_month = any(protections[name].is_masked for name in named if name)
    return PublishedMacro(
        table.database,
        f"{table.id}_on",
        f"{table.name}在某一天实际成立的各行（有效时间）"
        f"{'，日期已脱敏，按月判断' if by_month else ''}"
        f"{'，' + valid.note if valid.note else ''}，例如 FROM {table.ref}_on('2026-10-01')",
        ("day",),
        f"SELECT * FROM {rows} WHERE {' AND '.join(conditions)}",
    )


def divergences_table() -> PublishedTable:
    """`quality.divergences`: each value that differs from its standard source's, by agency."""
    return PublishedTable(
        "quality",
        "divergences",
        "分歧：与标准源的值不一致的各值。一行一个机构的一个值；不作表决，请所列机构核对。",
        tuple(PublishedColumn(name, told) for name, told in DIVERGENCES.items()),
        f"SELECT {', '.join(map(identifier, DIVERGENCES))} FROM {DIVERGENCES_TABLE}",
    )


def builds_table() -> PublishedTable:
    """`quality.base_builds`: when base tables changed, so that a moment names what was known."""
    columns = {
        "no": "生成的编号，即各表的 _build",
        "base_table": "基础库表（库.表）",
        "at": "生成时间（北京时间）",
        "catalog_version": "所依据的目录版本",
        "upserted": "新写入的行数",
        "deleted": "终止的行数",
    }
    return PublishedTable(
        "quality",
        "base_builds",
        "基础库各表的生成记录：一行一张表的一次生成。",
        tuple(PublishedColumn(name, told) for name, told in columns.items()),
        f"SELECT {', '.join(map(identifier, columns))} FROM quality.main.base_builds ORDER BY no",
    )
