"""Staging a delivery: all that can be told of it from its own file and the catalogue.

Belongs here: reading it, bringing it to standard, judging it and measuring it, in a folder of work
in progress. Nothing here looks at the lake, the log or another delivery, so it may be done ahead of
its turn and in another process (`assets.intake.ahead`). Does not belong here: what becomes of the
delivery (`assets.intake.apply`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl

from assets.intake.fault import as_our_fault
from assets.intake.findings import normalisation_counts, row_findings
from assets.progress import tell
from catalog.load import Catalog
from quality.expectations import Verdict, verdict
from quality.profiles import Profiled, profiles_of
from quality.standardise import standardise
from warehouse.intake import (
    Fingerprint,
    Received,
    StillWriting,
    Target,
    Unusable,
    check_manifest,
    fingerprint,
    read_manifest,
    receive,
)
from warehouse.log import Delivery

RAW = "raw.parquet"
REJECTS = "rejects.parquet"
STAGED = "staged.parquet"


@dataclass(frozen=True, slots=True)
class Measured:
    """What the rows of a delivery show; shapes as `assets.lakehouse` has them."""

    findings: pl.DataFrame
    """Quarantined rows and rejects, as FINDINGS."""
    profiles: pl.DataFrame
    """As `quality.profiles.PROFILES`."""
    normalisations: pl.DataFrame
    """As NORMALISATIONS."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A delivery read and judged; its folder holds RAW, REJECTS and STAGED."""

    delivery: Delivery
    """With what reading it told."""
    received: Received
    verdict: Verdict | None = None
    """None where the counts of its records do not balance: it was not brought to standard."""
    measured: Measured | None = None
    """None where the two judgements differ as well."""


def stage(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, delivery: Delivery, path: Path, work: Path
) -> Staged:
    """Stages the file at `path` in the empty folder `work`.

    Raises Unusable, StillWriting when the file is not that of the receipt any more, OurFault, and
    what is the machine's trouble (`assets.intake.fault`).
    """
    try:
        with as_our_fault():
            delivery, received = _receive(catalog, delivery, path, work)
    except Unusable:
        held_still(delivery, path)
        raise
    if not received.balanced:
        return Staged(delivery, received)
    with as_our_fault():
        return _judge(con, catalog, delivery, received, work)


def held_still(delivery: Delivery, path: Path) -> Fingerprint:
    """The file's fingerprint. StillWriting when it is not the one of the receipt any more.

    A file that changes while it is read may look broken, so this comes before any refusal.
    """
    try:
        now = fingerprint(path)
    except FileNotFoundError as error:
        raise StillWriting(delivery.file) from error
    if (now.sha256, now.size) != (delivery.sha256, delivery.size):
        raise StillWriting(delivery.file)
    return now


def _receive(
    catalog: Catalog, delivery: Delivery, path: Path, work: Path
) -> tuple[Delivery, Received]:
    dataset = catalog.datasets[delivery.dataset]
    manifest = read_manifest(path)
    delivery = replace(delivery, mode=(manifest.mode if manifest else None) or dataset.mode)
    target = Target(
        work / RAW, work / REJECTS, work / "scratch",
        delivery.delivery, delivery.seq, delivery.agency,
    )  # fmt: skip
    target.work.mkdir()
    received = receive(path, dataset, target, lambda done: tell(delivery, "读取", done))
    now = held_still(delivery, path)
    if manifest is not None:
        check_manifest(manifest, now, received)
    return replace(
        delivery,
        format=received.format,
        encoding=received.encoding,
        delimiter=received.delimiter,
        sheet=received.sheet,
        shape=received.shape,
        header_line=received.header_line,
        counted=received.counted,
        accepted=received.accepted,
        rejected=received.rejected,
    ), received


def _judge(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    delivery: Delivery,
    received: Received,
    work: Path,
) -> Staged:
    ref, day = delivery.dataset, delivery.ordered_at.date()
    raw, staged = work / RAW, work / STAGED
    tell(delivery, "规范化")
    standard = standardise(pl.scan_parquet(raw), catalog, ref, day)
    standard.sink_parquet(staged, compression="zstd")
    tell(delivery, "校验")
    second = verdict(raw, staged, catalog, ref, day)
    if not second.agrees:
        return Staged(delivery, received, second)
    profiled = Profiled(delivery.delivery, delivery.agency, delivery.seq, received.missing)
    measured = Measured(
        row_findings(catalog, delivery, raw, staged, work / REJECTS),
        profiles_of(con, catalog, ref, profiled, raw, staged),
        normalisation_counts(con, catalog, delivery, staged),
    )
    return Staged(delivery, received, second, measured)
