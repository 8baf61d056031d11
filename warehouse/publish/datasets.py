"""The published tables of reviewed datasets: their current rows as analysts see them.

Belongs here: one table for each reviewed dataset, and which rows may stand in it. Does
not belong here: entities and themes, which join datasets (`assets.base`), and how a masked value
looks (`warehouse.publish.masking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from warehouse.publish.model import (
    PublishedColumn,
    PublishedTable,
    quoted,
    while_published,
)
from warehouse.publish.shown import ShownColumn, select_shown

_TECHNICAL = (
    PublishedColumn("_disputed", "存疑列：本行有未了结问题的列名；没有则为空"),
    PublishedColumn("_deliverer", "报送机构（机构代码，见 catalog.agencies）"),
    PublishedColumn("_delivery", "来自哪一次交付（见 quality.deliveries）"),
    PublishedColumn("_row", "在该次交付的文件中是第几条记录，由 1 起"),
)


def dataset_tables(catalog: Catalog, open_defects: str, today: date) -> tuple[PublishedTable, ...]:
    """One table for each reviewed dataset, in the catalogue's order.

    `open_defects` is a query with `dataset`, `agency`, `key`, `column`, one row a defect: rows name
    the columns concerned. An entry not reviewed is not published (article 10).
    """
    return tuple(
        _dataset_table(catalog, dataset, open_defects, today)
        for dataset in catalog.datasets.values()
        if dataset.reviewed
    )


def _dataset_table(
    catalog: Catalog, dataset: Dataset, open_defects: str, today: date
) -> PublishedTable:
    shown = select_shown(catalog, "current", [
        ShownColumn(
            column.id,
            column.name,
            column.description or catalog.elements[column.element].definition,
            (f"{dataset.ref}.{column.id}",),
        )
        for column in dataset.columns
    ])  # fmt: skip
    condition = dataset.publication.published_while
    rows = while_published(f'standard."{dataset.agency}"."{dataset.id}"', condition)
    # Not sorted: sorting a million rows costs a quarter of their publication, and the few bytes of
    # a key that zone maps keep tell districts apart, not records.
    query = f"""
        WITH disputed AS (
            SELECT agency, key, list_sort(list_distinct(list("column"))) AS columns
            FROM ({open_defects})
            WHERE dataset = {quoted(dataset.ref)} AND "column" <> ''
            GROUP BY agency, key
        )
        SELECT {", ".join(shown.expressions)},
            disputed.columns AS _disputed,
            current._agency AS _deliverer,
            current._delivery,
            current._row
        FROM {rows} AS current
        LEFT JOIN disputed ON disputed.agency = current._agency AND disputed.key = current._key
        {" ".join(shown.joins)}
    """
    return PublishedTable(
        dataset.publication.database,
        dataset.publication.table,
        table_comment(catalog, dataset),
        (*shown.columns, *_TECHNICAL),
        query,
        shown.parameters | ({"today": today} if condition else {}),
    )


def leaving(catalog: Catalog) -> list[str]:
    """Refs of the datasets whose rows leave publication some day, reviewed or not."""
    return [ref for ref, each in catalog.datasets.items() if each.publication.published_while]


def published_keys(catalog: Catalog) -> str:
    """SELECT of `dataset` and `key`, one row for each current row of the datasets `leaving` that
    may stand in a publication made `$today`."""
    # Names the day even where no dataset is: DuckDB refuses a parameter that no query names.
    parts = ["SELECT NULL::VARCHAR AS dataset, NULL::VARCHAR AS key WHERE $today::DATE IS NULL"]
    for ref in leaving(catalog):
        dataset = catalog.datasets[ref]
        rows = while_published(
            f'standard."{dataset.agency}"."{dataset.id}"', dataset.publication.published_while
        )
        parts.append(f"SELECT {quoted(ref)}, _key FROM {rows}")
    return " UNION ALL ".join(parts)


def table_comment(catalog: Catalog, dataset: Dataset) -> str:
    """Name and description of a dataset, its owner, what a row is."""
    owner = catalog.agencies[dataset.agency].name
    key = "、".join(_key_names(dataset))
    described = dataset.description.rstrip("。")
    return (
        f"{dataset.name}：{described}。来源：{owner}（{dataset.ref}）。"
        f"一行一个“{key}”，只含现行数据。"
    )


def _key_names(dataset: Dataset) -> Iterator[str]:
    for part in dataset.key:
        if isinstance(part, str):
            yield dataset.column(part).name
        else:
            yield "或".join(dataset.column(column).name for column in part.first_of)
