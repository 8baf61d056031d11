"""The agencies' reports, written into the outbox.

Belongs here: for which day and from which engine, and which divergences go to whom. What a report
says stands in `quality.reports`.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from assets.base.differing import DIVERGENCES_TABLE
from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from quality.reports import ReportSummary, write_reports
from quality.reports.collect import SHOWN_PER_DATASET
from quality.reports.model import Divergence, Divergences
from warehouse.engine import Engine

_DIVERGENCES = f"""
    SELECT told.*, known.file, count(*) OVER (PARTITION BY told.agency) AS total
    FROM {DIVERGENCES_TABLE} AS told
    LEFT JOIN quality.main.deliveries AS known ON known.delivery = told.delivery
    QUALIFY row_number() OVER (
        PARTITION BY told.agency ORDER BY told.delivery, told.row, "column", base_table
    ) <= {SHOWN_PER_DATASET}
    ORDER BY told.agency, told.delivery, told.row, "column", base_table
"""


def report(lakehouse: Lakehouse, engine: Engine) -> list[ReportSummary]:
    """Writes today's report of every agency that has something new or open."""
    now = lakehouse.clock.now()
    # A cursor of its own: publication may use the engine at the same time.
    con = engine.con.cursor()
    differing = _divergences(con, lakehouse.catalog)
    return write_reports(
        con, lakehouse.catalog, lakehouse.home.outbox, now.date(), now, divergences=differing
    )


def _divergences(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[str, Divergences]:
    """By agency: what its data say otherwise than the standard sources."""
    found = con.execute(_DIVERGENCES)
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {
        agency: Divergences(told[0]["total"], tuple(_divergence(catalog, row) for row in told))
        for agency, grouped in groupby(rows, key=itemgetter("agency"))
        for told in [list(grouped)]
    }


def _divergence(catalog: Catalog, row: dict[str, Any]) -> Divergence:
    dataset = catalog.datasets[row["dataset"]]
    return Divergence(
        dataset=dataset.ref,
        dataset_name=dataset.name,
        column_name=dataset.column(row["dataset_column"]).name,
        delivery=row["delivery"],
        file=row["file"],
        row=row["row"],
        base_table=row["base_table"],
        key=row["key"],
        value=row["value"],
        standard_value=row["standard_value"],
        standard_agency=catalog.agencies[row["standard_agency"]].short_name,
        standard_dataset=catalog.datasets[row["standard_dataset"]].name,
    )
