"""The agencies' reports, written into the outbox.

Belongs here: for which day and from which engine. What a report says stands in `quality.reports`.
"""

from __future__ import annotations

from assets.lakehouse import Lakehouse
from quality.reports import ReportSummary, write_reports
from warehouse.engine import Engine


def report(lakehouse: Lakehouse, engine: Engine) -> list[ReportSummary]:
    """Writes today's report of every agency that has something new or open."""
    now = lakehouse.clock.now()
    # A cursor of its own: publication may use the engine at the same time.
    con = engine.con.cursor()
    return write_reports(con, lakehouse.catalog, lakehouse.home.outbox, now.date(), now)
