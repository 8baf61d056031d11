"""The scorecard of the published file: the last scores, and the words made of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from catalog.models.rules import Dimension
from quality.scores.items import Score, word_scores
from quality.scores.settings import settings
from quality.scores.table import SCORES
from tests.assets.published.written import NOON, Written, read
from tests.this_catalog import this_catalog

CARDS = {
    ("dataset", "a/x", "a"): {"accuracy": (8, 10), "consistency": (1, 2), "timeliness": (0, 0)},
    ("dataset", "a/x", "b"): {"accuracy": (9, 10), "conformity": (5, 5), "accessibility": (0, 1)},
    ("agency", "a", "a"): {"completeness": (2, 3)},
}
"""Subject and deliverer → dimension → A and B; all were scored before as if nothing were right."""


def test_the_scorecard_tells_the_last_scores_and_the_words_made_of_them(tmp_path: Path) -> None:
    written = Written(tmp_path, this_catalog())
    told = [
        {"no": 0, "at": NOON, "level": level, "subject": subject, "agency": agency,
         "dimension": dimension, "rules": 1, "passed": passed, "asked": asked}
        for worst in (True, False)
        for (level, subject, agency), card in CARDS.items()
        for dimension, (right, asked) in card.items()
        for passed in (0 if worst else right,)
    ]  # fmt: skip
    lines = pl.DataFrame(
        [line | {"no": number} for number, line in enumerate(told, start=1)], schema=SCORES
    )
    written.house.lake.ensure("quality/scores", SCORES)
    written.house.lake.append("quality/scores", lines, transaction="scores")
    path = written.publish()
    measured = read(
        path,
        "SELECT subject, measure, passed, asked, score FROM quality.scorecard "
        "ORDER BY subject, kind, passed, measure",
    )
    assert measured == [
        ("a", "completeness", 2, 3, 2 / 3),
        ("a", "完整性", None, None, 2 / 3),
        ("a/x", "accessibility", 0, 1, 0.0),
        ("a/x", "consistency", 1, 2, 0.5),
        ("a/x", "conformity", 5, 5, 1.0),
        ("a/x", "accuracy", 17, 20, 0.85),
        *[("a/x", word, None, None, score) for word, score in measured_words(path).items()],
    ]
    assert len(read(path, "FROM quality.scores")) == len(told)


def test_the_scorecard_is_in_order_of_agencies_names_and_of_the_catalogue(tmp_path: Path) -> None:
    catalog = this_catalog()
    written = Written(tmp_path, catalog)
    refs = sorted(catalog.datasets, reverse=True)
    subjects = [("agency", agency, None, agency) for agency in sorted(catalog.agencies)]
    subjects += [("dataset", ref, ref, ref.partition("/")[0]) for ref in refs]
    scored = [
        {"no": number, "at": NOON, "level": level, "subject": subject, "dataset": dataset,
         "agency": agency, "dimension": str(dimension), "rules": 1, "passed": 1, "asked": 2}
        for number, (dimension, (level, subject, dataset, agency)) in enumerate(
            ((dimension, each) for dimension in Dimension for each in subjects), start=1
        )
    ]  # fmt: skip
    written.house.lake.ensure("quality/scores", SCORES)
    written.house.lake.append(
        "quality/scores", pl.DataFrame(scored, schema=SCORES), transaction="scores"
    )
    rows = read(written.publish(), "SELECT level, subject, measure FROM quality.scorecard")
    shown = list(dict.fromkeys((level, subject) for level, subject, _ in rows))
    by_name = sorted(catalog.agencies, key=lambda agency: catalog.agencies[agency].name)
    by_owner = sorted(
        catalog.datasets, key=lambda ref: catalog.agencies[catalog.datasets[ref].agency].name
    )
    assert shown == [("agency", each) for each in by_name] + [("dataset", ref) for ref in by_owner]
    words = settings().words
    dimensions = [str(each) for of_word in words.values() for each in of_word]
    assert [measure for _, _, measure in rows[: len(words) + len(dimensions)]] == [
        *dimensions, *words,
    ]  # fmt: skip


def measured_words(path: Path) -> dict[str, float | None]:
    """The words of dataset a/x as the rest of the house makes them of its dimensions."""
    rows = read(
        path,
        "SELECT measure, passed, asked FROM quality.scorecard "
        "WHERE kind = 'dimension' AND subject = 'a/x'",
    )
    card = {Dimension(name): Score(1, passed, asked) for name, passed, asked in rows}
    words = word_scores(settings().words, card)
    shown = read(
        path, "SELECT measure FROM quality.scorecard WHERE kind = 'word' AND subject = 'a/x' "
        "ORDER BY measure",
    )  # fmt: skip
    assert [word for (word,) in shown] == sorted(word for word in words if words[word] is not None)
    return {word: words[word] for (word,) in shown}
