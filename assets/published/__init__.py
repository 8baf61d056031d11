"""The analysts' file: everything that `published/warehouse.duckdb` holds, put together.

Belongs here: which tables and views there are. `base` has the base databases, `quality` what
quality knows; tables of datasets and the catalogue stand in `warehouse.publish`. Does not belong
here: Dagster (`assets.definitions`), masking (`warehouse.publish.masking`), the file itself
(`warehouse.publish.build`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from assets.base.differing import make_divergences
from assets.lakehouse import Lakehouse
from assets.published.base import (
    base_table,
    builds_table,
    divergences_table,
    history_table,
    macros_of,
    source_view,
)
from assets.published.derived import (
    computed_from,
    derived_macros,
    derived_table,
    published_derived,
)
from assets.published.links import links_table
from assets.published.quality import quality_tables
from assets.published.rules import rules_table, rules_view
from assets.published.scores import score_tables, scorecard_view
from assets.published.standard_sources import standard_sources_table
from assets.source_quality import last_decision
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable
from quality.ledger.present import OPEN, view_defects
from quality.sources.table import Column, Line, stored_lines
from warehouse.engine import Engine
from warehouse.publish import (
    Publication,
    PublishedMacro,
    PublishedTable,
    PublishedView,
    publish,
)
from warehouse.publish.catalog_schema import catalog_tables, lineage_table
from warehouse.publish.datasets import dataset_tables

OPEN_DEFECTS = f"FROM quality.main.defects WHERE {OPEN}"
"""Query of the defects that are open now, each as its last event."""


def prepare(lakehouse: Lakehouse, engine: Engine) -> None:
    """Makes what reports and publication both read, before they run side by side."""
    engine.refresh(lakehouse.schemas)
    view_defects(engine.con)
    base = published_base(lakehouse.catalog)
    make_divergences(engine.con, lakehouse.catalog, base, lakehouse.clock.now().date())


def publish_warehouse(lakehouse: Lakehouse, engine: Engine) -> Publication:
    """Builds the next version of `published/warehouse.duckdb` and switches readers to it, once
    `prepare` was called."""
    today = lakehouse.clock.now().date()
    lines = stored_lines(lakehouse.lake)
    tables, views, macros = contents(engine.con, lakehouse.catalog, today, lines)
    return publish(
        engine.con,
        lakehouse.home.published,
        tables,
        views,
        macros,
        built_at=lakehouse.clock.now(),
        catalog_version=lakehouse.catalog.version,
    )


def contents(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, today: date, lines: Mapping[Column, Line]
) -> tuple[list[PublishedTable], list[PublishedView], list[PublishedMacro]]:
    """All tables, views and macros as of a day; `con` has the engine's names, `lines` are the last
    of `quality/source_quality`."""
    view_defects(con)
    base = published_base(catalog)
    derived = published_derived(catalog, base)
    tables = [
        *dataset_tables(catalog, OPEN_DEFECTS, today),
        *(base_table(catalog, table, OPEN_DEFECTS, today) for table in base),
        *(history_table(catalog, table, today) for table in base),
        *(derived_table(catalog, table, today) for table in derived),
    ]
    views = [*(source_view(catalog, table) for table in base), rules_view(), scorecard_view()]
    return (
        [
            *tables,
            *catalog_tables(catalog),
            standard_sources_table(catalog, lines, last_decision(con)),
            lineage_table([*tables, *views], computed_from(catalog, derived)),
            rules_table(catalog),
            *quality_tables(con, catalog, today),
            *score_tables(catalog),
            links_table(catalog, today),
            divergences_table(),
            builds_table(),
        ],
        views,
        [
            *(macro for table in base for macro in macros_of(catalog, table)),
            *(macro for table in derived for macro in derived_macros(table)),
        ],
    )


def published_base(catalog: Catalog) -> list[BaseTable]:
    """Base tables all of whose datasets are reviewed: what is made of another one waits too."""
    return [
        table
        for table in catalog.base.values()
        if all(ref in catalog.datasets and catalog.datasets[ref].reviewed for ref in table.datasets)
    ]
