"""Applying one delivery: read, judge, settle, write, and log it last.

Belongs here: the order of these steps, which survives a kill at any point: each write is one
commit marked with the delivery, so doing a delivery again skips what is already there. Does not
belong here: which delivery comes next (`assets.intake.queue`), settling stored deliveries again
(`assets.intake.resettle`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from assets.intake.fault import OurFault, as_our_fault
from assets.intake.findings import delivery_findings, normalisation_counts, row_findings
from assets.intake.ledger import settle_ledger
from assets.intake.resettle import (
    earlier,
    following,
    history_files,
    keep_verdict,
    rejudged,
    resettle,
    settled,
    settler,
)
from assets.intake.settle import Settlement, TooManyRemovals
from assets.intake.whole import profile, whole_findings
from assets.lakehouse import PROFILES_TABLE, Lakehouse
from assets.progress import tell
from quality.expectations import prepare, verdict
from quality.standardise import standardise
from warehouse.engine import Engine
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
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State


def apply(
    lakehouse: Lakehouse,
    engine: Engine,
    delivery: Delivery,
    path: Path,
) -> Delivery:
    """Takes one file in and returns the delivery as logged: applied, held or refused.

    StillWriting when the file changed meanwhile: then nothing was written but its receipt.
    """
    work = lakehouse.workspace(delivery.delivery)
    prepare()
    try:
        return _apply(lakehouse, engine, delivery, path, work)
    except OurFault as fault:
        return close(
            lakehouse, engine, delivery, State.HELD, "lakehouse.fault",
            f"{delivery.file}：平台处理时出错（{fault}），已暂扣，属平台问题，无需贵单位处理",
        )  # fmt: skip


def _apply(
    lakehouse: Lakehouse, engine: Engine, delivery: Delivery, path: Path, work: Path
) -> Delivery:
    try:
        with as_our_fault():
            delivery, received = _receive(lakehouse, delivery, path, work)
    except Unusable as fault:
        _held_still(delivery, path)
        return close(lakehouse, engine, delivery, State.REFUSED, fault.code, fault.message)
    if not received.balanced:
        return close(
            lakehouse, engine, delivery, State.HELD, "delivery.out_of_balance",
            f"{delivery.file}：独立计数为 {received.counted} 条，读出 {received.accepted} 条、"
            f"无法读取 {received.rejected} 条，收支不平，已暂扣，待平台核查",
        )  # fmt: skip
    tell(delivery, "规范化")
    staged = work / "staged.parquet"
    with as_our_fault():
        standardise(
            pl.scan_parquet(work / "raw.parquet"),
            lakehouse.catalog,
            delivery.dataset,
            delivery.ordered_at.date(),
        ).sink_parquet(staged, compression="zstd")
    return _judge_and_write(lakehouse, engine, delivery, received, staged, work)


def _receive(
    lakehouse: Lakehouse, delivery: Delivery, path: Path, work: Path
) -> tuple[Delivery, Received]:
    dataset = lakehouse.catalog.datasets[delivery.dataset]
    manifest = read_manifest(path)
    delivery = replace(delivery, mode=(manifest.mode if manifest else None) or dataset.mode)
    target = Target(
        work / "raw.parquet", work / "rejects.parquet", work / "scratch",
        delivery.delivery, delivery.seq, delivery.agency,
    )  # fmt: skip
    target.work.mkdir()
    received = receive(path, dataset, target, lambda done: tell(delivery, "读取", done))
    now = _held_still(delivery, path)
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


def _held_still(delivery: Delivery, path: Path) -> Fingerprint:
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


def _judge_and_write(
    lakehouse: Lakehouse,
    engine: Engine,
    delivery: Delivery,
    received: Received,
    staged: Path,
    work: Path,
) -> Delivery:
    ref = delivery.dataset
    tell(delivery, "校验")
    with as_our_fault():
        second = verdict(
            work / "raw.parquet", staged, lakehouse.catalog, ref, delivery.ordered_at.date()
        )
    if not second.agrees:
        return close(
            lakehouse, engine, delivery, State.HELD, "lakehouse.verdicts_differ",
            f"{delivery.file}：平台两套校验结果不一致，已暂扣，属平台问题，无需贵单位处理",
        )  # fmt: skip
    tell(delivery, "比对入库")
    try:
        with as_our_fault():
            profiles = profile(lakehouse, engine, delivery, received, work)
            failed = {count.rule: count.mask_count for count in second.counts}
            findings = pl.concat([
                row_findings(lakehouse, delivery, received, work),
                whole_findings(lakehouse, engine, delivery, received, profiles, failed, work),
            ])  # fmt: skip
            counts = normalisation_counts(lakehouse, engine, delivery, staged)
            settlement = settler(lakehouse, engine, ref, not delivery.limit_released).settle(
                delivery, staged, history_files(lakehouse, ref, earlier(lakehouse, delivery)),
                work / "standard.parquet",
            )  # fmt: skip
    except TooManyRemovals as excess:
        return close(
            lakehouse, engine, delivery, State.HELD, "delivery.too_many_removals",
            f"{delivery.file}：按全量快照处理将删除本单位现有 {excess.held} 条中的 "
            f"{excess.removed} 条，超过限额 {excess.limit:.0%}，已暂扣。"
            "如确属实，请联系平台由专人放行；如为增量数据，请在清单文件中注明 mode: increment",
        )  # fmt: skip
    mark = delivery.delivery
    write_raw(lakehouse, delivery, work)
    later = following(lakehouse, delivery)
    if later and delivery.accepted:
        settlement = resettle(lakehouse, engine, [delivery, *later], [], mark)
    else:
        write_history(lakehouse, ref, settlement, mark)
    for name, rows in (
        ("quality/findings", findings),
        ("quality/normalisations", counts),
        (PROFILES_TABLE, profiles),
    ):
        lakehouse.lake.ensure(name, lakehouse.schemas[name])
        lakehouse.lake.append(name, rows, mark)
    keep_verdict(lakehouse, delivery, second)
    delivery = rejudged(lakehouse, settled(delivery, settlement))
    return close(lakehouse, engine, delivery, State.APPLIED)


def write_raw(lakehouse: Lakehouse, delivery: Delivery, work: Path) -> None:
    """Registers the raw rows and the rejects of a delivery, each once."""
    name = f"raw/{delivery.dataset}"
    for table, file, rows, description in (
        (name, "raw.parquet", delivery.accepted or 0, "原始层：按交付原样保存的每一行"),
        ("quality/rejects", "rejects.parquet", delivery.rejected or 0, "无法按行读取的记录"),
    ):
        lakehouse.lake.ensure(table, lakehouse.schemas[table], description)
        if rows and not lakehouse.lake.has(table, delivery.delivery):
            kept = lakehouse.lake.adopt(table, work / file, f"{delivery.delivery}.parquet")
            lakehouse.lake.commit(table, [LakeFile(kept, rows)], delivery.delivery)


def write_history(lakehouse: Lakehouse, ref: str, settlement: Settlement, mark: str) -> None:
    """Registers a settlement's rows in the standard history, once."""
    name = f"standard/{ref}"
    lakehouse.lake.ensure(name, lakehouse.schemas[name], "标准层：类型化、规范化的历史")
    if settlement.file is not None and not lakehouse.lake.has(name, mark):
        kept = lakehouse.lake.adopt(name, settlement.file.path, f"{mark}.parquet")
        lakehouse.lake.commit(name, [LakeFile(kept, settlement.file.rows)], mark)


def close(
    lakehouse: Lakehouse,
    engine: Engine,
    delivery: Delivery,
    state: State,
    rule: str | None = None,
    message: str | None = None,
) -> Delivery:
    """Gives the delivery its final state: the ledger's events first, the log last."""
    ours = rule is not None and rule.startswith("lakehouse.")
    delivery = replace(delivery, state=state, message=message, our_fault=ours)
    if rule is not None and message is not None and not ours:
        name = "quality/findings"
        lakehouse.lake.ensure(name, lakehouse.schemas[name])
        lakehouse.lake.append(
            name, delivery_findings(delivery, rule, message), f"{delivery.delivery}-{state}"
        )
    settle_ledger(lakehouse, engine, delivery)
    lakehouse.log.record(str(state), delivery)
    return delivery
