"""The assets as Dagster sees them: raw and standard of every dataset, base, reports, warehouse.

Belongs here: keys, descriptions, metadata and checks. Does not belong here: how anything is made
(the modules beside this one) and when (`pipelines`). No personal value ever enters metadata.
Without postponed annotations: Dagster reads those of its functions.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets import freshness
from assets.base.build import build_entity
from assets.checks import conservation, open_defects, registry, second_opinion
from assets.intake.queue import take_in
from assets.intake.undo import rejudge_changed
from assets.lakehouse import Lakehouse
from assets.published import publish_warehouse
from assets.reports import report
from assets.resource import LakehouseResource
from catalog.load import Catalog
from catalog.models import Dataset

ENTITY = dg.AssetKey(freshness.ENTITY.split("/"))
REPORTS = dg.AssetKey(freshness.REPORTS.split("/"))
WAREHOUSE = dg.AssetKey(freshness.WAREHOUSE.split("/"))


def key(layer: str, dataset: Dataset) -> dg.AssetKey:
    """The asset key of a dataset in a layer."""
    return dg.AssetKey([layer, dataset.agency, dataset.id])


def table_metadata(lakehouse: Lakehouse, name: str) -> dict[str, int | str]:
    """Rows, Delta version and place of a lake table."""
    rows = lakehouse.lake.rows(name)
    return {
        "dagster/row_count": rows,
        "delta_version": lakehouse.lake.version(name) or 0,
        "table": f"lake/{name}",
    }


def _specs(catalog: Catalog, dataset: Dataset) -> list[dg.AssetSpec]:
    columns = dg.TableSchema(
        columns=[
            dg.TableColumn(column.id, str(catalog.element_of(dataset.ref, column.id).type),
                           description=column.name)
            for column in dataset.columns
        ]
    )  # fmt: skip
    as_text = dg.TableSchema(
        columns=[dg.TableColumn(c.id, "text", description=c.name) for c in dataset.columns]
    )
    owners = [f"team:{dataset.agency}"]
    return [
        dg.AssetSpec(
            key("raw", dataset),
            description=f"{dataset.name}：按交付原样保存的每一行，全部为文本。",
            kinds={"deltalake", "polars"},
            metadata={"dagster/column_schema": as_text},
            group_name=dataset.agency,
            owners=owners,
        ),
        dg.AssetSpec(
            key("standard", dataset),
            deps=[key("raw", dataset)],
            description=f"{dataset.name}：{dataset.description}（标准层：类型化、规范化、带规则标记）",
            kinds={"deltalake", "polars", "duckdb"},
            metadata={"dagster/column_schema": columns},
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
    ]  # fmt: skip


def dataset_assets(catalog: Catalog, dataset: Dataset) -> dg.AssetsDefinition:
    """Raw and standard of one dataset: takes in what lies in its deliverers' folders."""

    @dg.multi_asset(
        name=f"{dataset.agency}__{dataset.id}",
        specs=_specs(catalog, dataset),
        check_specs=_checks(dataset),
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
            yield dg.MaterializeResult(
                asset_key=key("raw", dataset), metadata=table_metadata(house, f"raw/{dataset.ref}")
            )
            yield dg.MaterializeResult(
                asset_key=key("standard", dataset),
                metadata=table_metadata(house, f"standard/{dataset.ref}"),
                check_results=[
                    conservation(house, dataset.ref),
                    second_opinion(engine, dataset.ref),
                    open_defects(house, engine, dataset.ref),
                ],
            )

    return take


def product_assets(datasets: Sequence[Dataset]) -> list[dg.AssetsDefinition]:
    """What is made of the standard tables: the base database, the reports, the warehouse."""
    standard = [key("standard", dataset) for dataset in datasets]
    entity_sources = [
        dg.AssetKey(["standard", "market_supervision", "business_entities"]),
        dg.AssetKey(["standard", "development_reform", "dishonest_entities"]),
    ]

    @dg.asset(
        key=ENTITY, deps=entity_sources, group_name="base", kinds={"deltalake", "duckdb", "sql"},
        owners=["team:big_data_bureau"],
        description="法人基础库：每个法人一行，每个值注明来源",
    )  # fmt: skip
    def entity(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> dg.MaterializeResult[None]:
        with lakehouse.session(context) as house, house.engine() as engine:
            build_entity(house, engine)
            freshness.made(house, freshness.ENTITY)
            return dg.MaterializeResult(metadata=table_metadata(house, freshness.ENTITY))

    @dg.asset(
        key=REPORTS, deps=standard, group_name="quality", kinds={"excel", "json"},
        owners=["team:big_data_bureau"],
        description="各单位的数据质量报告，写入 outbox/<单位>/<日期>/",
    )  # fmt: skip
    def reports(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> dg.MaterializeResult[None]:
        with lakehouse.session(context) as house, house.engine() as engine:
            written = report(house, engine)
            freshness.made(house, freshness.REPORTS)
            return dg.MaterializeResult(metadata={"agencies": len(written)})

    @dg.asset(
        key=WAREHOUSE, deps=[*standard, ENTITY, REPORTS], group_name="published", kinds={"duckdb"},
        owners=["team:big_data_bureau"],
        description="供分析人员使用的 DuckDB 文件，按安全级别脱敏",
        check_specs=[
            dg.AssetCheckSpec(
                "registry", asset=WAREHOUSE,
                description="目录合乎《淄博市公共数据管理办法》，登记的数据集均已汇聚",
            )
        ],
    )  # fmt: skip
    def warehouse(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            publication = publish_warehouse(house, engine)
            freshness.made(house, freshness.WAREHOUSE)
            yield dg.MaterializeResult(
                metadata={
                    "version": publication.version,
                    "tables": len(publication.tables),
                    "dagster/row_count": sum(publication.tables.values()),
                },
                check_results=[registry(house, WAREHOUSE)],
            )

    return [entity, reports, warehouse]
