"""Somebody who died is still insured, or is paid or pays for a later month."""

from __future__ import annotations

import pytest

from quality.between.evaluate import State
from tests.quality.between.tables import Tables

DEAD, LIVING = "370303195201010013", "370303198503170016"
INSURED = "medical_insurance/insured_persons"
ENROLLED = "human_resources/insurance_enrollments"
BENEFITS = "human_resources/benefits"


@pytest.fixture
def house() -> Tables:
    """A city in which one person died on 2026-05-20."""
    tables = Tables("dead_person")
    tables.put(
        "health/death_certificates",
        f"""certificate_no | id_no  | name | died_on
            c1             | {DEAD} | 王某 | 2026-05-20""",
    )
    return tables


def test_whoever_died_is_insured_no_more(house: Tables) -> None:
    house.put(
        INSURED,
        f"""person_no | insurance_type | id_no    | name | status
            p1        | 310            | {DEAD}   | 王某 | 1
            p1        | 320            | {DEAD}   | 王某 | 1
            p1        | 330            | {DEAD}   | 王某 | 4
            p1        | 340            | {DEAD}   | 王某 | 2
            p2        | 310            | {LIVING} | 李某 | 1
            p3        | 310            |          | 王某 | 1""",
    )
    house.put(
        ENROLLED,
        f"""enrollment_no | id_no  | name | status | ended_on
            e1            | {DEAD} | 王某 | 1      |
            e2            | {DEAD} | 王某 | 4      |
            e3            | {DEAD} | 王某 | 3      | 2026-05-20
            e4            | {DEAD} | 王某 | 1      | 2026-05-20""",
    )
    assert house.found() == {
        (INSURED, "p1\x1f310", "id_no"),
        (INSURED, "p1\x1f320", "id_no"),
        (ENROLLED, "e1", "id_no"),
        (ENROLLED, "e2", "id_no"),
    }
    assert house.details()[0] == (DEAD, "死亡登记月份为 2026-05")


def test_a_death_may_take_thirty_days_to_be_known(house: Tables) -> None:
    row = f"person_no | insurance_type | id_no | name | status\np1 | 310 | {DEAD} | 王某 | 1"
    house.put(INSURED, row, on="2026-06-18")
    assert house.found() == set()


def test_an_unchanged_row_is_held_against_the_last_delivery_that_kept_it(house: Tables) -> None:
    row = f"person_no | insurance_type | id_no | name | status\np1 | 310 | {DEAD} | 王某 | 1"
    house.put(INSURED, row, on="2026-03-31")
    assert house.found() == set()
    house.put(INSURED, "person_no | insurance_type | id_no | status", on="2026-06-30")
    assert house.found() == {(INSURED, "p1\x1f310", "id_no")}


def test_payments_end_with_the_month_of_death_unless_they_are_for_the_bereaved(
    house: Tables,
) -> None:
    house.put(
        BENEFITS,
        f"""payment_no | id_no  | item  | period
            f1         | {DEAD} | 11001 | 2026-04
            f2         | {DEAD} | 11001 | 2026-05
            f3         | {DEAD} | 11001 | 2026-06
            f4         | {DEAD} | 11002 | 2026-07
            f5         | {DEAD} | 41006 | 2026-08
            f6         | {DEAD} | 17001 |
            f7         | {DEAD} |       | 2026-06""",
    )
    house.put(
        "human_resources/contributions",
        f"""detail_no | id_no  | insurance_type | period
            d1        | {DEAD} | 110            | 2026-05
            d2        | {DEAD} | 110            | 2026-06
            d3        | {DEAD} | 170            | 2026-12""",
    )
    assert house.found() == {
        (BENEFITS, "f3", "id_no"),
        ("human_resources/contributions", "d2", "id_no"),
    }


def test_payments_to_a_living_person_of_another_name_are_right(house: Tables) -> None:
    """Of whose number a certificate of somebody else's death makes use."""
    house.put("public_security/registered_population", f"id_no | name\n{DEAD} | 赵某")
    house.put(BENEFITS, f"payment_no | id_no | item | period\nf1 | {DEAD} | 11001 | 2026-08")
    assert house.found() == set()


def test_an_allowance_counts_the_living_while_it_is_drawn(house: Tables) -> None:
    house.put(
        "civil_affairs/minimum_living_allowance",
        """case_no | start_on   | end_on     | _failed
           open    | 2024-01-01 |            | 0
           closed  | 2024-01-01 | 2026-06-01 | 0
           unclear | 2024-01-01 |            | 64""",
    )
    house.put(
        "civil_affairs/allowance_members",
        f"""case_no | id_no    | name
            open    | {DEAD}   | 王某
            open    | {LIVING} | 李某
            closed  | {DEAD}   | 王某
            unclear | {DEAD}   | 王某
            none    | {DEAD}   | 王某""",
    )
    house.put(
        "housing_fund/accounts",
        f"""account_no | id_no  | name | status
            a1         | {DEAD} | 王某 | 01
            a2         | {DEAD} | 王某 | 02
            a3         | {DEAD} | 王某 | 05""",
    )
    assert house.found() == {
        ("civil_affairs/allowance_members", f"open\x1f{DEAD}", "id_no"),
        ("housing_fund/accounts", "a1", "id_no"),
    }


def test_another_name_is_another_person(house: Tables) -> None:
    house.put(
        INSURED,
        f"""person_no | insurance_type | id_no  | name | status
            p1        | 310            | {DEAD} | 赵某 | 1
            p2        | 310            | {DEAD} |      | 1""",
    )
    assert house.found() == {(INSURED, "p2\x1f310", "id_no")}


def test_a_number_that_a_living_person_once_had_tells_nobody_apart(house: Tables) -> None:
    house.put(
        "public_security/registered_population",
        f"""id_no    | name | former_id_no | cancelled_on | cancel_reason
            {LIVING} | 王某 | {DEAD}       |              |""",
    )
    house.put(INSURED, f"person_no|insurance_type|id_no|name|status\np1|310|{DEAD}|王某|1")
    assert house.found() == set()


@pytest.mark.parametrize("died_on", ["", "1900-01-01", "2027-01-01", "9999-12-31"])
def test_a_day_that_no_certificate_can_know_proves_no_death(died_on: str) -> None:
    house = Tables("dead_person")
    house.put(
        "health/death_certificates",
        f"certificate_no | id_no | name | died_on\nc1 | {DEAD} | 王某 | {died_on}",
    )
    house.put(INSURED, f"person_no|insurance_type|id_no|name|status\np1|310|{DEAD}|王某|1")
    house.put(BENEFITS, f"payment_no|id_no|item|period\nf1|{DEAD}|11001|2026-04")
    assert house.found() == set()


def test_the_household_register_tells_a_death_that_no_certificate_tells(house: Tables) -> None:
    house.put(
        "public_security/registered_population",
        f"""id_no    | name | cancelled_on | cancel_reason | _failed
            {LIVING} | 李某 | 2026-03-10   | 1             | 0
            370303197603030040 | 周某 | 2026-03-10 | 3   | 0
            370303198609120025 | 孙某 | 2026-03-10 | 1   | 4""",
    )
    house.put(
        INSURED,
        f"""person_no | insurance_type | id_no              | name | status
            p1        | 310            | {LIVING}           | 李某 | 1
            p2        | 310            | 370303197603030040 | 周某 | 1
            p3        | 310            | 370303198609120025 | 孙某 | 1""",
    )
    assert house.found() == {(INSURED, "p1\x1f310", "id_no")}
    assert house.details() == [(LIVING, "户口因死亡注销于 2026-03-10")]


def test_without_certificates_nobody_is_asked() -> None:
    outcome = Tables("dead_person").asked()
    assert (outcome.state, outcome.reason) == (State.LACKING, "health/death_certificates")


def test_when_the_dead_are_too_many_nobody_is_accused(house: Tables) -> None:
    rows = "\n".join(f"p{n} | 310 | {DEAD} | 王某 | 1" for n in range(21))
    house.put(INSURED, f"person_no | insurance_type | id_no | name | status\n{rows}")
    assert house.asked().state is State.IMPLAUSIBLE
