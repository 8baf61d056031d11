"""Datasets that never came, or not in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from catalog.load import load_catalog
from quality.punctuality import NEVER, OVERDUE, Lapse, lapses
from warehouse.log import Delivery, State

CATALOG = load_catalog()
TICKETS = "hotline/tickets"
PEOPLE = "public_security/registered_population"
CASES = "administrative_approval/service_cases"


def came(ref: str, agency: str, on: date, state: State = State.APPLIED) -> Delivery:
    seen = datetime(on.year, on.month, on.day, 9)
    return Delivery(
        f"{ref}-{agency}-{on}", state, ref, agency, "a.csv", "a.csv", 1, 1, "0" * 64, 1, seen, seen
    )


def of(ref: str, *deliveries: Delivery, today: date = date(2026, 10, 9)) -> list[Lapse]:
    return [lapse for lapse in lapses(CATALOG, deliveries, today) if lapse.dataset == ref]


def test_a_dataset_that_nobody_delivered_is_its_owners_to_deliver() -> None:
    (found,) = of(CASES, came(PEOPLE, "public_security", date(2026, 9, 30)))
    assert (found.agency, found.rule) == ("administrative_approval", NEVER)


def test_nothing_is_missing_on_the_day_of_the_first_delivery_and_everything_else_the_next() -> None:
    due = [ref for ref, each in CATALOG.datasets.items() if each.retired is None]
    first = came(PEOPLE, "public_security", date(2026, 9, 30))
    assert lapses(CATALOG, [], date(2026, 9, 30)) == []
    assert lapses(CATALOG, [first], date(2026, 9, 30)) == []
    missing = [lapse.dataset for lapse in lapses(CATALOG, [first], date(2026, 10, 1))]
    assert missing == [ref for ref in due if ref != PEOPLE]
    all_came = [came(ref, CATALOG.datasets[ref].agency, date(2026, 9, 30)) for ref in due]
    assert lapses(CATALOG, all_came, date(2026, 9, 30)) == []


@pytest.mark.parametrize("state", [State.REFUSED, State.HELD, State.DUPLICATE, State.RECEIVED])
def test_what_came_but_is_of_no_use_is_not_never(state: State) -> None:
    assert of(TICKETS, came(TICKETS, "hotline", date(2026, 10, 9), state)) == []


def test_what_was_withdrawn_never_came() -> None:
    known = came(TICKETS, "hotline", date(2026, 10, 8), State.WITHDRAWN)
    assert [lapse.rule for lapse in of(TICKETS, known)] == [NEVER]


def test_a_daily_snapshot_is_overdue_from_the_day_after_the_next_working_day() -> None:
    known = came(PEOPLE, "public_security", date(2026, 9, 30))
    assert of(PEOPLE, known, today=date(2026, 10, 8)) == []
    (found,) = of(PEOPLE, known, today=date(2026, 10, 9))
    assert (found.agency, found.rule) == ("public_security", OVERDUE)
    assert "2026-10-08" in found.message


def test_daily_changes_may_fail_to_come_for_some_days_when_nothing_changed() -> None:
    known = came(TICKETS, "hotline", date(2026, 9, 30))
    assert of(TICKETS, known, today=date(2026, 10, 10)) == []
    assert [lapse.rule for lapse in of(TICKETS, known, today=date(2026, 10, 11))] == [OVERDUE]


def test_each_deliverer_is_overdue_by_itself() -> None:
    district = "boshan_administrative_approval"
    known = [
        came(CASES, "administrative_approval", date(2026, 10, 12)),
        came(CASES, district, date(2026, 9, 30)),
    ]
    assert [lapse.agency for lapse in of(CASES, *known, today=date(2026, 10, 12))] == [district]


def test_a_refused_delivery_does_not_keep_the_date() -> None:
    first = came(PEOPLE, "public_security", date(2026, 9, 30))
    second = came(PEOPLE, "public_security", date(2026, 10, 8), State.REFUSED)
    assert [lapse.rule for lapse in of(PEOPLE, first, second)] == [OVERDUE]
    assert of(PEOPLE, first, replace(second, state=State.DUPLICATE)) == []


def test_days_of_a_year_whose_holidays_are_not_announced_accuse_nobody() -> None:
    known = came(TICKETS, "hotline", date(2039, 3, 1))
    assert of(TICKETS, known, today=date(2039, 6, 1)) == []
