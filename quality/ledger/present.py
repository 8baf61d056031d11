"""The ledger as it stands: every defect's last event, worked out once for all who ask.

Belongs here: keeping that in step with the ledger. Which events a delivery causes stands in
`quality.ledger.reconcile`; what is made of the defects in `quality.tickets`, `quality.reports`.
"""

from __future__ import annotations

import duckdb

from quality.ledger.session import SQL

OPEN = "event in ('opened', 'reopened')"
"""SQL: whether a defect is open after this, its last event."""


def view_defects(con: duckdb.DuckDBPyConnection) -> None:
    """Brings `quality.main.defects` in step: one row a defect, the columns of its last event.

    `events` beside them says how many events the defect has. What the view reads is worked out
    anew only when the ledger has grown: it is appended to, so its last number tells.
    """
    con.execute(
        "create table if not exists quality.main.defect_ends (event_no bigint, events bigint)"
    )
    same = con.execute(
        "select (select max(event_no) from quality.main.defect_events) "
        "is not distinct from (select max(event_no) from quality.main.defect_ends)"
    ).fetchone()
    if same != (True,):
        con.execute((SQL / "ends.sql").read_text(encoding="utf-8"))
    con.execute(
        "create view if not exists quality.main.defects as "
        "from quality.main.defect_events join quality.main.defect_ends using (event_no)"
    )
