"""One run: take in what lies in landing and bring everything up to date that it touches.

Belongs here: choosing what to make and having Dagster make it in this process. A run with nothing
to do imports neither Dagster nor Great Expectations.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets import freshness
from assets.between import Unjudged, unjudged
from assets.intake.ahead import staging_ahead
from assets.intake.queue import to_stage, undecided
from assets.intake.receipts import register
from assets.intake.undo import outdated
from assets.lakehouse import Lakehouse
from assets.soundness import unsound
from catalog.entries import Catalog
from quality.ledger import EVENTS_TABLE
from warehouse.landing import Misplaced
from warehouse.log import Delivery, State

DEFECTS = 0.01
"""Share of a demonstration city's rows with a defect."""

SAMPLE = Path(__file__).resolve().parent.parent / "demo" / "sample"


@dataclass(slots=True)
class RunResult:
    """What a run did."""

    decided: list[Delivery] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    misplaced: list[Misplaced] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    """Assets that were made, by key."""
    failures: list[str] = field(default_factory=list)
    """Steps of ours that failed."""
    unjudged: list[Unjudged] = field(default_factory=list)
    """Rules between datasets that the run asked in vain."""
    events_before: int = 0
    """How many events the defect ledger held before."""

    @property
    def exit_code(self) -> int:
        """0 done, 3 done but something refused, held or misplaced, 1 a failure of ours."""
        ours = any(known.our_fault for known in self.decided)
        if self.failures or ours or any(rule.failed for rule in self.unjudged):
            return 1
        unwell = any(known.state in (State.REFUSED, State.HELD) for known in self.decided)
        return 3 if unwell or self.misplaced else 0


def put_sample(lakehouse: Lakehouse) -> bool:
    """Copies the sample deliveries into landing, if nothing was ever delivered here."""
    landing = lakehouse.home.landing
    if lakehouse.log.deliveries or any(landing.iterdir()):
        return False
    shutil.copytree(SAMPLE, landing, dirs_exist_ok=True)
    return True


def put_city(lakehouse: Lakehouse, residents: int) -> bool:
    """Makes a synthetic city and puts its first day into landing, if nothing was ever delivered."""
    from demo.city.city import City  # noqa: PLC0415
    from demo.city.deliver import Delivering, deliver  # noqa: PLC0415

    landing = lakehouse.home.landing
    if lakehouse.log.deliveries or any(landing.iterdir()):
        return False
    made = lakehouse.workspace("city")
    deliver(City(lakehouse.catalog, residents, seed=1), made, Delivering(defects=DEFECTS))
    (day,) = (folder for folder in made.iterdir() if folder.is_dir())
    for deliverer in day.iterdir():
        shutil.move(deliverer, landing / deliverer.name)
    return True


def run(
    lakehouse: Lakehouse,
    select: Sequence[str] = (),
    full: bool = False,
    on_step: Callable[[str], None] | None = None,
) -> RunResult:
    """Runs what has something to do; `full` makes everything, `select` limits it to these assets.

    Asset keys are written with slashes, e.g. `standard/statistics/regional_gdp`.
    """
    result = RunResult(events_before=lakehouse.lake.rows(EVENTS_TABLE))
    arrived = register(lakehouse)
    result.waiting, result.misplaced = arrived.waiting, arrived.misplaced
    before = {known.delivery: known.state for known in lakehouse.log.deliveries}
    chosen = _due(lakehouse, full)
    if select:
        chosen = [name for name in chosen if any(name.startswith(wanted) for wanted in select)]
    if chosen or (lakehouse.home.dagster / _RUNNING).exists():
        with staging_ahead(lakehouse, to_stage(lakehouse, taken_in(lakehouse.catalog, chosen))):
            _execute(lakehouse, chosen, result, on_step)
    result.decided = [
        known
        for known in lakehouse.log.deliveries
        if before.get(known.delivery) is not known.state and known.state is not State.RECEIVED
    ]
    result.waiting += [
        known.file for known in undecided(lakehouse) if not select and not result.failures
    ]
    return result


def _due(lakehouse: Lakehouse, full: bool) -> list[str]:
    """Assets with something to do, then products that are stale or that those may change.

    Datasets have something to do with deliveries, with a new definition, and until their own checks
    have passed for what is stored: a run that left them out would go on with what the last one
    stopped at.
    """
    waiting = {known.dataset for known in undecided(lakehouse)}
    tables = {ref: f"standard/{ref}" for ref in lakehouse.catalog.datasets}
    unchecked = set(unsound(lakehouse, tables.values()))
    datasets = [
        ref
        for ref, table in tables.items()
        if full or ref in waiting or table in unchecked or outdated(lakehouse, ref)
    ]
    every = freshness.products(lakehouse.catalog)
    due = set(every)
    if not full:
        due = freshness.touched(lakehouse.catalog, datasets).union(freshness.stale(lakehouse))
    products = [name for name in every if name in due and lakehouse.log.deliveries]
    names = [f"{layer}/{ref}" for ref in datasets for layer in ("raw", "standard")]
    return [*names, *products]


def taken_in(catalog: Catalog, chosen: Sequence[str]) -> list[str]:
    """The datasets among the chosen assets, in the order in which Dagster takes steps that wait for
    nothing."""
    made = set(chosen)
    return sorted(
        (ref for ref in catalog.datasets if made & {f"raw/{ref}", f"standard/{ref}"}),
        key=lambda ref: ref.replace("/", "__"),
    )


_RUNNING = "running"
"""Marker beside Dagster's storage while a run is under way: if it is there, one was killed."""


def _execute(
    lakehouse: Lakehouse,
    chosen: Sequence[str],
    result: RunResult,
    on_step: Callable[[str], None] | None,
) -> None:
    import dagster as dg  # noqa: PLC0415 - takes seconds

    from assets.resource import PROCESS_TAG  # noqa: PLC0415
    from pipelines.graph import build_definitions  # noqa: PLC0415
    from pipelines.instance import fail_orphans, instance  # noqa: PLC0415

    running = lakehouse.home.dagster / _RUNNING
    with instance(lakehouse.home) as store:
        fail_orphans(store)
        if not chosen:
            running.unlink(missing_ok=True)
            return
        running.touch()
        job = build_definitions(lakehouse.catalog).resolve_implicit_global_asset_job_def()
        outcome = job.execute_in_process(
            instance=store,
            asset_selection=[dg.AssetKey(name.split("/")) for name in chosen],
            tags={PROCESS_TAG: str(os.getpid())},
            run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
            raise_on_error=False,
        )
        for event in outcome.all_events:
            if event.is_step_failure and event.step_key:
                result.failures.append(event.step_key)
            elif event.is_step_success and event.step_key and on_step is not None:
                on_step(event.step_key)
            if event.is_step_materialization and event.asset_key is not None:
                result.made.append("/".join(event.asset_key.path))
        if not outcome.success and not result.failures:
            result.failures.append("run")
        if freshness.BETWEEN in result.made:
            result.unjudged = unjudged(lakehouse)
        running.unlink(missing_ok=True)
