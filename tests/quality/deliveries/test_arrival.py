"""Deliveries that came late, or again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from quality.deliveries.arrival import dated_ahead, late, repeated
from tests.this_catalog import this_catalog
from warehouse.log import Delivery, State

CATALOG = this_catalog()
Make = Callable[..., Delivery]


def test_daily_data_after_the_next_working_day_is_late_and_the_message_says_when_it_was_due(
    delivery: Make,
) -> None:
    before = delivery(1, "2026-09-30T09:00", "2026-09-30")
    now = delivery(2, "2026-10-09T09:00", "2026-10-08")
    found = late(CATALOG, now, [before])
    assert found is not None
    assert found.rule == "delivery.late"
    assert all(day in found.message for day in ("2026-09-30", "2026-10-08", "2026-10-09"))


@pytest.mark.parametrize(
    ("came", "as_of"),
    [
        ("2026-10-08T23:00", "2026-10-07"),  # the day after the holidays
        ("2026-09-30T18:00", "2026-09-29"),  # on the day of the one before
        ("2026-10-09T09:00", "2026-10-09"),  # another day's data: what was due is missing
        ("2026-10-09T09:00", None),
    ],
)
def test_what_came_in_time_or_says_no_date_is_not_late(
    delivery: Make, came: str, as_of: str | None
) -> None:
    before = delivery(1, "2026-09-30T09:00", "2026-09-30")
    assert late(CATALOG, delivery(2, came, as_of), [before]) is None


def test_the_first_delivery_is_never_late_and_a_refused_one_is_none(delivery: Make) -> None:
    old = delivery(2, "2026-10-09T09:00", "2020-01-01")
    refused = delivery(1, "2026-09-30T09:00", "2026-09-30", state=State.REFUSED)
    assert late(CATALOG, old, []) is None
    assert late(CATALOG, old, [refused]) is None
    held = replace(refused, state=State.HELD)
    assert late(CATALOG, old, [held]) is not None


def test_a_delivery_that_needs_holidays_not_announced_is_not_late(delivery: Make) -> None:
    before = delivery(1, "2039-03-01T09:00", "2039-03-01")
    assert late(CATALOG, delivery(2, "2039-06-01T09:00", "2039-03-02"), [before]) is None


def test_a_date_that_was_still_to_come_is_asked_about(delivery: Make) -> None:
    found = dated_ahead(delivery(1, "2026-09-30T23:59", "2026-10-01"))
    assert found is not None
    assert (found.rule, found.value) == ("delivery.dated_ahead", "2026-10-01")
    assert dated_ahead(delivery(1, "2026-09-30T00:00", "2026-09-30")) is None
    assert dated_ahead(delivery(1, "2026-09-30T09:00", None)) is None


def test_an_increment_with_the_content_of_an_earlier_one_is_repeated(delivery: Make) -> None:
    first, second = delivery(1, "2026-09-28T09:00"), delivery(2, "2026-09-29T09:00")
    third = delivery(3, "2026-09-30T09:00", sha256=first.sha256)
    found = repeated(third, [first, second])
    assert found is not None
    assert (found.rule, found.value) == ("delivery.repeated", "d000001")


def test_another_shape_is_another_list(delivery: Make) -> None:
    first = delivery(1, "2026-09-28T09:00", shape="one")
    again = delivery(2, "2026-09-29T09:00", sha256=first.sha256, shape="other")
    assert repeated(again, [first]) is None


def test_the_same_file_again_on_the_same_day_is_a_second_try(delivery: Make) -> None:
    first = delivery(1, "2026-09-30T09:00")
    again = replace(first, delivery="d000002", seq=2)
    assert repeated(again, [first]) is None
    assert repeated(replace(again, source="hotline/tickets/other.csv"), [first]) is not None


def test_a_withdrawn_delivery_is_repeated_by_nothing(delivery: Make) -> None:
    first = delivery(1, "2026-09-28T09:00", state=State.WITHDRAWN)
    assert repeated(delivery(2, "2026-09-30T09:00", sha256=first.sha256), [first]) is None


def snapshots(make: Make, *contents: int) -> list[Delivery]:
    return [
        make(number, f"2026-09-{number:02d}T09:00", mode="snapshot", sha256=f"{content:064d}")
        for number, content in enumerate(contents, start=1)
    ]


def test_a_snapshot_that_did_not_change_is_asked_about_once_where_all_before_had_changed(
    delivery: Make,
) -> None:
    *before, now, again = snapshots(delivery, 1, 2, 3, 4, 5, 5, 5)
    assert repeated(now, before) is not None
    assert repeated(again, [*before, now]) is None


def test_a_snapshot_that_often_stays_as_it_was_may_do_so_again(delivery: Make) -> None:
    *before, now = snapshots(delivery, 1, 2, 2, 4, 5, 5)
    assert repeated(now, before) is None
    *before, now = snapshots(delivery, 1, 1)
    assert repeated(now, before) is None
