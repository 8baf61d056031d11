"""Asking the rules between datasets, and keeping the ledger in step with the answers.

Belongs here: which rules are asked again, and appending the ledger's events once. Does not belong
here: the rules (`quality.between`) and what an event is (`quality.ledger`); needs no Dagster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from assets import freshness
from assets.intake.ledger import EVENTS_DESCRIPTION, next_event_no
from assets.lakehouse import BETWEEN_OUTCOMES, Lakehouse
from assets.notes import forget, note, noted
from quality.between.evaluate import FINDINGS, Outcome, State, evaluate
from quality.between.model import BetweenRule, between_rules
from quality.ledger import EVENTS_TABLE
from quality.ledger.between import STANDING_TABLE, Asked, reconcile_between, write_standing
from quality.ledger.session import session
from quality.punctuality import NEVER, OVERDUE, arrivals, lapses
from warehouse.engine import Engine
from warehouse.lake import Lake, LakeFile

OUTCOMES = "quality/between_outcomes"
_OF_THE_LOG = 1
"""Version of the rules about what was not delivered."""


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

    What was noted of each is forgotten until its events are written: killed at any point and run
    again, this ends the same, and a rule that failed is asked again by the next run, whatever state
    that finds. One whose reference is gone accuses nobody any more.
    """
    known = between_rules() if rules is None else rules
    before = noted(lakehouse)
    prints = freshness.fingerprints_of_rules(lakehouse, known)
    prints[freshness.PUNCTUALITY] = freshness.fingerprint(lakehouse, freshness.PUNCTUALITY)
    due = [rule for rule in known if before.get(rule.id) != prints[rule.id]]
    late = before.get(freshness.PUNCTUALITY) != prints[freshness.PUNCTUALITY]
    if not due and not late:
        return Judged((), {})
    forget(lakehouse, [freshness.BETWEEN, *(rule.id for rule in due)])
    engine.refresh([EVENTS_TABLE, STANDING_TABLE, "quality/delivery_events"])
    with session(engine.con) as cursor:
        outcomes = evaluate(cursor, lakehouse.catalog, due)
        asked = [
            Asked(outcome.rule.id, outcome.rule.version, outcome.rule.sources)
            for outcome in outcomes
            if outcome.state in (State.JUDGED, State.LACKING)
        ]
        if late:
            asked += _look_for_lapses(lakehouse, cursor)
        events = _append(lakehouse, engine, cursor, asked)
    _record(lakehouse, outcomes, prints)
    engine.refresh([EVENTS_TABLE, STANDING_TABLE, OUTCOMES])
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
        _last_outcomes(lake)
        .filter(pl.col("rule").is_in([rule.id for rule in between_rules()]))
        .filter(pl.col("state").is_in([str(State.FAILED), str(State.IMPLAUSIBLE)]))
    )
    return [
        Unjudged(rule, state == State.FAILED, reason)
        for rule, state, reason in last.select("rule", "state", "reason").iter_rows()
    ]


def _last_outcomes(lake: Lake) -> pl.DataFrame:
    """Each rule's last outcome, columns BETWEEN_OUTCOMES, in the order in which they were noted."""
    told = pl.read_delta(str(lake.path(OUTCOMES))).sort("no")
    return told.unique("rule", keep="last", maintain_order=True)


def _look_for_lapses(lakehouse: Lakehouse, cursor: duckdb.DuckDBPyConnection) -> list[Asked]:
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
    return [Asked(rule, _OF_THE_LOG, every) for rule in (NEVER, OVERDUE)]


def _append(
    lakehouse: Lakehouse,
    engine: Engine,
    cursor: duckdb.DuckDBPyConnection,
    asked: Sequence[Asked],
) -> dict[str, int]:
    lake = lakehouse.lake
    lake.ensure(EVENTS_TABLE, lakehouse.schemas[EVENTS_TABLE], EVENTS_DESCRIPTION)
    engine.refresh([EVENTS_TABLE])
    first = next_event_no(engine)
    mark = f"between-{first}"
    of_lapses = any(each.rule == OVERDUE for each in asked)
    arrived = arrivals(lakehouse.catalog, lakehouse.log.deliveries) if of_lapses else []
    with reconcile_between(cursor, asked, arrived, lakehouse.clock.now(), first) as changes:
        _keep_standing(lakehouse, cursor, ended=True)
        if changes.counts:
            file = lake.path(EVENTS_TABLE) / f"{mark}.parquet"
            lake.commit(EVENTS_TABLE, [LakeFile(file, changes.write_parquet(file))], mark)
        if changes.counts.keys() & {"closed", "withdrawn"}:
            _keep_standing(lakehouse, cursor, ended=False)
        return changes.counts


def _keep_standing(lakehouse: Lakehouse, cursor: duckdb.DuckDBPyConnection, ended: bool) -> None:
    """Puts what stands after this asking, and what it `ended`, in place of what stood."""
    lake = lakehouse.lake
    lake.ensure(
        STANDING_TABLE, lakehouse.schemas[STANDING_TABLE], "跨数据集规则最近一次比对时的问题"
    )
    stood = [Path(file).name for file in lake.files(STANDING_TABLE)]
    mark = f"{(lake.version(STANDING_TABLE) or 0) + 1:08d}-standing"
    built = lakehouse.workspace("between-standing") / "rows.parquet"
    rows = write_standing(cursor, lakehouse.log.last_event, built, ended)
    file = lake.adopt(STANDING_TABLE, built, f"{mark}.parquet")
    lake.commit(STANDING_TABLE, [LakeFile(file, rows)], mark, remove=stood)


def _record(lakehouse: Lakehouse, outcomes: Sequence[Outcome], prints: Mapping[str, str]) -> None:
    """Appends the outcomes, but none that its rule's last one told of the same basis already."""
    lake, at = lakehouse.lake, lakehouse.clock.now()
    lake.ensure(OUTCOMES, lakehouse.schemas[OUTCOMES], "跨数据集规则每次比对的结果")
    told = ("basis", "state", "findings", "reason")
    last = {row["rule"]: row for row in _last_outcomes(lake).iter_rows(named=True)}
    rows: list[dict[str, object]] = [
        {
            "rule": outcome.rule.id,
            "version": outcome.rule.version,
            "state": str(outcome.state),
            "findings": outcome.findings,
            "reason": outcome.reason,
            "basis": prints[outcome.rule.id],
        }
        for outcome in outcomes
    ]
    new = [
        row
        for row in rows
        if any(row[name] != last.get(str(row["rule"]), {}).get(name) for name in told)
    ]
    first = lake.rows(OUTCOMES) + 1
    numbered = [{"no": first + place, "at": at, **row} for place, row in enumerate(new)]
    lake.append(OUTCOMES, pl.DataFrame(numbered, schema=BETWEEN_OUTCOMES), f"outcomes-{first}")
