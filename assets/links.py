"""Keeping the links: what linking finds now replaces what stood, where it differs.

Belongs here: the table `quality/links`, written in one commit, and what is told of it. Does not
belong here: how links are found (`quality.linking`) and what a linked row changes (`assets.base`).
Needs no Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.lakehouse import Lakehouse
from quality.ledger.session import session
from quality.linking.steps import datasets_read, find_links
from quality.linking.table import LINKS, LINKS_TABLE
from warehouse.engine import Engine
from warehouse.lake import LakeFile


@dataclass(frozen=True, slots=True)
class Linked:
    """How many records of a dataset lack a sound identifier, and how many of them were linked."""

    dataset: str
    records: int
    linked: int


def link(lakehouse: Lakehouse, engine: Engine) -> bool:
    """Brings the table up to date; whether anything changed.

    Its rows are replaced in one commit. Killed at any point and run again it ends the same.
    """
    lake = lakehouse.lake
    lake.ensure(LINKS_TABLE, LINKS, "没有合格代码的记录与登记主体的对应：每条记录一行")
    engine.refresh(f"standard/{ref}" for ref in datasets_read())
    with session(engine.con) as cursor:
        found = find_links(cursor, lakehouse.catalog).select(
            pl.col(name).cast(kind) for name, kind in LINKS.items()
        )
    standing = lake.files(LINKS_TABLE)
    if found.equals(_read(standing)):
        return False
    version = (lake.version(LINKS_TABLE) or 0) + 1
    added = []
    if not found.is_empty():
        file = lake.path(LINKS_TABLE) / f"{version:08d}-links.parquet"
        found.write_parquet(file, compression="zstd")
        added = [LakeFile(file, found.height)]
    lake.commit(LINKS_TABLE, added, f"links-{version}", [Path(each).name for each in standing])
    engine.refresh([LINKS_TABLE])
    return True


def _read(files: Sequence[str]) -> pl.DataFrame:
    """The rows in the order in which they were written: they lie in one file."""
    return pl.concat([pl.DataFrame(schema=LINKS), *(pl.read_parquet(file) for file in files)])


def linked(lakehouse: Lakehouse) -> list[Linked]:
    """What the table says now, by dataset."""
    counted = (
        _read(lakehouse.lake.files(LINKS_TABLE))
        .group_by("dataset")
        .agg(pl.len().alias("records"), pl.col("linked").count())
        .sort("dataset")
    )
    return [Linked(**row) for row in counted.iter_rows(named=True)]
