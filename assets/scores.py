"""Counting the scores that something changed, and appending them to the lake.

Belongs here: what they are counted from, and one commit for all of a run. Does not belong here: how
they are counted (`quality.scores`).
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from quality.between.evaluate import State
from quality.between.model import BetweenRule, between_rules
from quality.ledger.present import OPEN, view_defects
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
            _standing(lakehouse, engine),
        )
    )
    if lines.is_empty():
        return {}
    lake.append(SCORES_TABLE, lines, f"lines-{lines['no'][0]}")
    engine.refresh([SCORES_TABLE])
    return dict(Counter(lines.unique(["level", "subject", "agency"])["level"]))


def agency_scores(catalog: Catalog, engine: Engine) -> str:
    """Every agency's words now, a Markdown table ordered by name: percentages, nothing of a row."""
    words = settings().words
    lines = [f"| 单位 | {' | '.join(words)} |", f"| --- |{' ---: |' * len(words)}"]
    named = [
        (known.name if (known := catalog.agencies.get(subject.agency)) else subject.agency, stored)
        for subject, stored in latest(engine.con, "agency").items()
    ]
    for name, stored in sorted(named, key=lambda each: each[0]):
        told = map(percent, word_scores(words, stored.card).values())
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines)


def _standing(lakehouse: Lakehouse, engine: Engine) -> list[BetweenRule]:
    """Rules between datasets that were judged when they were last asked, or of which findings stand
    though they could not be; what others ask was not passed."""
    if not lakehouse.lake.exists(_OUTCOMES):
        return []
    told = pl.read_delta(str(lakehouse.lake.path(_OUTCOMES))).sort("no")
    last = dict(told.select("rule", "state").iter_rows())
    view_defects(engine.con)
    found = engine.con.execute(
        f"select distinct rule from quality.main.defects where kind = 'between' and {OPEN}"
    ).fetchall()
    accusing = {rule for (rule,) in found}
    return [
        rule for rule in between_rules() if last.get(rule.id) == State.JUDGED or rule.id in accusing
    ]
