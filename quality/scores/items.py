"""What is asked of rows and cells, and what it gives once counted: A and B of each dimension.

Belongs here: the arithmetic, from rules and counts. Where the counts come from stands in
`quality.scores.counts`; why it is counted so, in `quality.scores`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.models.rules import Dimension
from quality.rules.model import Rule

MISSING_VALUE, UNREADABLE, REQUIRED = "null_word", "unreadable", "required"
"""Kinds of checks that tell whether a cell holds a value at all."""
_OF_ROWS = frozenset({"cross_field", "duplicate_key"})


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension of one subject: how many rules asked, A and B."""

    rules: int = 0
    passed: int = 0
    asked: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.rules + other.rules, self.passed + other.passed, self.asked + other.asked)

    @property
    def x(self) -> float | None:
        """X = A / B; None where nothing was asked."""
        return self.passed / self.asked if self.asked else None


Card = Mapping[Dimension, Score]
"""A subject's scores; a dimension that asked nothing is left out or all zero."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there was to ask of: rows, cells with something delivered, rows with all columns."""

    rows: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    """Column → cells in which something was delivered, be it a word for nothing."""
    together: Mapping[str, int] = field(default_factory=dict)
    """Rule over several columns → rows that it was asked of."""


def together_columns(rule: Rule) -> tuple[str, ...]:
    """Columns that must hold something for a row to be asked a rule over several; () for none.

    A rule about missing values, or one that puts another value in a missing one's place, is asked
    of every row.
    """
    about_missing = rule.dimension is Dimension.COMPLETENESS or "coalesce(" in (rule.check or "")
    return () if about_missing else rule.columns


def row_card(rules: Iterable[Rule], counts: Counts, failed: Mapping[str, int]) -> Card:
    """The card of rows by their row rules, in the order of `quality.rules.derive`.

    `failed`: rule id → rows that fail it, each cell by the first of its column's checks that it
    fails.
    """
    chains: dict[str, list[Rule]] = {}
    card: dict[Dimension, Score] = {}
    for rule in rules:
        if rule.kind not in _OF_ROWS:
            chains.setdefault(rule.columns[0], []).append(rule)
        elif rule.severity == "error":
            asked = counts.together.get(rule.id, counts.rows)
            _add(card, rule.dimension, _score(1, asked, failed.get(rule.id, 0)))
    for column, chain in chains.items():
        for dimension in Dimension:
            _add(card, dimension, _cells(column, chain, dimension, counts, failed))
    return card


def _cells(
    column: str,
    chain: Sequence[Rule],
    dimension: Dimension,
    counts: Counts,
    failed: Mapping[str, int],
) -> Score:
    """What one dimension asks of one column's cells."""
    places = [
        place
        for place, rule in enumerate(chain)
        if rule.dimension is dimension and rule.severity == "error"
    ]
    if not places:
        return Score()
    required = any(chain[place].kind == REQUIRED for place in places)
    base = counts.rows if required else counts.filled.get(column, 0)
    earlier = sum(failed.get(rule.id, 0) for rule in chain[: places[0]] if rule.kind != REQUIRED)
    broken = sum(failed.get(chain[place].id, 0) for place in places)
    return _score(len(places), base - earlier, broken)


def _score(rules: int, asked: int, broken: int) -> Score:
    # What failed was asked, whatever the count of what there was to ask says.
    asked = max(asked, broken)
    return Score(rules, asked - broken, asked)


def _add(card: dict[Dimension, Score], dimension: Dimension, score: Score) -> None:
    if score.rules:
        card[dimension] = card.get(dimension, Score()) + score


def fact(dimension: Dimension, asked: int, broken: int) -> Card:
    """One rule that no row mask holds, e.g. that a row has a key."""
    return {dimension: _score(1, asked, broken)}


def total(cards: Iterable[Card]) -> Card:
    """Cards added up, dimension by dimension."""
    summed: dict[Dimension, Score] = {}
    for card in cards:
        for dimension, score in card.items():
            _add(summed, dimension, score)
    return summed


def percent(x: float | None) -> str:
    """A score in words: never rounded up, so that 100 % means all; `—` where nothing was asked."""
    return "—" if x is None else f"{math.floor(x * 10_000 + 1e-7) / 100:.2f}%"


def word_scores(words: Mapping[str, Sequence[Dimension]], card: Card) -> dict[str, float | None]:
    """Each word's score: the mean X of its dimensions that asked anything; None where none did."""
    found: dict[str, float | None] = {}
    for word, dimensions in words.items():
        known = [x for each in dimensions if (x := card.get(each, Score()).x) is not None]
        found[word] = sum(known) / len(known) if known else None
    return found
