"""An agency's scores as its report tells them.

Belongs here: the stored scores beside those of the report before. How they are counted stands in
`quality.scores`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from catalog.models.rules import Dimension
from quality.reports.model import DIMENSION_TEXTS, ReportedScore
from quality.scores.items import Card, Score, word_scores
from quality.scores.settings import settings
from quality.scores.table import latest


def scores_of(
    con: duckdb.DuckDBPyConnection, agency: str, previous: Mapping[str, float | None]
) -> tuple[ReportedScore, ...]:
    """Words, then dimensions; none for an agency of which nothing was asked.

    `previous`: id → score in the report before.
    """
    for stored in latest(con, "agency", agency).values():
        if any(score.asked for score in stored.card.values()):
            return tuple(_told(stored.card, previous))
    return ()


def _told(card: Card, previous: Mapping[str, float | None]) -> Iterator[ReportedScore]:
    for word, score in word_scores(settings().words, card).items():
        yield ReportedScore("word", word, word, None, None, score, previous.get(word))
    for dimension in Dimension:
        of_it = card.get(dimension, Score())
        yield ReportedScore(
            "dimension", str(dimension), DIMENSION_TEXTS[dimension], of_it.passed, of_it.asked,
            of_it.x, previous.get(str(dimension)),
        )  # fmt: skip
