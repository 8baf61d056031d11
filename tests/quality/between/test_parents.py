"""Parents younger than their children, or hardly older."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

BIRTHS = "health/birth_certificates"
POPULATION = "public_security/registered_population"
MEMBERS = "civil_affairs/allowance_members"
BORN_1952, BORN_1985, BORN_2010 = "370303195201010013", "370303198503170016", "370303201006200039"
PEOPLE = "id_no|household_no|relation_to_head|birth_date|cancelled_on|_failed"


def keys(house: Tables) -> set[str]:
    return {key for _, key, _ in house.found()}


def test_fathers_in_birth_certificates() -> None:
    rows = f"""certificate_no | father_id_no | born_at             | _failed
               younger        | {BORN_2010}  | 2009-01-01 08:00:00 | 0
               same_day       | {BORN_2010}  | 2010-06-20 08:00:00 | 0
               eleven         | {BORN_2010}  | 2022-06-19 08:00:00 | 0
               twelve         | {BORN_2010}  | 2022-06-20 08:00:00 | 0
               grown          | {BORN_1985}  | 2022-06-20 08:00:00 | 0
               unknown        |              | 2022-06-20 08:00:00 | 0
               masked         | 3703********0039 | 2009-01-01 08:00:00 | 0
               no_day         | {BORN_2010}  |                     | 0
               sentinel       | {BORN_2010}  | 1900-01-01 00:00:00 | 8"""
    for rule, expected in (
        ("parent_younger", {"younger", "same_day"}),
        ("parent_too_young", {"eleven"}),
    ):
        house = Tables(rule)
        house.put(BIRTHS, rows)
        assert house.found() == {(BIRTHS, key, "father_id_no") for key in expected}


def test_mothers_are_left_to_the_rules_of_the_certificate() -> None:
    house = Tables("parent_younger")
    house.put(BIRTHS, f"certificate_no|mother_id_no|born_at\nc1|{BORN_2010}|2009-01-01 08:00:00")
    assert house.found() == set()


@pytest.mark.parametrize(
    ("relation", "born", "younger", "too_young"),
    [
        ("20", "1980-01-01", True, False),
        ("36", "1985-03-17", True, False),
        ("31", "1990-01-01", False, True),
        ("30", "1997-03-17", False, False),
        ("51", "1985-03-18", True, False),
        ("52", "1980-01-01", False, True),
        ("50", "1960-01-01", False, False),
        ("27", "1980-01-01", False, False),  # adopted or of an earlier marriage
        ("28", "1980-01-01", False, False),  # a son-in-law
        ("54", "1990-01-01", False, False),  # a mother-in-law
        ("57", "1990-01-01", False, False),  # a stepfather
        ("12", "1990-01-01", False, False),
        ("", "1980-01-01", False, False),
        ("20", "", False, False),
    ],
)
def test_relations_to_the_head_of_a_household(
    relation: str, born: str, younger: bool, too_young: bool
) -> None:
    for rule, asked in (("parent_younger", younger), ("parent_too_young", too_young)):
        house = Tables(rule)
        house.put(
            POPULATION,
            f"{PEOPLE}\nhead|h1|02|1985-03-17||0\nmember|h1|{relation}|{born}||0\n"
            f"elsewhere|h2|20|1980-01-01||0",
        )
        assert house.found() == ({(POPULATION, "member", "relation_to_head")} if asked else set())


@pytest.mark.parametrize(
    "others",
    [
        "head|h1|02|1985-03-17|2026-01-01|0",  # the head has died
        "head|h1|02|1985-03-17||2",  # a birth date in doubt
        "head|h1|02|1985-03-17||0\nhead2|h1|02|1985-03-17||0",
        "head|h1|10|1985-03-17||0",
    ],
)
def test_without_one_sound_head_nobody_is_asked(others: str) -> None:
    house = Tables("parent_younger")
    house.put(POPULATION, f"{PEOPLE}\n{others}\nmember|h1|20|1980-01-01||0")
    assert house.found() == set()


def test_members_in_doubt_or_gone_are_not_asked() -> None:
    house = Tables("parent_younger")
    house.put(
        POPULATION,
        f"{PEOPLE}\nhead|h1|02|1985-03-17||0\nm1|h1|20|1980-01-01||1\n"
        "m2|h1|20|1980-01-01|2026-01-01|0",
    )
    assert house.found() == set()


def test_members_of_an_allowance_are_held_against_its_applicant() -> None:
    house = Tables("parent_younger")
    house.put("civil_affairs/minimum_living_allowance", f"case_no|applicant_id_no\nn1|{BORN_1985}")
    house.put(
        MEMBERS,
        f"""case_no | id_no       | relation
            n1      | {BORN_1985} | 01
            n1      | {BORN_1952} | 20
            n1      | {BORN_2010} | 30
            n2      | {BORN_1952} | 20""",
    )
    assert house.found() == {(MEMBERS, f"n1\x1f{BORN_1952}", "relation")}


def test_the_detail_tells_the_difference_and_no_birth_date() -> None:
    for rule, born, detail in (
        ("parent_younger", "1985-03-07", "推算父母一方比子女小 10 天"),
        ("parent_too_young", "1996-03-16", "推算父母一方比子女只大 10 岁"),
    ):
        house = Tables(rule)
        house.put(POPULATION, f"{PEOPLE}\nhead|h1|02|1985-03-17||0\nm|h1|20|{born}||0")
        assert house.details() == [("20", detail)]
