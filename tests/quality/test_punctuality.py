"""Datasets that never came, or not in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from catalog.entries import Catalog
from catalog.models.attributes import UpdateCycle
from quality.punctuality import NEVER, OVERDUE, Lapse, arrivals, lapses
from tests.this_catalog import this_catalog
from warehouse.log import Delivery, State

CATALOG = this_catalog()
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
    assert all(told in found.message for told in ("每日更新", "2026-09-30", "2026-10-08"))


def of_cycles(missing: list[Lapse]) -> set[UpdateCycle | None]:
    return {CATALOG.datasets[lapse.dataset].update_cycle for lapse in missing}


def test_each_dataset_is_missing_when_a_cycle_has_passed_since_the_first_delivery() -> None:
    five = [ref for ref, each in CATALOG.datasets.items() if each.update_cycle == "yearly"][:4]
    first = [came(ref, CATALOG.datasets[ref].agency, date(2026, 9, 30)) for ref in [PEOPLE, *five]]
    assert lapses(CATALOG, [], date(2026, 9, 30)) == []
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 8)):
        assert lapses(CATALOG, first, day) == []
    at_work = [
        *first, came(PEOPLE, "public_security", date(2026, 10, 8)),
        came(PEOPLE, "public_security", date(2026, 11, 6)),
    ]  # fmt: skip
    daily = lapses(CATALOG, at_work[:-1], date(2026, 10, 9))
    assert of_cycles(daily) == {UpdateCycle.HOURLY, UpdateCycle.DAILY}
    weekly = lapses(CATALOG, at_work, date(2026, 11, 6))
    assert of_cycles(weekly) == of_cycles(daily) | {UpdateCycle.WEEKLY}
    monthly = lapses(CATALOG, at_work, date(2026, 11, 9))
    assert of_cycles(monthly) == of_cycles(weekly) | {UpdateCycle.MONTHLY}


@pytest.fixture
def registered_later(tmp_path: Path) -> Catalog:
    """The catalogue with hotline tickets registered on 16 November, a Monday."""
    rows = (CATALOG.root / "register.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.rpartition(",")[0] + ",2026-09-01" if n else row for n, row in enumerate(rows)]
    (tickets,) = (n for n, row in enumerate(rows) if row.startswith(f"dataset,{TICKETS},"))
    opening = rows[tickets].split(",")[2]
    rows[tickets] = f"dataset,{TICKETS},{opening},2026-11-16"
    rows.append(f"dataset,{TICKETS},{opening},2026-11-18")
    (tmp_path / "register.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return replace(CATALOG, root=tmp_path)


def test_a_dataset_registered_at_work_is_missing_a_cycle_after_it_was_first_registered(
    registered_later: Catalog,
) -> None:
    began = came(PEOPLE, "public_security", date(2026, 9, 30))

    def missing(today: date) -> bool:
        return TICKETS in {lapse.dataset for lapse in lapses(registered_later, [began], today)}

    days = [date(2026, 11, 16) + timedelta(days=n) for n in range(3)]
    assert [missing(day) for day in days] == [False, False, True]


def test_a_dataset_that_is_not_registered_is_not_missing(tmp_path: Path) -> None:
    began = came(PEOPLE, "public_security", date(2026, 9, 30))
    drafted = replace(CATALOG, root=tmp_path)
    assert [lapse.rule for lapse in lapses(drafted, [began], date(2026, 12, 1))] == [OVERDUE]


@pytest.mark.parametrize("state", [State.REFUSED, State.HELD, State.DUPLICATE, State.RECEIVED])
def test_what_came_but_is_of_no_use_is_not_never(state: State) -> None:
    assert of(TICKETS, came(TICKETS, "hotline", date(2026, 10, 9), state)) == []


def test_what_was_withdrawn_never_came() -> None:
    known = came(TICKETS, "hotline", date(2026, 9, 30), State.WITHDRAWN)
    (found,) = of(TICKETS, known)
    assert found.rule == NEVER and "均已撤回" in found.message


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


def test_who_is_overdue_reads_what_of_his_was_refused_or_is_held() -> None:
    first = came(PEOPLE, "public_security", date(2026, 9, 30))
    refused = came(PEOPLE, "public_security", date(2026, 10, 8), State.REFUSED)
    (found,) = of(PEOPLE, first, refused)
    assert f"2026-10-08 报送的 a.csv（批次 {refused.delivery}）被退回" in found.message
    (held,) = of(PEOPLE, replace(first, state=State.HELD))
    assert f"2026-09-30（批次 {first.delivery}，暂缓入库）" in held.message
    assert "退回" not in held.message
    (old,) = of(PEOPLE, first, replace(refused, first_seen=datetime(2026, 9, 29, 9)))
    assert "退回" not in old.message


@pytest.mark.parametrize("day", [date(2026, 10, 8), date(2026, 10, 9)])
def test_who_has_a_delivery_in_the_queue_is_not_overdue_however_long_it_waits(day: date) -> None:
    first = came(PEOPLE, "public_security", date(2026, 9, 30))
    queued = came(PEOPLE, "public_security", day, State.RECEIVED)
    for today in (date(2026, 10, 9), date(2026, 11, 9)):
        assert of(PEOPLE, first, queued, today=today) == []
    decided = [each.delivery for each in arrivals(CATALOG, [first, queued]) if each.rule == OVERDUE]
    assert decided == [queued.delivery]


def test_days_of_a_year_whose_holidays_are_not_announced_accuse_nobody() -> None:
    known = came(TICKETS, "hotline", date(2039, 3, 1))
    assert of(TICKETS, known, today=date(2039, 6, 1)) == []
