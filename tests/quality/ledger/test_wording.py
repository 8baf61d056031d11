"""What agencies are told of a rule that no row mask holds."""

from __future__ import annotations

import pytest

from quality.ledger.wording import text_of


@pytest.mark.parametrize("rule", ["key.missing", "record.ragged", "record.of_a_kind_not_named"])
def test_a_row_without_key_says_how_an_increment_gets_rid_of_it(rule: str) -> None:
    assert "增量" in text_of({}, rule).how_to_correct
    assert "撤回" in text_of({}, rule).how_to_correct


def test_a_refused_file_says_nothing_of_withdrawing() -> None:
    assert "撤回" not in text_of({}, "delivery.empty").how_to_correct
