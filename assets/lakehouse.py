"""The lakehouse as a whole: home, clock, catalogue, lake, log and engine, opened together.

Belongs here: opening, and the list of the lake's tables with their columns.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from catalog.load import Catalog, load_catalog
from quality.ledger import DEFECT_EVENTS
from quality.ledger.between import BETWEEN_STANDING, STANDING_TABLE
from quality.profiles import PROFILES
from quality.scores.table import SCORES, SCORES_TABLE
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
"""Findings that no row's mask can hold: quarantined rows, rejects, faults of a whole delivery."""

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

PROFILES_TABLE = "quality/profiles"
"""Profiles of the columns of each applied delivery, as it was when it came in."""


def table_schemas(catalog: Catalog) -> dict[str, pl.Schema]:
    """Every table of the lake but the base databases, with its columns."""
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
        PROFILES_TABLE: PROFILES,
    }
    for ref, dataset in catalog.datasets.items():
        schemas[f"raw/{ref}"] = pl.Schema(raw_schema(dataset))
        schemas[f"standard/{ref}"] = standard_schema(catalog, ref)
    return schemas


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
        """Opens the home, making its folders where they are missing."""
        home.create()
        catalog = catalog if catalog is not None else load_catalog()
        lake = Lake(home.lake)
        return cls(home, clock, catalog, lake, DeliveryLog(lake, clock), table_schemas(catalog))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine over the lake as it is now.

        It stays open until `close`, so that a run over many assets names the tables once.
        """
        if self._engines:
            self._engines[0].refresh(self.schemas)
        else:
            spill = self.home.staging / "spill"
            self._engines.append(Engine(self.lake, self.log, self.schemas, spill))
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
