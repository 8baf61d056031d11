"""Settling stored deliveries again, in their order: after a late one, an undoing, a new definition.

Belongs here: what a deliverer's history would be if its deliveries had come just so, written in one
commit in place of what it was. Does not belong here: deciding to do so (`assets.intake.apply`,
`assets.intake.undo`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from assets.intake.settle import Settlement, Settler
from assets.lakehouse import VERDICTS, Lakehouse
from catalog.models.datasets import Dataset, FirstOf
from quality.expectations import Verdict, verdict
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY, Rule
from quality.standardise import standardise
from warehouse.engine import Engine
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State


class VerdictsDiffer(Exception):
    """Our two judgements of stored rows disagree: our own fault; nothing was changed."""


def settler(lakehouse: Lakehouse, engine: Engine, ref: str, limited: bool = True) -> Settler:
    """The settler of a dataset on this engine; unlimited for a delivery that a person released."""
    dataset = lakehouse.catalog.datasets[ref]
    rules = {rule.id: rule for rule in rules_of(lakehouse.catalog, ref)}
    return Settler(
        engine.con,
        list(lakehouse.schemas[f"standard/{ref}"]),
        rules[DUPLICATE_KEY],
        dataset.snapshot_scope,
        dataset.removal_limit if limited else None,
        _of_keys(dataset, rules.values()),
    )


def _of_keys(dataset: Dataset, rules: Iterable[Rule]) -> list[Rule]:
    """The rules that one column of the key fails by itself, and that ask for another value."""
    parts = [part.first_of if isinstance(part, FirstOf) else (part,) for part in dataset.key]
    columns = {column for part in parts for column in part}
    return [
        rule
        for rule in rules
        if rule.severity == "error" and rule.id in {f"{column}.{rule.kind}" for column in columns}
    ]


def history_files(lakehouse: Lakehouse, ref: str, deliveries: list[Delivery]) -> list[str]:
    """Files of the standard history that these deliveries wrote."""
    names = {known.delivery for known in deliveries}
    return [
        file
        for file in lakehouse.lake.files(f"standard/{ref}")
        if Path(file).name.partition(".")[0] in names
    ]


def earlier(lakehouse: Lakehouse, delivery: Delivery) -> list[Delivery]:
    """Applied deliveries of the same deliverer that come before this one."""
    return [
        known
        for known in lakehouse.log.of(delivery.dataset, delivery.agency, State.APPLIED)
        if known.seq < delivery.seq and known.delivery != delivery.delivery
    ]


def settled(delivery: Delivery, settlement: Settlement) -> Delivery:
    """The delivery with its settlement's counts."""
    return replace(
        delivery,
        upserted=settlement.upserted,
        replaced=settlement.replaced,
        unchanged=settlement.unchanged,
        duplicated=settlement.duplicated,
        quarantined=settlement.quarantined,
        deleted=settlement.deleted,
        removed=settlement.removed,
    )


def resettle(
    lakehouse: Lakehouse,
    engine: Engine,
    standing: Sequence[Delivery],
    leaving: Sequence[Delivery],
    mark: str,
) -> Settlement:
    """Settles `standing`, all of one deliverer and in order, anew; the first one's settlement.

    `standing` and `leaving` together are all of the deliverer's deliveries from the first of them
    on; what they wrote before is replaced in one commit marked `mark`. The counts of those that
    follow the first are logged again where they changed.
    """
    deliveries = [*standing, *leaving]
    first = min(deliveries, key=lambda known: known.seq)
    name = f"standard/{first.dataset}"
    lakehouse.lake.ensure(name, lakehouse.schemas[name])
    before = history_files(lakehouse, first.dataset, earlier(lakehouse, first))
    replaced = history_files(lakehouse, first.dataset, deliveries)
    unlimited = settler(lakehouse, engine, first.dataset, limited=False)
    work = lakehouse.workspace(f"resettle-{mark}")
    made: list[LakeFile] = []
    settlements: list[Settlement] = []
    for delivery in standing:
        target = work / f"{delivery.delivery}.{mark}.parquet"
        settlement = unlimited.settle(
            delivery, _restaged(lakehouse, delivery, work), [*before, *_paths(made)], target
        )
        settlements.append(settlement)
        if settlement.file is not None:
            made.append(settlement.file)
    if not lakehouse.lake.has(name, mark):
        kept = [
            LakeFile(lakehouse.lake.adopt(name, file.path, file.path.name), file.rows)
            for file in made
        ]
        lakehouse.lake.commit(name, kept, mark, [Path(file).name for file in replaced])
    for delivery, settlement in zip(standing, settlements, strict=True):
        changed = settled(delivery, settlement)
        if delivery is not first and changed != delivery:
            lakehouse.log.record("resettled", changed, reason=f"因批次 {first.delivery} 重新比对")
    return settlements[0] if settlements else Settlement(None, 0, 0, 0, 0, 0, 0, 0)


def _paths(files: Sequence[LakeFile]) -> list[str]:
    return [str(file.path) for file in files]


def _restaged(lakehouse: Lakehouse, delivery: Delivery, work: Path) -> Path:
    """The delivery's stored rows judged by the present catalogue, twice, as a staged file."""
    staged = work / f"{delivery.delivery}.staged.parquet"
    raw = lakehouse.lake.path(f"raw/{delivery.dataset}") / f"{delivery.delivery}.parquet"
    judged_on = delivery.ordered_at.date()
    standardise(pl.scan_parquet(raw), lakehouse.catalog, delivery.dataset, judged_on).sink_parquet(
        staged, compression="zstd"
    )
    second = verdict(raw, staged, lakehouse.catalog, delivery.dataset, judged_on)
    if not second.agrees:
        raise VerdictsDiffer(f"{delivery.delivery} ({delivery.dataset})")
    if delivery.catalog_version != lakehouse.catalog.dataset_version(delivery.dataset):
        keep_verdict(lakehouse, delivery, second)
    return staged


def keep_verdict(lakehouse: Lakehouse, delivery: Delivery, second: Verdict) -> None:
    """Appends the counts of a delivery, once for each definition that judged it."""
    version = lakehouse.catalog.dataset_version(delivery.dataset)
    rows = [
        {
            "delivery": delivery.delivery,
            "dataset": delivery.dataset,
            "rule": count.rule,
            "mask_count": count.mask_count,
            "expectation_count": count.expectation_count,
            "catalog_version": version,
        }
        for count in second.counts
    ]
    name = "quality/verdicts"
    lakehouse.lake.ensure(name, lakehouse.schemas[name])
    frame = pl.DataFrame(rows, schema=VERDICTS)
    lakehouse.lake.append(name, frame, f"{delivery.delivery}-{version}")


def following(lakehouse: Lakehouse, delivery: Delivery) -> list[Delivery]:
    """Applied deliveries of the same deliverer that come after this one and have rows in raw."""
    return [
        known
        for known in lakehouse.log.of(delivery.dataset, delivery.agency, State.APPLIED)
        if known.seq > delivery.seq and known.accepted
    ]


def rejudged(lakehouse: Lakehouse, delivery: Delivery) -> Delivery:
    """The delivery as judged by the present definition of its dataset."""
    return replace(delivery, catalog_version=lakehouse.catalog.dataset_version(delivery.dataset))
