"""Applying one delivery: staged, it is settled, written, and logged last.

Belongs here: the order of these steps, which survives a kill at any point: each write is one
commit marked with the delivery, so doing a delivery again skips what is already there. Does not
belong here: staging (`assets.intake.stage`), which delivery comes next (`assets.intake.queue`),
settling stored deliveries again (`assets.intake.resettle`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from assets.intake.ahead import staged_ahead
from assets.intake.fault import OurFault, as_our_fault
from assets.intake.findings import LINES, delivery_findings, repetition_notes
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
from assets.intake.stage import RAW, REJECTS, STAGED, Measured, Staged, stage
from assets.intake.whole import whole_findings
from assets.lakehouse import PROFILES_TABLE, Lakehouse
from assets.progress import tell
from quality.expectations import Verdict, prepare
from quality.reports.collect import SHOWN_PER_DATASET
from warehouse.engine import Engine
from warehouse.intake import Unusable
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
    try:
        ready = staged_ahead(delivery)
        if ready is None:
            prepare()
            work = lakehouse.workspace(delivery.delivery)
            ready = stage(engine.con, lakehouse.catalog, delivery, path, work), work
        return _decide(lakehouse, engine, *ready)
    except Unusable as fault:
        return close(lakehouse, engine, delivery, State.REFUSED, fault.code, fault.message)
    except OurFault as fault:
        return close(
            lakehouse, engine, delivery, State.HELD, "lakehouse.fault",
            f"{delivery.file}：平台处理时出错（{fault}），已暂扣，属平台问题，无需贵单位处理",
        )  # fmt: skip


def _decide(lakehouse: Lakehouse, engine: Engine, staged: Staged, work: Path) -> Delivery:
    delivery, received = staged.delivery, staged.received
    if staged.verdict is None:
        return close(
            lakehouse, engine, delivery, State.HELD, "delivery.out_of_balance",
            f"{delivery.file}：独立计数为 {received.counted} 条，读出 {received.accepted} 条、"
            f"无法读取 {received.rejected} 条，收支不平，已暂扣，待平台核查",
        )  # fmt: skip
    if staged.measured is None:
        return close(
            lakehouse, engine, delivery, State.HELD, "lakehouse.verdicts_differ",
            f"{delivery.file}：平台两套校验结果不一致，已暂扣，属平台问题，无需贵单位处理",
        )  # fmt: skip
    tell(delivery, "比对入库")
    try:
        with as_our_fault():
            findings, settlement = _compare(
                lakehouse, engine, staged, staged.verdict, staged.measured, work
            )
    except TooManyRemovals as excess:
        return close(
            lakehouse, engine, delivery, State.HELD, "delivery.too_many_removals",
            f"{delivery.file}：按全量快照处理将删除本单位现有 {excess.held} 条中的 "
            f"{excess.removed} 条，超过限额 {excess.limit:.0%}，已暂扣。"
            "如确属实，请联系平台由专人放行；如为增量数据，请在清单文件中注明 mode: increment",
        )  # fmt: skip
    measured = replace(staged.measured, findings=findings)
    return _write(lakehouse, engine, delivery, staged.verdict, measured, settlement, work)


def _compare(
    lakehouse: Lakehouse,
    engine: Engine,
    staged: Staged,
    second: Verdict,
    measured: Measured,
    work: Path,
) -> tuple[pl.DataFrame, Settlement]:
    """All findings that no mask holds, and what the delivery changes of the standard history."""
    delivery, ref = staged.delivery, staged.delivery.dataset
    failed = {count.rule: count.mask_count for count in second.counts}
    of_the_whole = whole_findings(
        lakehouse, engine, delivery, staged.received, measured.profiles, failed, work / RAW
    )
    settling = settler(lakehouse, engine, ref, not delivery.limit_released)
    settlement = settling.settle(
        delivery, work / STAGED, history_files(lakehouse, ref, earlier(lakehouse, delivery)),
        work / "standard.parquet",
    )  # fmt: skip
    repeated = (
        settling.repeated(work / RAW, SHOWN_PER_DATASET, LINES) if settlement.duplicated else []
    )
    notes = repetition_notes(lakehouse.catalog, delivery, repeated)
    return pl.concat([measured.findings, of_the_whole, notes]), settlement


def _write(
    lakehouse: Lakehouse,
    engine: Engine,
    delivery: Delivery,
    second: Verdict,
    measured: Measured,
    settlement: Settlement,
    work: Path,
) -> Delivery:
    mark = delivery.delivery
    write_raw(lakehouse, delivery, work)
    later = following(lakehouse, delivery)
    if later and delivery.accepted:
        settlement = resettle(lakehouse, engine, [delivery, *later], [], mark)
    else:
        write_history(lakehouse, delivery.dataset, settlement, mark)
    for name, rows in (
        ("quality/findings", measured.findings),
        ("quality/normalisations", measured.normalisations),
        (PROFILES_TABLE, measured.profiles),
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
        (name, RAW, delivery.accepted or 0, "原始层：按交付原样保存的每一行"),
        ("quality/rejects", REJECTS, delivery.rejected or 0, "无法按行读取的记录"),
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
