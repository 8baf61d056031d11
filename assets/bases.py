"""The base tables as Dagster sees them: one asset for each, with its suite as checks.

Belongs here: keys, descriptions, metadata and checks of any `BaseTable`. Does not belong here: how
rows are made (`assets.base`). Without postponed annotations: Dagster reads those of its functions.
"""

from collections.abc import Iterator

import dagster as dg

from assets import freshness
from assets.base.build import build
from assets.base.tables import BaseTable
from assets.judged import table_metadata
from assets.resource import LakehouseResource
from assets.soundness import judged, require_sound
from assets.suites import base_check_specs, base_checks, sound
from catalog.load import Catalog
from warehouse.engine import duckdb_type


def base_asset(catalog: Catalog, table: BaseTable) -> dg.AssetsDefinition:
    """Makes the table of the standard tables that its columns name, and judges it as it lies."""
    key = dg.AssetKey(table.lake_name.split("/"))
    standard = [f"standard/{ref}" for ref in table.datasets]
    asked = base_check_specs(key)
    schema = table.schema(catalog)
    columns = dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                duckdb_type(schema[column.name]),
                description=f"{column.title}：{column.meaning}",
            )
            for column in table.columns
        ]
    )

    @dg.asset(
        key=key, deps=[dg.AssetKey(name.split("/")) for name in standard],
        group_name="base", kinds={"deltalake", "duckdb", "sql"}, owners=["team:big_data_bureau"],
        description=table.comment, metadata={"dagster/column_schema": columns},
        check_specs=asked,
    )  # fmt: skip
    def base(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            require_sound(house, standard)
            build(house, engine, table)
            checks = list(base_checks(house, table, key))
            passed = sound(asked, checks)
            judged(house, table.lake_name, passed)
            if passed:
                freshness.made(house, table.lake_name)
            yield dg.MaterializeResult(
                metadata=table_metadata(house, table.lake_name), check_results=checks
            )

    return base
