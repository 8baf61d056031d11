"""The queue of deliveries: each that has a receipt is decided, in order.

Belongs here: what waits, duplicates, finishing what a killed run began. Does not belong here:
receipts (`assets.intake.receipts`), applying one (`assets.intake.apply`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from assets.intake.ahead import OF_THE_OTHER, Job
from assets.intake.apply import apply, close
from assets.intake.change import change
from assets.intake.receipts import Taken, archive, register
from assets.lakehouse import Lakehouse
from warehouse.engine import Engine
from warehouse.intake import StillWriting
from warehouse.log import Delivery, State
from warehouse.names import named


def undecided(lakehouse: Lakehouse, datasets: Iterable[str] | None = None) -> list[Delivery]:
    """Deliveries with a receipt and no decision, in order of delivery."""
    wanted = None if datasets is None else set(datasets)
    return sorted(
        (
            known
            for known in lakehouse.log.deliveries
            if known.state is State.RECEIVED and (wanted is None or known.dataset in wanted)
        ),
        key=lambda known: known.seq,
    )


def decide(lakehouse: Lakehouse, engine: Engine, delivery: Delivery) -> Delivery | None:
    """Applies one delivery, or finds it a duplicate; None when its file is still being written."""
    path = place(lakehouse, delivery)
    if path is None or not _as_received(path, delivery):
        if _came_again(lakehouse, delivery):
            return change(
                lakehouse, engine, delivery, State.WITHDRAWN, "lakehouse",
                "登记后、接收前文件又有变化，以之后登记的为准",
            )  # fmt: skip
        if path is not None:
            return None
        return close(
            lakehouse, engine, delivery, State.REFUSED, "delivery.file_gone",
            f"{delivery.file}：登记后文件已被移走，未能接收，请重新交付",
        )  # fmt: skip
    twin = _twin(lakehouse, delivery)
    if twin is not None and not delivery.limit_released:
        decided = close(
            lakehouse, engine, delivery, State.DUPLICATE, None,
            f"{delivery.file}：与批次 {twin.delivery} 内容相同，仅登记回执",
        )  # fmt: skip
    else:
        try:
            decided = apply(lakehouse, engine, delivery, path)
        except StillWriting:
            return None
        finally:
            for work in (delivery.delivery, f"{delivery.delivery}{OF_THE_OTHER}"):
                shutil.rmtree(lakehouse.home.staging / work, ignore_errors=True)
    archive(lakehouse, decided)
    return decided


def to_stage(lakehouse: Lakehouse, datasets: Iterable[str]) -> list[Job]:
    """What taking in these datasets, in this order, will have to stage."""
    jobs = []
    for ref in datasets:
        for delivery in undecided(lakehouse, [ref]):
            path = place(lakehouse, delivery)
            if path is not None and (delivery.limit_released or not _twin(lakehouse, delivery)):
                work = lakehouse.home.staging / f"{delivery.delivery}{OF_THE_OTHER}"
                jobs.append(Job(delivery, path, work, lakehouse.catalog.dataset_version(ref)))
    return jobs


def take_in(
    lakehouse: Lakehouse,
    engine: Engine,
    datasets: Iterable[str] | None = None,
) -> Taken:
    """Registers and decides everything in landing, or in these datasets' folders."""
    taken = register(lakehouse, datasets)
    for delivery in undecided(lakehouse, datasets):
        decided = decide(lakehouse, engine, delivery)
        if decided is None:
            taken.waiting.append(delivery.file)
            continue
        taken.decided.append(decided)
    return taken


def place(lakehouse: Lakehouse, delivery: Delivery) -> Path | None:
    """Where the delivery's file lies: in the archive once decided, else in landing."""
    for path in (
        lakehouse.home.archive / delivery.delivery / Path(named(delivery.source)).name,
        lakehouse.home.landing / named(delivery.source),
    ):
        if path.is_file() and not path.is_symlink():
            return path
    return None


def _as_received(path: Path, delivery: Delivery) -> bool:
    """Whether size and time of the file are still those of the receipt."""
    status = path.stat()
    return (status.st_size, status.st_mtime_ns) == (delivery.size, delivery.mtime_ns)


def _came_again(lakehouse: Lakehouse, delivery: Delivery) -> bool:
    """Whether the same file has a later receipt, for what it holds now."""
    return any(
        known.source == delivery.source and known.delivery > delivery.delivery
        for known in lakehouse.log.deliveries
    )


def _twin(lakehouse: Lakehouse, delivery: Delivery) -> Delivery | None:
    """The applied delivery of the same content and time, if nothing since concerned its rows.

    A delivery of another list since then (`snapshot_scope`) leaves the twin's rows as they were.
    """
    applied = lakehouse.log.of(delivery.dataset, delivery.agency, State.APPLIED)
    twin = max(
        (known for known in applied if _same(known, delivery)),
        key=lambda known: known.delivery,
        default=None,
    )
    if twin is None:
        return None
    since = (known for known in applied if known.delivery > twin.delivery)
    scope = _scope(lakehouse, twin)
    apart = all(scope and _scope(lakehouse, known) not in ((), scope) for known in since)
    return twin if apart else None


def _scope(lakehouse: Lakehouse, delivery: Delivery) -> tuple[str, ...]:
    """The part of the dataset that the delivery's shape confines it to; empty where it does not."""
    dataset = lakehouse.catalog.datasets[delivery.dataset]
    shape = next((shape for shape in dataset.shapes if shape.id == delivery.shape), None)
    if shape is None or not set(dataset.snapshot_scope) <= set(dataset.key) & set(shape.constants):
        return ()
    return tuple(shape.constants[column] for column in dataset.snapshot_scope)


def _same(one: Delivery, other: Delivery) -> bool:
    return (one.sha256, one.as_of) == (other.sha256, other.as_of)
