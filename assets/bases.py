"""The base tables as Dagster sees them: one step for each database, an asset for each table, its
suite as checks.

Belongs here: keys, descriptions, metadata and checks of any `BaseTable`. Does not belong here: how
rows are made (`assets.base`). Without postponed annotations: Dagster reads those of its functions.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import dagster as dg

from assets import freshness
from assets.base.build import build
from assets.base.deriving import derive
from assets.base_tables import stored_schema
from assets.derived_tables import TYPES, DerivedTable, derived_tables
from assets.judged import table_metadata
from assets.lineage import ROWS, Place, lineage_of
from assets.resource import LakehouseResource
from assets.soundness import checked_tables, judged, require_sound
from assets.suites import base_check_specs, base_checks, sound
from catalog.load import Catalog
from catalog.models.base_tables import BaseColumn, BaseTable, KeyColumn
from quality.linking.table import LINKS_TABLE
from warehouse.engine import duckdb_type


def base_assets(catalog: Catalog) -> list[dg.AssetsDefinition]:
    """One definition for each base database."""
    tables = sorted(catalog.base.values(), key=attrgetter("database"))
    return [
        _database(catalog, database, list(grouped))
        for database, grouped in groupby(tables, key=attrgetter("database"))
    ]


def derived_assets(standard: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """One step for all derived tables: they are small, and each reads several databases.

    `standard`: the assets of all datasets.
    """
    tables = derived_tables()

    @dg.multi_asset(
        name="base_derived",
        can_subset=True,
        specs=[
            dg.AssetSpec(
                dg.AssetKey(table.lake_name.split("/")),
                deps=_deps_of_derived(table, standard),
                group_name=table.database,
                kinds={"deltalake", "duckdb", "sql"},
                owners=["team:big_data_bureau"],
                description=f"{table.name}（推算）：{table.description}",
                metadata={"dagster/column_schema": dg.TableSchema(columns=[
                    dg.TableColumn(column.id, duckdb_type(TYPES[column.type]),
                                   description=f"{column.name}：{column.meaning}")
                    for column in table.columns
                ])},
            )
            for table in tables
        ],
    )  # fmt: skip
    def derived(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            for table in tables:
                key = dg.AssetKey(table.lake_name.split("/"))
                if key not in context.selected_asset_keys:
                    continue
                require_sound(house, set(table.reads).intersection(checked_tables(house.catalog)))
                derive(house, engine, table)
                freshness.made(house, table.lake_name)
                yield dg.MaterializeResult(
                    asset_key=key,
                    metadata={
                        **table_metadata(house, table.lake_name),
                        **column_lineage(house.catalog, table),
                    },
                )

    return [derived]


def _deps_of_derived(table: DerivedTable, standard: Sequence[dg.AssetKey]) -> set[dg.AssetKey]:
    read = {
        dg.AssetKey(name.split("/"))
        for name in table.reads
        if name.startswith(("base/", "standard/"))
    }
    # The delivery log is no asset: it is complete once every dataset's deliveries are taken in.
    return read.union(standard) if freshness.told_by_deliveries(table) else read


def _key(table: BaseTable) -> dg.AssetKey:
    return dg.AssetKey(table.lake_name.split("/"))


def _columns(table: BaseTable) -> list[KeyColumn | BaseColumn]:
    return [*table.key, *table.columns]


def _deps(table: BaseTable) -> list[dg.AssetKey]:
    linked = any(each.linked for each in table.contributors)
    named = [f"standard/{ref}" for ref in table.datasets] + [LINKS_TABLE] * linked
    return [dg.AssetKey(name.split("/")) for name in named]


def _spec(catalog: Catalog, table: BaseTable) -> dg.AssetSpec:
    schema = stored_schema(catalog, table)
    columns = dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.id,
                duckdb_type(schema[column.id]),
                description=f"{column.name}：{column.meaning}",
            )
            for column in _columns(table)
        ]
    )
    return dg.AssetSpec(
        _key(table),
        deps=_deps(table),
        group_name=table.database,
        kinds={"deltalake", "duckdb", "base"},
        owners=["team:big_data_bureau"],
        description=f"{table.name}：{table.description}",
        metadata={"dagster/column_schema": columns},
    )


def column_lineage(
    catalog: Catalog, table: BaseTable | DerivedTable
) -> dict[str, dg.TableColumnLineage]:
    """Metadata: which columns of which assets each column of the table is computed from."""
    lineage = lineage_of(catalog)
    deps = {
        column.id: [
            dg.TableColumnDep(asset_key=asset, column_name=place.column)
            for place in lineage.parents[Place(table.ref, column.id)]
            if place.column != ROWS and (asset := _asset_of(place)) is not None
        ]
        for column in (_columns(table) if isinstance(table, BaseTable) else table.columns)
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)}


def _asset_of(place: Place) -> dg.AssetKey | None:
    """The asset that holds the column; None where no asset does, as the catalogue and the log."""
    if place.is_delivered:
        return dg.AssetKey(["standard", *place.table.split("/")])
    database, _, table = place.table.partition(".")
    if database == "quality":
        return dg.AssetKey(["quality", table]) if place.table == "quality.links" else None
    return None if database == "catalog" else dg.AssetKey(["base", database, table])


def _database(catalog: Catalog, database: str, tables: Sequence[BaseTable]) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"base_{database}",
        can_subset=True,
        specs=[_spec(catalog, table) for table in tables],
        check_specs=[spec for table in tables for spec in base_check_specs(_key(table))],
    )
    def base(
        context: dg.AssetExecutionContext, lakehouse: LakehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        with lakehouse.session(context) as house, house.engine() as engine:
            for table in tables:
                if _key(table) not in context.selected_asset_keys:
                    continue
                require_sound(house, [f"standard/{ref}" for ref in table.datasets])
                build(house, engine, table)
                checks = list(base_checks(house, table, _key(table)))
                passed = sound(base_check_specs(_key(table)), checks)
                judged(house, table.lake_name, passed)
                if passed:
                    freshness.made(house, table.lake_name)
                yield dg.MaterializeResult(
                    asset_key=_key(table),
                    metadata={
                        **table_metadata(house, table.lake_name),
                        **column_lineage(house.catalog, table),
                    },
                    check_results=checks,
                )

    return base
