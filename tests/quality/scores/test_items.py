"""A and B from rules and counts, worked out by hand."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models.rules import Dimension
from quality.rules.model import Rule
from quality.scores.items import Counts, Score, fact, percent, row_card, total, word_scores

ACCURACY, COMPLETENESS = Dimension.ACCURACY, Dimension.COMPLETENESS
CONFORMITY, CONSISTENCY = Dimension.CONFORMITY, Dimension.CONSISTENCY


def rule(
    name: str,
    dimension: Dimension,
    severity: Literal["error", "query"] = "error",
    columns: tuple[str, ...] = ("id_no",),
    check: str | None = None,
) -> Rule:
    kind = "cross_field" if check else name
    return Rule(
        id=f"row.{name}" if check else f"{columns[0]}.{name}", kind=kind, columns=columns,
        dimension=dimension, severity=severity, message="", standard="", how_to_correct="",
        example="", bit=0, check=check,
    )  # fmt: skip


ID_NO = (
    rule("null_word", COMPLETENESS),
    rule("required", COMPLETENESS),
    rule("length", CONFORMITY),
    rule("division", ACCURACY, "query"),
    rule("check_digit", ACCURACY),
)
"""A required column's checks in the order in which they are asked."""
FAILED = {"id_no.null_word": 2, "id_no.required": 3, "id_no.length": 5, "id_no.division": 10,
          "id_no.check_digit": 4}  # fmt: skip


def test_a_cell_counts_once_for_a_dimension_and_not_for_what_it_was_never_asked() -> None:
    card = row_card(ID_NO, Counts(rows=100, filled={"id_no": 97}), FAILED)
    assert card == {
        # Every row is to have one; two say "none" and three say nothing.
        COMPLETENESS: Score(rules=2, passed=95, asked=100),
        # 97 cells hold text, two of them a word for nothing.
        CONFORMITY: Score(rules=1, passed=90, asked=95),
        # Further, five have the wrong length, and ten are asked about, not faulted.
        ACCURACY: Score(rules=1, passed=76, asked=80),
    }


def test_queries_take_no_point_and_rules_of_queries_alone_no_part() -> None:
    rules = (rule("ward", CONFORMITY, "query"), rule("range", ACCURACY))
    card = row_card(rules, Counts(rows=10, filled={"id_no": 10}), {"id_no.ward": 4})
    assert card == {ACCURACY: Score(rules=1, passed=6, asked=6)}


def test_a_column_with_many_checks_weighs_no_more_than_one_with_one() -> None:
    many = [rule(f"check_{n}", ACCURACY) for n in range(6)]
    one = [rule("range", ACCURACY, columns=("fee",))]
    counts = Counts(rows=50, filled={"id_no": 50, "fee": 50})
    card = row_card([*many, *one], counts, {"id_no.check_0": 3, "id_no.check_5": 2, "fee.range": 1})
    assert card[ACCURACY] == Score(rules=7, passed=94, asked=100)


def test_a_rule_over_several_columns_is_asked_of_the_rows_counted_for_it() -> None:
    sums = rule("sums", CONSISTENCY, columns=("total", "a", "b"), check="total = a + b")
    key = Rule(**{**{f: getattr(sums, f) for f in Rule.__slots__},
                  "id": "row.duplicate_key", "kind": "duplicate_key", "dimension": ACCURACY,
                  "check": None})  # fmt: skip
    counts = Counts(rows=40, together={"row.sums": 30})
    card = row_card([sums, key], counts, {"row.sums": 6, "row.duplicate_key": 1})
    assert card == {CONSISTENCY: Score(1, 24, 30), ACCURACY: Score(1, 39, 40)}


def test_a_word_is_the_plain_mean_of_its_dimensions_that_asked_anything() -> None:
    words = {"准确性": (ACCURACY, CONSISTENCY), "可用性": (CONFORMITY, Dimension.ACCESSIBILITY)}
    card = total([
        fact(ACCURACY, 1000, 100), fact(CONSISTENCY, 4, 2), fact(Dimension.ACCESSIBILITY, 2, 1),
    ])  # fmt: skip
    assert word_scores(words, card) == {"准确性": pytest.approx(0.7), "可用性": 0.5}
    assert word_scores(words, {}) == {"准确性": None, "可用性": None}


@pytest.mark.parametrize(
    ("passed", "asked", "told"),
    [(1, 1, "100.00%"), (999_999_999, 1_000_000_000, "99.99%"), (2, 3, "66.66%"),
     (29, 100, "29.00%"), (0, 5, "0.00%"), (0, 0, "—")],
)  # fmt: skip
def test_a_score_is_never_told_better_than_it_is(passed: int, asked: int, told: str) -> None:
    assert percent(Score(1, passed, asked).x) == told


CHAINS = st.lists(
    st.tuples(st.sampled_from([CONFORMITY, ACCURACY, CONSISTENCY]), st.booleans()), max_size=6
)
CELLS = st.lists(st.integers(-1, 6), max_size=30)


@given(CHAINS, CELLS)
def test_counts_alone_give_what_looking_at_every_cell_gives(
    chain: list[tuple[Dimension, bool]], cells: list[int]
) -> None:
    """A cell is -1: empty; n: fails the n-th check; beyond the last: right."""
    rules = [
        rule(f"check_{n}", dimension, "error" if error else "query")
        for n, (dimension, error) in enumerate(chain)
    ]
    delivered = [cell for cell in cells if cell >= 0]
    failed = Counter(rules[cell].id for cell in delivered if cell < len(rules))
    card = row_card(rules, Counts(len(cells), {"id_no": len(delivered)}), failed)
    for dimension in Dimension:
        places = [n for n, told in enumerate(chain) if told == (dimension, True)]
        asked = [cell for cell in delivered if places and cell >= places[0]]
        right = [cell for cell in asked if cell not in places]
        score = card.get(dimension, Score())
        assert (score.rules, score.passed, score.asked) == (len(places), len(right), len(asked))
