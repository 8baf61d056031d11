"""The assets as Dagster sees them: raw and standard of every dataset, base, reports, warehouse.

Belongs here: keys, descriptions, metadata and checks. Does not belong here: how anything is made
(the modules beside this one) and when (`pipelines`). No personal value ever enters metadata.
Without postponed annotations: Dagster reads those of its functions.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import dagster as dg

from assets import freshness
from assets.bases import base_assets, derived_assets
from assets.checks import (
    conservation,
    open_defects,
    registry,
    second_opinion,
)
from assets.derived_tables import derived_tables
from assets.intake.queue import take_in
from assets.intake.undo import rejudge_changed
from assets.judged import (
    BETWEEN,
    LINKS,
    SCORES,
    SOURCES,
    between_asset,
    links_asset,
    scores_asset,
    source_quality_asset,
    table_metadata,
)
from assets.profiles import latest_profile
from assets.published import prepare, publish_warehouse
from assets.reports import report
from assets.resource import LakehouseResource
from assets.soundness import checked_tables, judged, require_sound
from assets.suites import sound, standard_check, standard_check_spec
from catalog.load import Catalog
from catalog.models.datasets import Dataset
from warehouse.publish import Publication

REPORTS = dg.AssetKey(freshness.REPORTS.split("/"))
WAREHOUSE = dg.AssetKey(freshness.WAREHOUSE.split("/"))
JUDGED = (LINKS, BETWEEN, SCORES)
"""What is made of all datasets before agencies are told of them."""


def key(layer: str, dataset: Dataset) -> dg.AssetKey:
    """The asset key of a dataset in a layer."""
    return dg.AssetKey([layer, dataset.agency, dataset.id])


Metadata = dict[str, int | str | dg.MetadataValue]


def _attributes(catalog: Catalog, dataset: Dataset) -> dict[str, int | str]:
    """What the catalogue says of a dataset, in words."""
    return {
        "deliverers": "、".join(catalog.agencies[agency].name for agency in dataset.deliverers),
        "mode": dataset.mode,
        "update_cycle": dataset.update_cycle.value if dataset.update_cycle else "",
        "security_grade": dataset.security_grade or "",
        "published_as": f"{dataset.publication.database}.{dataset.publication.table}",
    }


def _specs(catalog: Catalog, dataset: Dataset) -> list[dg.AssetSpec]:
    columns = dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.id,
                str(element.type),
                description=f"{column.name}：{column.description or element.definition}",
            )
            for column in dataset.columns
            for element in (catalog.element_of(dataset.ref, column.id),)
        ]
    )
    as_text = dg.TableSchema(
        columns=[dg.TableColumn(c.id, "text", description=c.name) for c in dataset.columns]
    )
    owners = [f"team:{dataset.agency}"]
    return [
        dg.AssetSpec(
            key("raw", dataset),
            description=f"{dataset.name}：按交付原样保存的每一行，全部为文本。",
            # The graph shows the last part of a key alone, the same for both layers.
            kinds={"deltalake", "polars", "raw"},
            metadata={"dagster/column_schema": as_text, **_attributes(catalog, dataset)},
            group_name=dataset.agency,
            owners=owners,
        ),
        dg.AssetSpec(
            key("standard", dataset),
            deps=[key("raw", dataset)],
            description=f"{dataset.name}：{dataset.description}（标准层：类型化、规范化、带规则标记）",
            kinds={"deltalake", "polars", "standard"},
            metadata={"dagster/column_schema": columns, **_attributes(catalog, dataset)},
            group_name=dataset.agency,
            owners=owners,
        ),
    ]


def _checks(dataset: Dataset) -> list[dg.AssetCheckSpec]:
    standard = key("standard", dataset)
    return [
        dg.AssetCheckSpec(
            "conservation", asset=standard, blocking=True,
            description="交付行数 = 接收 + 无法读取；接收 = 新增变更 + 未变 + 重复 + 隔离 + 删除",
        ),
        dg.AssetCheckSpec(
            "second_opinion", asset=standard, blocking=True,
            description="Great Expectations 独立计数与规则标记一致",
        ),
        dg.AssetCheckSpec(
            "open_defects", asset=standard, description="没有未更正的错误",
        ),
        standard_check_spec(standard),
    ]  # fmt: skip


def dataset_assets(catalog: Catalog, dataset: Dataset) -> dg.AssetsDefinition:
    """Raw and standard of one dataset: takes in what lies in its deliverers' folders."""
    checks = _checks(dataset)

    @dg.multi_asset(
        name=f"{dataset.agency}__{dataset.id}",
        specs=_specs(catalog, dataset),
        check_specs=checks,
    )
    def take(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            rejudge_changed(house, engine, [dataset.ref])
            taken = take_in(house, engine, [dataset.ref])
            for delivery in taken.decided:
                context.log.info("%s %s", delivery.delivery, delivery.state)
            if not house.lake.exists(f"standard/{dataset.ref}"):
                for layer in ("raw", "standard"):
                    house.lake.ensure(
                        f"{layer}/{dataset.ref}", house.schemas[f"{layer}/{dataset.ref}"]
                    )
            engine.refresh(house.schemas)
            results = [
                conservation(house, dataset.ref),
                second_opinion(engine, dataset.ref),
                open_defects(house, engine, dataset.ref),
                standard_check(house, dataset.ref),
            ]
            judged(house, f"standard/{dataset.ref}", sound(checks, results))
            yield dg.MaterializeResult(
                asset_key=key("raw", dataset), metadata=table_metadata(house, f"raw/{dataset.ref}")
            )
            yield dg.MaterializeResult(
                asset_key=key("standard", dataset),
                metadata={
                    **table_metadata(house, f"standard/{dataset.ref}"),
                    **latest_profile(engine, catalog, dataset.ref),
                },
                check_results=results,
            )

    return take


def product_assets(catalog: Catalog) -> list[dg.AssetsDefinition]:
    """What is made of the standard tables: the base databases, the reports, the warehouse."""
    standard = [key("standard", dataset) for dataset in catalog.datasets.values()]
    made = [table.lake_name for table in catalog.base.values()]
    made += [table.lake_name for table in derived_tables()]
    base = [dg.AssetKey(name.split("/")) for name in made]
    return [
        links_asset(),
        *base_assets(catalog),
        *derived_assets(standard),
        between_asset(standard),
        scores_asset(standard),
        source_quality_asset([*standard, *base]),
        _readers_products([*standard, *base]),
    ]


def _readers_products(read: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Reports and the analysts' file. Both only read the lake, so they are made side by side."""
    registry_check = dg.AssetCheckSpec(
        "registry", asset=WAREHOUSE,
        description="目录合乎《淄博市公共数据管理办法》，登记的数据集均已汇聚",
    )  # fmt: skip
    owners = ["team:big_data_bureau"]

    @dg.multi_asset(
        name="reports_and_warehouse",
        can_subset=True,
        specs=[
            dg.AssetSpec(
                REPORTS, deps=[*read, *JUDGED], group_name="quality", owners=owners,
                kinds={"excel", "json"},
                description="各单位的数据质量报告，写入 outbox/<单位>/<日期>/",
            ),
            dg.AssetSpec(
                WAREHOUSE, deps=[*read, *JUDGED, SOURCES], group_name="published", owners=owners,
                kinds={"duckdb"},
                description="供分析人员使用的 DuckDB 文件，按安全级别脱敏",
            ),
        ],
        check_specs=[registry_check],
    )  # fmt: skip
    def products(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = context.selected_asset_keys
        # Publication computes on all cores in DuckDB; the other two are Python's, on one.
        with (
            lakehouse.session(context) as house,
            house.engine() as engine,
            ThreadPoolExecutor(3) as pool,
        ):
            require_sound(house, checked_tables(house.catalog))
            prepare(house, engine)
            published = (
                pool.submit(publish_warehouse, house, engine) if WAREHOUSE in wanted else None
            )
            written = pool.submit(report, house, engine) if REPORTS in wanted else None
            asked = registry_check.key in context.selected_asset_check_keys
            checked = pool.submit(registry, house, WAREHOUSE) if asked else None
            if written is not None and written.exception() is None:
                freshness.made(house, freshness.REPORTS)
                yield dg.MaterializeResult(
                    asset_key=REPORTS, metadata={"agencies": len(written.result())}
                )
            if published is not None:
                publication = published.result()
                freshness.made(house, freshness.WAREHOUSE)
                yield dg.MaterializeResult(
                    asset_key=WAREHOUSE,
                    metadata=_publication_metadata(publication),
                    check_results=[checked.result()] if checked is not None else [],
                )
            if written is not None:
                written.result()

    return products


def _publication_metadata(publication: Publication) -> dict[str, dg.MetadataValue | int]:
    tables = [f"| {name} | {rows:,} |" for name, rows in publication.tables.items()]
    return {
        "version": publication.version,
        "tables": dg.MetadataValue.md("\n".join(["| 表 | 行数 |", "| --- | ---: |", *tables])),
        "dagster/row_count": sum(publication.tables.values()),
    }
