"""Two marriages of one person at a time."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

MARRIAGES = "civil_affairs/marriages"
MAN, FIRST, SECOND = "370303198503170016", "370303198609120025", "370303197603030040"
COLUMNS = "certificate_no|type|id_no_a|name_a|id_no_b|name_b|registered_on|ended_on|_failed"


def couple(
    number: str, wife: str, on: str, until: str = "", *, kind: str = "1", failed: int = 0
) -> str:
    """A registration of the man with one of the women."""
    name = {FIRST: "李某", SECOND: "周某"}.get(wife, "吴某")
    return f"{number} | {kind} | {MAN} | 王某 | {wife} | {name} | {on} | {until} | {failed}"


def found(*rows: str, house: Tables | None = None) -> set[tuple[str, str]]:
    tables = house or Tables("overlapping_marriage")
    tables.put(MARRIAGES, "\n".join((COLUMNS, *rows)))
    return {(key, column) for _, key, column in tables.found()}


def test_the_later_wedding_is_asked_when_the_earlier_marriage_lasts() -> None:
    rows = (couple("J2", SECOND, "2015-06-01"), couple("J1", FIRST, "2008-06-01"))
    assert found(*rows) == {("J2", "id_no_a")}
    house = Tables("overlapping_marriage")
    house.put(MARRIAGES, "\n".join((COLUMNS, *rows)))
    assert house.details() == [(MAN, "同一人另有婚姻登记于 2008-06-01，没有终止的记载")]


def test_or_ended_after_it() -> None:
    assert found(
        couple("J1", FIRST, "2008-06-01", "2016-01-01"), couple("J2", SECOND, "2015-06-01")
    ) == {("J2", "id_no_a")}


def test_a_wife_is_asked_in_her_own_column() -> None:
    assert found(
        f"J1 | 1 | {MAN} | 王某 | {FIRST} | 李某 | 2008-06-01 | | 0",
        f"J2 | 1 | 37030319780808005X | 郑某 | {FIRST} | 李某 | 2015-06-01 | | 0",
    ) == {("J2", "id_no_b")}


@pytest.mark.parametrize("ended", ["2015-05-31", "2015-06-01"])
def test_who_divorced_and_married_on_one_day_has_one_marriage_at_a_time(ended: str) -> None:
    assert (
        found(couple("J1", FIRST, "2008-06-01", ended), couple("J2", SECOND, "2015-06-01")) == set()
    )


def test_the_divorce_of_the_couple_ends_a_marriage_that_states_no_end() -> None:
    divorce = couple("L1", FIRST, "2015-06-01", kind="2")
    later = couple("J2", SECOND, "2015-06-01")
    assert found(couple("J1", FIRST, "2008-06-01"), divorce, later) == set()


def test_a_divorce_before_the_wedding_ended_an_earlier_marriage_of_the_couple() -> None:
    divorce = couple("L1", FIRST, "2006-01-01", kind="2")
    later = couple("J2", SECOND, "2015-06-01")
    assert found(couple("J1", FIRST, "2008-06-01"), divorce, later) == {("J2", "id_no_a")}


def test_the_divorce_of_another_couple_ends_nothing() -> None:
    divorce = couple("L1", SECOND, "2010-01-01", kind="2")
    rows = (couple("J1", FIRST, "2008-06-01"), divorce, couple("J2", SECOND, "2015-06-01"))
    assert found(*rows) == {("J2", "id_no_a")}


def test_a_widower_may_marry_again() -> None:
    house = Tables("overlapping_marriage")
    house.put(
        "health/death_certificates",
        f"certificate_no | id_no | name | died_on\nc1 | {FIRST} | 李某 | 2012-02-02",
    )
    rows = (couple("J1", FIRST, "2008-06-01"), couple("J2", SECOND, "2015-06-01"))
    assert found(*rows, house=house) == set()


def test_the_household_register_tells_of_widows_too_but_not_of_who_moved() -> None:
    rows = (couple("J1", FIRST, "2008-06-01"), couple("J2", SECOND, "2015-06-01"))
    for reason, asked in (("2", set()), ("3", {("J2", "id_no_a")})):
        house = Tables("overlapping_marriage")
        house.put(
            "public_security/registered_population",
            f"id_no | name | cancelled_on | cancel_reason\n{FIRST} | 李某 | 2012-02-02 | {reason}",
        )
        assert found(*rows, house=house) == asked


def test_a_couple_may_register_again_or_replace_its_certificate() -> None:
    assert found(couple("J1", FIRST, "2008-06-01"), couple("BJ9", FIRST, "2015-06-01")) == set()


def test_a_couple_whose_number_was_typed_otherwise_is_still_the_same_couple() -> None:
    again = f"BJ9 | 1 | {MAN} | 王某 | 37030319780808005X | 李某 | 2015-06-01 | | 0"
    masked = f"BJ8 | 1 | {MAN} | 王某 | 370303********0040 | 周某 | 2015-06-01 | | 1"
    assert found(couple("J1", FIRST, "2008-06-01"), again, masked) == set()


def test_another_name_is_another_person() -> None:
    other = f"J2 | 1 | {MAN} | 赵某 | {SECOND} | 周某 | 2015-06-01 | | 0"
    assert found(couple("J1", FIRST, "2008-06-01"), other) == set()


def test_an_end_that_cannot_be_read_shows_nothing() -> None:
    unreadable = couple("J1", FIRST, "2008-06-01", failed=16)
    assert found(unreadable, couple("J2", SECOND, "2015-06-01")) == set()


@pytest.mark.parametrize("day", ["", "1900-01-01", "2027-06-01", "9999-12-31"])
def test_a_wedding_day_that_nobody_can_know_is_no_later_one(day: str) -> None:
    assert found(couple("J1", FIRST, "2008-06-01"), couple("J2", SECOND, day)) == set()


def test_each_of_three_marriages_is_asked_once() -> None:
    assert found(
        couple("J1", FIRST, "2008-06-01"),
        couple("J2", SECOND, "2015-06-01"),
        couple("J3", "370303198801010029", "2020-06-01"),
    ) == {("J2", "id_no_a"), ("J3", "id_no_a")}


def test_of_the_death_that_ended_a_marriage_only_the_month_is_told() -> None:
    house = Tables("overlapping_marriage")
    house.put(
        "health/death_certificates",
        f"certificate_no | id_no | name | died_on\nc1 | {FIRST} | 李某 | 2016-02-02",
    )
    rows = (couple("J1", FIRST, "2008-06-01"), couple("J2", SECOND, "2015-06-01"))
    house.put(MARRIAGES, "\n".join((COLUMNS, *rows)))
    assert house.details() == [(MAN, "同一人另有婚姻登记于 2008-06-01，终止于 2016-02")]


def test_of_a_divorce_the_day_is_told() -> None:
    house = Tables("overlapping_marriage")
    rows = (couple("J1", FIRST, "2008-06-01", "2016-01-01"), couple("J2", SECOND, "2015-06-01"))
    house.put(MARRIAGES, "\n".join((COLUMNS, *rows)))
    assert house.details() == [(MAN, "同一人另有婚姻登记于 2008-06-01，终止于 2016-01-01")]
