"""Counting the scores that something changed, and appending them to the lake.

Belongs here: what they are counted from, and one commit for all of a run. Does not belong here: how
they are counted (`quality.scores`).
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from assets.lakehouse import Lakehouse
from quality.between.evaluate import State
from quality.between.model import BetweenRule, between_rules
from quality.scores.compute import Sources, new_lines
from quality.scores.items import percent, word_scores
from quality.scores.settings import settings
from quality.scores.table import SCORES_TABLE, latest
from warehouse.engine import Engine

_OUTCOMES = "quality/between_outcomes"


def score(lakehouse: Lakehouse, engine: Engine) -> dict[str, int]:
    """Appends what is new to `quality/scores`; subjects counted anew, by level.

    Killed at any point and run again, it appends the same lines once: what was committed is known
    by what it was counted from.
    """
    lake = lakehouse.lake
    lake.ensure(SCORES_TABLE, lakehouse.schemas[SCORES_TABLE], "质量得分：每次重算的分子和分母")
    engine.refresh([name for name in lakehouse.schemas if name.startswith("quality/")])
    lines = new_lines(
        Sources(
            engine.con,
            lakehouse.catalog,
            lakehouse.log.deliveries,
            lambda ref: lake.version(f"standard/{ref}"),
            _judged(lakehouse),
        )
    )
    if lines.is_empty():
        return {}
    lake.append(SCORES_TABLE, lines, f"lines-{lines['no'][0]}")
    engine.refresh([SCORES_TABLE])
    return dict(Counter(lines.unique(["level", "subject", "agency"])["level"]))


def agency_scores(engine: Engine) -> str:
    """Every agency's words now, as a Markdown table: agencies and percentages, nothing of a row."""
    words = settings().words
    lines = [f"| 单位 | {' | '.join(words)} |", f"| --- |{' ---: |' * len(words)}"]
    found = latest(engine.con, "agency")
    for subject in sorted(found, key=lambda each: each.subject):
        told = map(percent, word_scores(words, found[subject].card).values())
        lines.append(f"| {subject.agency} | {' | '.join(told)} |")
    return "\n".join(lines)


def _judged(lakehouse: Lakehouse) -> list[BetweenRule]:
    """Rules between datasets that were judged when they were last asked: no others were passed."""
    if not lakehouse.lake.exists(_OUTCOMES):
        return []
    told = pl.read_delta(str(lakehouse.lake.path(_OUTCOMES))).sort("no")
    last = dict(told.select("rule", "state").iter_rows())
    return [rule for rule in between_rules() if last.get(rule.id) == State.JUDGED]
