from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.models.rules import Dimension
from quality.scores.settings import Settings, settings

WORDS = {
    "完整性": ["completeness"],
    "准确性": ["accuracy", "consistency"],
    "时效性": ["timeliness"],
    "可用性": ["conformity", "accessibility"],
}


def test_the_four_words_of_article_16_take_up_each_dimension_once() -> None:
    words = settings().words
    assert list(words) == ["完整性", "准确性", "时效性", "可用性"]
    assert sorted(each for mapped in words.values() for each in mapped) == sorted(Dimension)


@pytest.mark.parametrize(
    "told",
    [
        {"words": {**WORDS, "时效性": ["accuracy"]}},
        {"words": {**WORDS, "空": []}},
        {"words": {**WORDS, "时效性": ["speed"]}},
    ],
)
def test_a_mapping_that_leaves_something_out_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(told)
