"""Trying a draft: the same reading and the same rules as for a delivery, and nothing is stored.

Belongs here: putting the steps together in a folder that is gone afterwards. Neither a home nor its
lock is needed.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from catalog.load import Catalog
from quality.reports import DraftReport, draft_defects
from quality.standardise import standardise
from warehouse.engine import MACROS, connect
from warehouse.home import Clock
from warehouse.intake import Target, receive

SHOWN = 200
"""Defects that a draft's report lists; their total is stated."""


def check_draft(catalog: Catalog, ref: str, file: Path, limit: int = SHOWN) -> DraftReport:
    """The report on a draft file of dataset `ref`; Unusable when it can't be read at all."""
    dataset = catalog.datasets[ref]
    with TemporaryDirectory(prefix="lakehouse-draft-") as folder:
        work = Path(folder)
        target = Target(
            work / "raw.parquet",
            work / "rejects.parquet",
            work / "scratch",
            "draft",
            0,
            dataset.deliverers[0],
        )
        target.work.mkdir()
        received = receive(file, dataset, target)
        staged = work / "staged.parquet"
        today = Clock.from_environment().now().date()
        standardise(pl.scan_parquet(target.raw), catalog, ref, today).sink_parquet(staged)
        con = connect(work / "spill")
        for script in sorted(MACROS.glob("*.sql")):
            con.execute(script.read_text(encoding="utf-8"))
        try:
            rejects = target.rejects if received.rejected else None
            return draft_defects(con, catalog, ref, target.raw, staged, limit, rejects)
        finally:
            con.close()
