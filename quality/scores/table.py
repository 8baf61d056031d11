"""The stored scores: `quality/scores`, lines only ever appended.

Belongs here: the shape of a line, and the last line of each subject. What a line says is counted in
`quality.scores.compute`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb
import polars as pl

from catalog.models.rules import Dimension
from quality.scores.items import Card, Score

SCORES_TABLE = "quality/scores"
"""Its place in the lake."""

SCORES = pl.Schema(
    {
        "no": pl.Int64(),
        "at": pl.Datetime("us"),
        "level": pl.String(),
        "subject": pl.String(),
        "dataset": pl.String(),
        "agency": pl.String(),
        "dimension": pl.String(),
        "rules": pl.Int64(),
        "passed": pl.Int64(),
        "asked": pl.Int64(),
        "catalog_version": pl.String(),
        "basis": pl.String(),
    }
)
"""One row a subject and dimension each time it was counted; key `no`, from 1 without gaps.

- `at`: Asia/Shanghai, the last decision or event that the count takes into account.
- `level`: delivery; dataset (one deliverer's part of it); agency (all its parts together).
- `subject`: the delivery, `<agency>/<dataset>`, or the agency. `dataset` null for an agency.
  `agency`: the deliverer.
- `dimension`: of GB/T 36344-2018. All six each time; one that asked nothing has `asked` 0, as all
  have of a subject that no longer counts, such as a withdrawn delivery.
- `rules`: rules that asked. `passed`, `asked`: A and B.
- `basis`: what it was counted from; the same basis is not counted again.
"""

Level = Literal["delivery", "dataset", "agency"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is of."""

    level: Level
    subject: str
    dataset: str | None
    agency: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A subject's last lines."""

    at: datetime
    basis: str
    card: Card


def lines_of(
    subject: Subject, at: datetime, card: Card, catalog_version: str, basis: str
) -> list[dict[str, object]]:
    """The six lines of one count, still without numbers."""
    return [
        {
            "at": at,
            "level": subject.level,
            "subject": subject.subject,
            "dataset": subject.dataset,
            "agency": subject.agency,
            "dimension": str(dimension),
            "rules": score.rules,
            "passed": score.passed,
            "asked": score.asked,
            "catalog_version": catalog_version,
            "basis": basis,
        }
        for dimension in Dimension
        for score in (card.get(dimension, Score()),)
    ]


def numbered(lines: Iterable[dict[str, object]], first: int) -> pl.DataFrame:
    """Lines to be appended, columns as SCORES."""
    rows = [{"no": number, **line} for number, line in enumerate(lines, start=first)]
    return pl.DataFrame(rows, schema=SCORES)


def latest(
    con: duckdb.DuckDBPyConnection, level: Level | None = None, name: str | None = None
) -> dict[Subject, Stored]:
    """The last lines of each subject, or of those of one level, or of one name."""
    found = con.execute(
        'select level, subject, dataset, agency, "at", basis, dimension, rules, passed, asked '
        "from quality.main.scores "
        "where ($level is null or level = $level) and ($name is null or subject = $name) "
        "qualify row_number() over "
        "(partition by level, subject, agency, dimension order by no desc) = 1 order by no",
        {"level": level, "name": name},
    ).fetchall()
    cards: dict[Subject, dict[Dimension, Score]] = {}
    told: dict[Subject, tuple[datetime, str]] = {}
    for row in found:
        subject = Subject(*row[:4])
        dimension, *numbers = row[6:]
        cards.setdefault(subject, {})[Dimension(dimension)] = Score(*numbers)
        told[subject] = row[4], row[5]
    return {subject: Stored(*told[subject], card) for subject, card in cards.items()}


def last_number(con: duckdb.DuckDBPyConnection) -> int:
    """Number of the newest line, 0 before the first."""
    row = con.execute("select coalesce(max(no), 0) from quality.main.scores").fetchone()
    return int(row[0]) if row else 0
