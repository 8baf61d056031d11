"""Undoing: holding, releasing, withdrawing, replaying."""

from __future__ import annotations

from typing import Any

import pytest

from assets.intake import undo
from assets.intake.undo import NotPossible
from warehouse.log import State

SHANDONG = "370000"
ACTOR, REASON = "数据管理专员", "试验"


def change(statistics: Any, verb: str, delivery: str) -> State:
    """The delivery's state after the change."""
    with statistics.house.engine() as engine:
        done = getattr(undo, verb)(statistics.house, engine, delivery, ACTOR, REASON)
    return State(done.state)


def years(line: Any, *wanted: int, total: int = 1000) -> list[str]:
    return [line(year, "山东省", total) for year in wanted]


def test_after_a_withdrawal_contents_are_as_if_the_delivery_had_never_come(
    statistics: Any, another: Any, line: Any
) -> None:
    first = years(line, *range(2000, 2024))
    statistics.deliver("a_20260101.csv", *first)
    statistics.deliver("b_20260201.csv", *years(line, *range(2000, 2025), total=1200))
    statistics.deliver("c_20260301.csv", *years(line, *range(2000, 2025)))
    assert change(statistics, "withdraw", "d000002") is State.WITHDRAWN
    another.deliver("a_20260101.csv", *first)
    another.deliver("c_20260301.csv", *years(line, *range(2000, 2025)))
    assert statistics.contents().equals(another.contents())
    first_came = statistics.contents(provenance=True)["_delivery"].value_counts(sort=True).rows()
    assert first_came == [("d000001", 24), ("d000003", 1)]


def test_a_withdrawal_reopens_what_the_delivery_had_closed(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", "2024,山东省,-,100,400,500,0.1,0.4,0.5")
    before = statistics.open_defects()
    statistics.deliver("b.csv", line(2024, "山东省", 1000))
    assert statistics.open_defects() == set()
    change(statistics, "withdraw", "d000002")
    assert statistics.open_defects() == before != set()


def test_a_snapshot_that_removes_too_much_is_held_until_a_person_releases_it(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, *range(2000, 2024)))
    assert statistics.deliver("b.csv", *years(line, 2023)) == "held"
    assert len(statistics.current()) == 24
    assert change(statistics, "release", "d000002") is State.APPLIED
    assert statistics.current() == {(2023, SHANDONG): 1000}


def test_a_held_delivery_comes_back_as_it_was(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 2023))
    statistics.deliver("b.csv", *years(line, 2023, 2024))
    before = statistics.contents(provenance=True)
    assert change(statistics, "hold", "d000002") is State.HELD
    assert statistics.current() == {(2023, SHANDONG): 1000}
    assert change(statistics, "release", "d000002") is State.APPLIED
    assert statistics.contents(provenance=True).equals(before)


def test_a_replay_changes_nothing_while_the_definition_is_the_same(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 2023))
    before = statistics.contents(provenance=True)
    assert change(statistics, "replay", "d000001") is State.APPLIED
    assert statistics.contents(provenance=True).equals(before)


def test_what_a_state_does_not_allow_is_refused_with_the_state(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 2023))
    with pytest.raises(NotPossible, match="d000001 is applied"):
        change(statistics, "release", "d000001")


def test_an_unknown_delivery_is_named(statistics: Any) -> None:
    with pytest.raises(KeyError, match="d000007"):
        change(statistics, "withdraw", "d000007")
