"""The lakehouse as a whole: home, clock, catalogue, lake, log and engine, opened together.

Belongs here: opening, and the list of the lake's tables with their columns.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from assets.base_tables import stored_schema
from assets.derived_tables import derived_tables
from catalog.findings import CatalogError, Finding
from catalog.load import Catalog, load_catalog
from quality.ledger import DEFECT_EVENTS
from quality.ledger.between import BETWEEN_STANDING, STANDING_TABLE
from quality.linking.table import LINKS, LINKS_TABLE
from quality.profiles import PROFILES
from quality.scores.table import SCORES, SCORES_TABLE
from quality.sources.table import SOURCE_QUALITY, SOURCES_TABLE
from quality.standardise import standard_schema
from warehouse import log as delivery_log
from warehouse.engine import Engine
from warehouse.home import Clock, Home
from warehouse.intake.assemble import raw_schema
from warehouse.intake.rejects import SCHEMA as REJECTS
from warehouse.lake import Lake
from warehouse.log import DeliveryLog

FINDINGS = pl.Schema(
    {
        "dataset": pl.String,
        "agency": pl.String,
        "delivery": pl.String,
        "seq": pl.Int64,
        "kind": pl.String,
        "rule": pl.String,
        "identity": pl.String,
        "row": pl.Int64,
        "line": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "message": pl.String,
    }
)
"""Findings that no row's mask can hold: quarantined rows, rejects, faults of a whole delivery; and
notes, which say more of what a mask holds."""

VERDICTS = pl.Schema(
    {
        "delivery": pl.String,
        "dataset": pl.String,
        "rule": pl.String,
        "mask_count": pl.Int64,
        "expectation_count": pl.Int64,
        "catalog_version": pl.String,
    }
)
"""Counts of failed rows by delivery and rule, ours and Great Expectations'; once for each version
(`catalog_version`) of the dataset's definition that judged the delivery."""

NORMALISATIONS = pl.Schema(
    {
        "delivery": pl.String,
        "dataset": pl.String,
        "column": pl.String,
        "kind": pl.String,
        "rows": pl.Int64,
    }
)
"""Values that a normalisation changed, by delivery, column and kind."""

BETWEEN_OUTCOMES = pl.Schema(
    {
        "no": pl.Int64(),
        "at": pl.Datetime("us"),
        "rule": pl.String(),
        "version": pl.Int64(),
        "state": pl.String(),
        "findings": pl.Int64(),
        "reason": pl.String(),
        "basis": pl.String(),
    }
)
"""How asking a rule between datasets ended, one row each time, numbered from 1: its
`quality.between.evaluate.State`, how much stands found, and why nothing could be judged. `basis` is
the fingerprint of all that it was asked over; asked again over the same, it has no second row while
it ends the same."""

BASE_BUILDS = pl.Schema(
    {
        "no": pl.Int64(),
        "base_table": pl.String(),
        "at": pl.Datetime("us"),
        "last_event": pl.Int64(),
        "catalog_version": pl.String(),
        "definition": pl.String(),
        "inputs": pl.String(),
        "whole": pl.Boolean(),
        "upserted": pl.Int64(),
        "deleted": pl.Int64(),
    }
)
"""Builds of base tables, one row each: `no` is what their rows carry as `_build`; `last_event` the
newest event of the delivery log that it knew; `inputs` (JSON) the versions of the tables it read;
`definition` the hash of what made the rows; rows written by operation."""

PROFILES_TABLE = "quality/profiles"
"""Profiles of the columns of each applied delivery, as it was when it came in."""
BUILDS_TABLE = "quality/base_builds"


def table_schemas(catalog: Catalog) -> dict[str, pl.Schema]:
    """Every table of the lake, with its columns."""
    schemas = {
        delivery_log.TABLE: delivery_log.SCHEMA,
        "quality/defect_events": DEFECT_EVENTS,
        "quality/findings": FINDINGS,
        "quality/rejects": pl.Schema(REJECTS),
        "quality/verdicts": VERDICTS,
        "quality/normalisations": NORMALISATIONS,
        "quality/between_outcomes": BETWEEN_OUTCOMES,
        STANDING_TABLE: BETWEEN_STANDING,
        SCORES_TABLE: SCORES,
        SOURCES_TABLE: SOURCE_QUALITY,
        PROFILES_TABLE: PROFILES,
        LINKS_TABLE: LINKS,
        BUILDS_TABLE: BASE_BUILDS,
    }
    for table in catalog.base.values():
        schemas[table.lake_name] = stored_schema(catalog, table)
    for derived in derived_tables():
        schemas[derived.lake_name] = derived.columns_stored
    for ref, dataset in catalog.datasets.items():
        schemas[f"raw/{ref}"] = pl.Schema(raw_schema(dataset))
        schemas[f"standard/{ref}"] = standard_schema(catalog, ref)
    return schemas


def base_keys(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The base tables by name in the lake, with the columns that name a subject."""
    return {table.lake_name: table.keys for table in catalog.base.values()}


@dataclass(frozen=True, slots=True)
class Lakehouse:
    """What every writing step needs. Whoever holds one holds the home's lock."""

    home: Home
    clock: Clock
    catalog: Catalog
    lake: Lake
    log: DeliveryLog
    schemas: dict[str, pl.Schema]
    _engines: list[Engine] = field(default_factory=list, init=False, repr=False, compare=False)
    """None, or the one that is open."""

    @classmethod
    def open(cls, home: Home, clock: Clock, catalog: Catalog | None = None) -> Lakehouse:
        """Opens the home, making its folders where they are missing.

        Raises CatalogError where the catalogue does not know a dataset that was delivered.
        """
        home.create()
        catalog = catalog if catalog is not None else load_catalog()
        lake = Lake(home.lake)
        log = DeliveryLog(lake, clock)
        delivered = Counter(known.dataset for known in log.deliveries)
        if lost := sorted(delivered.keys() - catalog.datasets.keys()):
            raise CatalogError(_lost(ref, delivered[ref]) for ref in lost)
        return cls(home, clock, catalog, lake, log, table_schemas(catalog))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine over the lake as it is now.

        It stays open until `close`, so that a run over many assets names the tables once.
        """
        if self._engines:
            self._engines[0].refresh(self.schemas)
        else:
            spill = self.home.staging / "spill"
            keys = base_keys(self.catalog)
            self._engines.append(Engine(self.lake, self.log, self.schemas, spill, keys))
        yield self._engines[0]

    def close(self) -> None:
        """Closes the engine, if one was opened."""
        while self._engines:
            self._engines.pop().close()

    def workspace(self, name: str) -> Path:
        """An empty folder for work in progress."""
        folder = self.home.staging / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def _lost(ref: str, deliveries: int) -> Finding:
    return Finding(
        f"datasets/{ref}.yaml",
        "",
        f"没有这个文件，而本湖已接收该数据集 {deliveries} 批交付",
        "登记该数据集；不再使用的也保留登记，注明 retired",
    )
