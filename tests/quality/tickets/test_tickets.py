"""One ticket for each dataset, deliverer and rule, told from the ledger's events."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from quality.ledger import ticket_id
from quality.tickets import TICKETS, ticket, tickets
from tests.quality.reports.small_city import AGENCY, GOOD, REF, SmallCity

NO_NAME = GOOD | {"name": None}
OTHER = GOOD | {"uscc": "91370303MA3CFB1G24"}


def one(city: SmallCity, rule: str) -> dict[str, Any]:
    found = tickets(city.con, city.catalog)
    assert found.schema == TICKETS
    (row,) = [row for row in found.iter_rows(named=True) if row["rule"] == rule]
    return row


def test_a_ticket_says_whose_it_is_what_is_wrong_and_until_when(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    row = one(city, "name.required")
    assert row["ticket"] == ticket_id(REF, AGENCY, "name.required")
    assert (row["state"], row["open_count"], row["severity"]) == ("open", 1, "error")
    assert (row["agency_name"], row["column_name"]) == ("淄博市张店区市场监督管理局", "企业名称")
    assert row["opened_at"] == datetime(2026, 3, 2, 9)
    assert (row["due_on"], row["due_provisional"]) == (date(2026, 3, 9), False)
    assert row["harms"] == "legal_person.registration"


def test_the_clock_runs_from_the_oldest_defect_still_open(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME, OTHER)
    city.deliver(GOOD, OTHER | {"name": None})
    row = one(city, "name.required")
    assert (row["open_count"], row["closed_count"]) == (1, 1)
    assert row["opened_at"] == datetime(2026, 3, 2, 9)
    assert row["open_since"] == datetime(2026, 3, 3, 9)
    assert row["due_on"] == date(2026, 3, 10)


def test_a_closed_ticket_names_the_proving_delivery_and_is_due_no_more(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    city.deliver(GOOD)
    row = one(city, "name.required")
    assert (row["state"], row["proof_delivery"], row["due_on"]) == ("closed", "d000002", None)


def test_a_defect_that_comes_back_is_a_relapse_of_the_same_ticket(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    for row in (NO_NAME, GOOD, NO_NAME):
        city.deliver(row)
    found = one(city, "name.required")
    assert (found["state"], found["relapses"], found["open_count"]) == ("open", 1, 1)


def test_what_a_withdrawal_reopens_is_no_relapse(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    second = city.deliver(GOOD)
    city.hold_rows_of("d000001")
    city.settle(second, "withdrawn")
    found = one(city, "name.required")
    assert (found["state"], found["relapses"]) == ("open", 0)


def test_one_ticket_is_shown_with_its_history_and_places_but_no_values(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    city.deliver(NO_NAME)
    city.deliver(GOOD)
    city.deliver(OTHER, NO_NAME)
    wanted = ticket_id(REF, AGENCY, "name.required")
    shown = ticket(city.con, city.catalog, wanted.lower())
    assert shown.ticket["ticket"] == wanted
    assert shown.history["event"].to_list() == ["opened", "closed", "reopened"]
    assert shown.places.rows() == [("d000003", "经营主体.csv", None, 2, 3, "name")]


def test_an_unknown_ticket_is_named(tmp_path: Path) -> None:
    city = SmallCity(tmp_path)
    with pytest.raises(KeyError, match="T-00000000"):
        ticket(city.con, city.catalog, "T-00000000")
