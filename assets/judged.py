"""The assets made of all datasets together before anybody is told of them.

Belongs here: links, rules between datasets, scores and what sources are worth, as Dagster sees
them. Does not belong here: how they are made (`assets.links`, `assets.between`, `assets.scores`,
`assets.source_quality`). Without postponed annotations: Dagster reads those of its functions.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets import freshness
from assets.between import judge_between
from assets.checks import between_rules_asked
from assets.lakehouse import Lakehouse
from assets.links import link, linked
from assets.resource import LakehouseResource
from assets.scores import agency_scores, score
from assets.soundness import checked_tables, require_sound
from assets.source_quality import measure_sources
from catalog.load import Catalog
from quality.between.evaluate import State
from quality.linking.steps import datasets_read

LINKS = dg.AssetKey(freshness.LINKS.split("/"))
BETWEEN = dg.AssetKey(freshness.BETWEEN.split("/"))
SCORES = dg.AssetKey(freshness.SCORES.split("/"))
SOURCES = dg.AssetKey(freshness.SOURCES.split("/"))


def table_metadata(lakehouse: Lakehouse, name: str) -> dict[str, int | str]:
    """Rows, Delta version and place of a lake table."""
    rows = lakehouse.lake.rows(name)
    return {
        "dagster/row_count": rows,
        "delta_version": lakehouse.lake.version(name) or 0,
        "table": f"lake/{name}",
    }


def standard_tables(catalog: Catalog) -> list[str]:
    """Names in the lake of the tables that all of this is made of."""
    return [f"standard/{ref}" for ref in catalog.datasets]


def links_asset() -> dg.AssetsDefinition:
    """Which subjects the records without an identifier tell of, before base tables use it."""

    @dg.asset(
        key=LINKS, group_name="quality", kinds={"deltalake", "duckdb", "splink"},
        deps=[dg.AssetKey(["standard", *ref.split("/")]) for ref in sorted(datasets_read())],
        owners=["team:big_data_bureau"],
        description="没有合格代码的记录与登记主体的对应：依组织机构代码、名称、地址，附方法、得分和其他可能",
    )  # fmt: skip
    def links(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> dg.MaterializeResult[None]:
        with lakehouse.session(context) as house, house.engine() as engine:
            require_sound(house, [f"standard/{ref}" for ref in datasets_read()])
            changed = link(house, engine)
            freshness.made(house, freshness.LINKS)
            lines = [
                f"| {each.dataset} | {each.records:,} | {each.linked:,} |" for each in linked(house)
            ]
            told = "\n".join(["| 数据集 | 无合格代码 | 已对应 |", "| --- | ---: | ---: |", *lines])
            return dg.MaterializeResult(
                metadata={
                    **table_metadata(house, freshness.LINKS),
                    "changed": changed,
                    "datasets": dg.MetadataValue.md(told),
                }
            )

    return links


def between_asset(standard: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The rules between datasets: what they find goes into the ledger before reports are made."""
    asked = dg.AssetCheckSpec(
        "rules_asked", asset=BETWEEN, description="跨数据集规则全部可以比对，结果可信",
    )  # fmt: skip

    @dg.asset(
        key=BETWEEN, deps=[*standard, LINKS], group_name="quality",
        kinds={"deltalake", "duckdb", "sql"}, owners=["team:big_data_bureau"], check_specs=[asked],
        description="跨数据集规则：与其他单位、其他行比对才能看出的问题，记入问题台账",
    )  # fmt: skip
    def between(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            require_sound(house, standard_tables(house.catalog))
            judged = judge_between(house, engine)
            if not any(outcome.state is State.FAILED for outcome in judged.outcomes):
                freshness.made(house, freshness.BETWEEN)
            yield dg.MaterializeResult(
                metadata={"asked": len(judged.outcomes), **judged.events},
                check_results=[between_rules_asked(engine, BETWEEN)],
            )

    return between


def scores_asset(standard: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """A and B of each dimension, counted anew for what changed, before reports tell them."""

    @dg.asset(
        key=SCORES, deps=[*standard, BETWEEN], group_name="quality", kinds={"deltalake", "duckdb"},
        owners=["team:big_data_bureau"],
        description="质量得分：交付、数据集、单位的六个维度（GB/T 36344），附分子和分母",
    )  # fmt: skip
    def scores(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> dg.MaterializeResult[None]:
        with lakehouse.session(context) as house, house.engine() as engine:
            require_sound(house, standard_tables(house.catalog))
            counted = score(house, engine)
            freshness.made(house, freshness.SCORES)
            return dg.MaterializeResult(
                metadata={
                    **table_metadata(house, freshness.SCORES),
                    **{f"counted_{level}": subjects for level, subjects in counted.items()},
                    "agencies": dg.MetadataValue.md(agency_scores(house.catalog, engine)),
                }
            )

    return scores


def source_quality_asset(read: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """What each column is worth as a source, counted anew for what changed; `read`: the standard
    and base tables."""

    @dg.asset(
        key=SOURCES, deps=[*read, BETWEEN], group_name="quality", kinds={"deltalake", "duckdb"},
        owners=["team:big_data_bureau"],
        description="标准源目录：各列的填写、正确、一致情况，及标准源是否认可（第十八条）",
    )  # fmt: skip
    def source_quality(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> dg.MaterializeResult[None]:
        with lakehouse.session(context) as house, house.engine() as engine:
            require_sound(house, checked_tables(house.catalog))
            lines = measure_sources(house, engine)
            freshness.made(house, freshness.SOURCES)
            return dg.MaterializeResult(
                metadata={**table_metadata(house, freshness.SOURCES), "new_lines": lines}
            )

    return source_quality
