"""Asking the rules between datasets, and keeping the ledger in step with the answers.

Belongs here: which rules are asked again, and appending the ledger's events once. Does not belong
here: the rules (`quality.between`) and what an event is (`quality.ledger`); needs no Dagster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from assets import freshness
from assets.intake.ledger import EVENTS_DESCRIPTION, next_event_no
from assets.lakehouse import BETWEEN_OUTCOMES, Lakehouse
from assets.notes import note, noted
from quality.between.evaluate import FINDINGS, Outcome, State, evaluate
from quality.between.model import BetweenRule, between_rules
from quality.ledger import EVENTS_TABLE
from quality.ledger.between import reconcile_between
from quality.ledger.session import session
from quality.punctuality import NEVER, OVERDUE, arrivals, lapses
from warehouse.engine import Engine
from warehouse.lake import LakeFile

OUTCOMES = "quality/between_outcomes"


@dataclass(frozen=True, slots=True)
class Judged:
    """What asking brought: the rules' outcomes, and the ledger's new events by kind."""

    outcomes: Sequence[Outcome]
    events: dict[str, int]


def judge_between(
    lakehouse: Lakehouse, engine: Engine, rules: Sequence[BetweenRule] | None = None
) -> Judged:
    """Asks the rules whose sources or words changed since they were last asked, and what was not
    delivered when the log or the day has changed.

    Each is noted when its events are written: killed at any point and run again, this ends the
    same. A rule that failed is asked again by the next run, and one whose reference is gone accuses
    nobody any more.
    """
    known = between_rules() if rules is None else rules
    before = noted(lakehouse)
    prints = freshness.fingerprints_of_rules(lakehouse, known)
    prints[freshness.PUNCTUALITY] = freshness.fingerprint(lakehouse, freshness.PUNCTUALITY)
    due = [rule for rule in known if before.get(rule.id) != prints[rule.id]]
    late = before.get(freshness.PUNCTUALITY) != prints[freshness.PUNCTUALITY]
    if not due and not late:
        return Judged((), {})
    engine.refresh([EVENTS_TABLE, "quality/delivery_events"])
    with session(engine.con) as cursor:
        outcomes = evaluate(cursor, lakehouse.catalog, due)
        asked = {
            outcome.rule.id: outcome.rule.sources
            for outcome in outcomes
            if outcome.state in (State.JUDGED, State.LACKING)
        }
        if late:
            asked |= _look_for_lapses(lakehouse, cursor)
        events = _append(lakehouse, engine, cursor, asked)
    _record(lakehouse, outcomes, [prints[outcome.rule.id] for outcome in outcomes])
    engine.refresh([EVENTS_TABLE, OUTCOMES])
    failed = {outcome.rule.id for outcome in outcomes if outcome.state is State.FAILED}
    note(lakehouse, {name: told for name, told in prints.items() if name not in failed})
    return Judged(outcomes, events)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A rule whose last asking failed, a fault of ours, or gave nothing plausible."""

    rule: str
    failed: bool
    reason: str


def unjudged(lakehouse: Lakehouse) -> list[Unjudged]:
    """Rules that say nothing at present, though they were asked."""
    lake = lakehouse.lake
    if not lake.exists(OUTCOMES):
        return []
    last = (
        pl.read_parquet(lake.files(OUTCOMES))
        .filter(pl.col("rule").is_in([rule.id for rule in between_rules()]))
        .sort("no")
        .unique("rule", keep="last", maintain_order=True)
        .filter(pl.col("state").is_in([str(State.FAILED), str(State.IMPLAUSIBLE)]))
    )
    return [
        Unjudged(rule, state == State.FAILED, reason)
        for rule, state, reason in last.select("rule", "state", "reason").iter_rows()
    ]


def _look_for_lapses(
    lakehouse: Lakehouse, cursor: duckdb.DuckDBPyConnection
) -> dict[str, frozenset[str]]:
    """Adds what was not delivered to the findings; the rules that were asked so."""
    missing = lapses(lakehouse.catalog, lakehouse.log.deliveries, lakehouse.clock.now().date())
    rows = [
        {"rule": lapse.rule, "dataset": lapse.dataset, "agency": lapse.agency, "key": "",
         "column": "", "delivery": "", "row": None, "value": None, "detail": lapse.message,
         "kind": "absence"}
        for lapse in missing
    ]  # fmt: skip
    if rows:
        cursor.execute(
            f"insert into {FINDINGS} by name select unnest($rows, recursive := true)",
            {"rows": rows},
        )
    every = frozenset(lakehouse.catalog.datasets)
    return {NEVER: every, OVERDUE: every}


def _append(
    lakehouse: Lakehouse,
    engine: Engine,
    cursor: duckdb.DuckDBPyConnection,
    asked: Mapping[str, frozenset[str]],
) -> dict[str, int]:
    lake = lakehouse.lake
    lake.ensure(EVENTS_TABLE, lakehouse.schemas[EVENTS_TABLE], EVENTS_DESCRIPTION)
    engine.refresh([EVENTS_TABLE])
    first = next_event_no(engine)
    mark = f"between-{first}"
    arrived = arrivals(lakehouse.catalog, lakehouse.log.deliveries) if OVERDUE in asked else []
    with reconcile_between(cursor, asked, arrived, lakehouse.clock.now(), first) as changes:
        if changes.counts:
            file = lake.path(EVENTS_TABLE) / f"{mark}.parquet"
            lake.commit(EVENTS_TABLE, [LakeFile(file, changes.write_parquet(file))], mark)
        return changes.counts


def _record(lakehouse: Lakehouse, outcomes: Sequence[Outcome], prints: Sequence[str]) -> None:
    """Appends the outcomes, once for what they were asked over."""
    lake, at = lakehouse.lake, lakehouse.clock.now()
    lake.ensure(OUTCOMES, lakehouse.schemas[OUTCOMES], "跨数据集规则每次比对的结果")
    before = lake.rows(OUTCOMES)
    rows = [
        {
            "no": before + number,
            "at": at,
            "rule": outcome.rule.id,
            "version": outcome.rule.version,
            "state": str(outcome.state),
            "findings": outcome.findings,
            "reason": outcome.reason,
        }
        for number, outcome in enumerate(outcomes, start=1)
    ]
    asked = hashlib.sha256("".join(prints).encode()).hexdigest()
    lake.append(OUTCOMES, pl.DataFrame(rows, schema=BETWEEN_OUTCOMES), f"between-{asked}")
