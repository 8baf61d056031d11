"""Contributions of who is not enrolled."""

from __future__ import annotations

import pytest

from quality.between.evaluate import State
from tests.quality.between.tables import Tables

CONTRIBUTIONS = "human_resources/contributions"
ENROLMENTS = "human_resources/insurance_enrollments"
WORKER, RESIDENT, STRANGER = "370303198503170016", "370303197603030040", "370303201006200039"


@pytest.fixture
def house() -> Tables:
    """A worker with one of the employees' insurances, and a resident."""
    tables = Tables("contribution_without_enrolment")
    tables.put(
        ENROLMENTS,
        f"""enrollment_no | id_no      | insurance_type | status
            e1            | {WORKER}   | 210            | 3
            e2            | {RESIDENT} | 170            | 1""",
    )
    return tables


def found(house: Tables, *rows: str) -> set[str]:
    house.put(CONTRIBUTIONS, "\n".join(("detail_no | id_no | insurance_type | period", *rows)))
    findings = house.found()
    assert {(dataset, column) for dataset, _, column in findings} <= {(CONTRIBUTIONS, "id_no")}
    return {key for _, key, _ in findings}


def test_who_was_never_enrolled_has_nothing_to_pay(house: Tables) -> None:
    rows = (
        f"d1 | {STRANGER} | 110 | 2026-05",
        f"d2 | {STRANGER} | 170 | 2026-05",
        f"d3 | {WORKER}   | 210 | 2026-05",
    )
    assert found(house, *rows) == {"d1", "d2"}
    assert house.details() == [
        (STRANGER, "截至 2026-09-30 的参保信息中没有此人"),
        (STRANGER, "截至 2026-09-30 的参保信息中没有此人的职工参保"),
    ]


def test_any_of_the_employees_insurances_speaks_for_the_others(house: Tables) -> None:
    assert found(house, f"d1 | {WORKER} | 110 | 2026-05", f"d2 | {WORKER} | 410 | 2026-05") == set()


def test_a_residents_enrolment_is_none_as_an_employee_but_pays_as_a_resident(
    house: Tables,
) -> None:
    rows = (f"d1 | {RESIDENT} | 110 | 2026-05", f"d2 | {RESIDENT} | 170 | 2026-05")
    assert found(house, *rows) == {"d1"}


def test_an_employee_may_also_have_paid_as_a_resident(house: Tables) -> None:
    assert found(house, f"d1 | {WORKER} | 170 | 2020-05") == set()


def test_an_enrolment_of_unreadable_kind_speaks_for_all(house: Tables) -> None:
    house.put(ENROLMENTS, f"enrollment_no|id_no|insurance_type\ne9|{STRANGER}|", on="2026-09-29")
    assert found(house, f"d1 | {STRANGER} | 110 | 2026-05") == set()


@pytest.mark.parametrize(("now", "before"), [(STRANGER, WORKER), (WORKER, STRANGER)])
def test_an_enrolment_under_the_persons_other_number_counts(
    house: Tables, now: str, before: str
) -> None:
    house.put("public_security/registered_population", f"id_no|former_id_no\n{now}|{before}")
    assert found(house, f"d1 | {STRANGER} | 110 | 2026-05") == set()


def test_a_month_that_was_not_over_in_the_last_enrolments_is_not_asked(house: Tables) -> None:
    rows = (
        f"d1 | {STRANGER} | 110 | 2026-09",
        f"d2 | {STRANGER} | 110 | 2026-10",
        f"d3 | {STRANGER} | 110 |",
    )
    assert found(house, *rows) == {"d1"}


def test_unsound_numbers_are_left_to_their_own_rules(house: Tables) -> None:
    rows = (
        "d1 | 370303198503170017 | 110 | 2026-05",
        "d2 | 3703********0016   | 110 | 2026-05",
        "d3 |                    | 110 | 2026-05",
    )
    assert found(house, *rows) == set()


def test_without_enrolments_nobody_is_asked() -> None:
    assert Tables("contribution_without_enrolment").asked().state is State.LACKING
