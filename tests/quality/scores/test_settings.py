from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from catalog.models.attributes import UpdateCycle
from catalog.models.rules import Dimension
from quality.scores.settings import Settings, settings

WORDS = {
    "完整性": ["completeness"],
    "准确性": ["accuracy", "consistency"],
    "时效性": ["timeliness"],
    "可用性": ["conformity", "accessibility"],
}
GRACE = {str(cycle): 1 for cycle in UpdateCycle}


def test_the_four_words_of_article_16_take_up_each_dimension_once() -> None:
    words = settings().words
    assert list(words) == ["完整性", "准确性", "时效性", "可用性"]
    assert sorted(each for mapped in words.values() for each in mapped) == sorted(Dimension)


@pytest.mark.parametrize(
    "told",
    [
        {"words": {**WORDS, "时效性": ["accuracy"]}, "grace_working_days": GRACE},
        {"words": {**WORDS, "空": []}, "grace_working_days": GRACE},
        {"words": WORDS, "grace_working_days": {"daily": 1}},
        {"words": {**WORDS, "时效性": ["speed"]}, "grace_working_days": GRACE},
    ],
)
def test_a_mapping_that_leaves_something_out_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(told)


@pytest.mark.parametrize(
    ("before", "cycle", "last"),
    [
        # 2026-03-07 is a Saturday.
        (date(2026, 3, 6), UpdateCycle.DAILY, date(2026, 3, 9)),
        # A month after 31 January is the end of February, a Saturday; five working days more.
        (date(2026, 1, 31), UpdateCycle.MONTHLY, date(2026, 3, 6)),
        (date(2024, 2, 29), UpdateCycle.YEARLY, date(2025, 3, 14)),
    ],
)
def test_a_delivery_is_punctual_a_cycle_and_some_working_days_after_the_last(
    before: date, cycle: UpdateCycle, last: date
) -> None:
    assert settings().last_day(before, cycle) == last
