"""Who gives a value: the standard source, else the next; and what the row says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from catalog.load import Catalog
from catalog.models.declared import Suspension
from catalog.models.elements import SourceRef
from quality.rules.derive import rules_of
from tests.assets.base.house import (
    BUSINESS,
    DEATHS,
    INSURED,
    LISTED,
    PERMITS,
    POPULATION,
    SOCIAL,
    TAXPAYERS,
    House,
    citizen,
    firm,
)

BIRTHS = "health/birth_certificates"
PENALTIES = "development_reform/administrative_penalties"
ENTITY, PERSON = "legal_person.entity", "population.person"


def _by_column(house: House, ref: str) -> dict[str, dict[str, object]]:
    return {row["column"]: row for row in house.sources(ref)}


def test_the_standard_source_gives_the_value_and_is_named(house: House) -> None:
    register = house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲公司"}])
    house.deliver(TAXPAYERS, [{"uscc": firm(1), "name": "甲公司分部", "grade_year": 2025}])
    house.build(ENTITY)
    (row,) = house.rows(ENTITY)
    assert row["name"] == "甲公司"
    assert row["_registered"]
    told = _by_column(house, ENTITY)["name"]
    assert (told["dataset"], told["dataset_column"]) == (BUSINESS, "name")
    assert (told["delivery"], told["row"], told["rule"]) == (register, 1, "标准源")


def test_where_the_standard_source_has_no_value_the_next_one_gives_it(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": None}])
    taxes = house.deliver(TAXPAYERS, [{"uscc": firm(1), "name": "甲公司", "grade_year": 2025}])
    house.build(ENTITY)
    assert house.rows(ENTITY)[0]["name"] == "甲公司"
    told = _by_column(house, ENTITY)["name"]
    assert (told["delivery"], told["rule"]) == (taxes, "标准源无值：按次序取第4顺位来源")


def test_who_is_known_only_from_other_sources_is_there_and_marked(house: House) -> None:
    house.deliver(INSURED, [{"person_no": "1", "id_no": citizen(1), "name": "张三"}], key="id_no")
    house.build(PERSON)
    (row,) = house.rows(PERSON)
    assert (row["name"], row["sex"], str(row["birth_date"])) == ("张三", "1", "1980-01-01")
    assert not row["_registered"]
    assert _by_column(house, PERSON)["sex"]["rule"] == "来源均无值：由主键得出"


def test_a_row_whose_identifier_is_wrong_names_nobody(house: House, catalog: Catalog) -> None:
    rules = {rule.id: rule for rule in rules_of(catalog, INSURED)}
    wrong = {"_failed": rules["id_no.check_digit"].mask_value}
    other = {"_failed": rules["name.required"].mask_value}
    house.deliver(
        INSURED,
        [
            {"id_no": citizen(1), "name": "张三", **wrong},
            {"id_no": citizen(2), "name": None, **other},
        ],
        key="id_no",
    )
    house.build(PERSON)
    assert [row["document_no"] for row in house.rows(PERSON)] == [citizen(2)]


def test_columns_that_move_together_come_from_one_record(house: House) -> None:
    """Street, number and town of one address are never put together from two."""
    old = {"residence_address": "旧址", "address_code": "A1", "registered_on": date(2020, 1, 1)}
    new = {"residence_address": None, "address_code": "A2", "registered_on": date(2024, 1, 1)}
    whose = {"id_no": citizen(1), "division": "370303"}
    house.deliver(
        PERMITS,
        [{"permit_no": "P1", **whose, **old}, {"permit_no": "P2", **whose, **new}],
        key="permit_no",
    )
    house.build(PERSON)
    (row,) = house.rows(PERSON)
    assert (row["residence_address"], row["residence_address_code"]) == (None, "A2")


def test_of_several_rows_of_one_source_the_newest_fact_tells(house: House) -> None:
    house.deliver(
        TAXPAYERS,
        [
            {"uscc": firm(1), "name": "今名", "grade_year": 2025, "_key": "1"},
            {"uscc": firm(1), "name": "旧名", "grade_year": 2024, "_key": "2"},
        ],
    )
    house.build(ENTITY)
    assert house.rows(ENTITY)[0]["name"] == "今名"


def test_a_differing_value_is_a_divergence_of_its_agency_and_no_vote(house: House) -> None:
    register = house.deliver(POPULATION, [{"id_no": citizen(1), "name": "张三"}], key="id_no")
    house.deliver(INSURED, [{"id_no": citizen(1), "name": "章三"}], key="id_no")
    deaths = house.deliver(DEATHS, [{"id_no": citizen(1), "name": "章三"}], key="id_no")
    house.build(PERSON)
    assert house.rows(PERSON)[0]["name"] == "张三"
    found = {row["delivery"]: row for row in house.differing(PERSON)}
    assert set(found) == {"d000002", deaths}
    assert {row["value"] for row in found.values()} == {"章三"}
    told = found[deaths]
    assert (told["column"], told["standard_value"]) == ("name", "张三")
    assert (told["standard_delivery"], told["standard_row"]) == (register, 1)


def test_each_of_several_rows_that_are_true_at_once_is_held_against_the_standard(
    house: House,
) -> None:
    """Two insurances of one man: each row with another name is told, the newest and the others."""
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "张三"}], key="id_no")
    names = ("张三", "章三", "张三", "章山", "张三")
    insurances = [
        {"id_no": citizen(1), "name": name, "_key": str(kind)} for kind, name in enumerate(names)
    ]
    insured = house.deliver(INSURED, insurances, key="id_no")
    house.build(PERSON)
    told = [(row["delivery"], row["row"], row["value"]) for row in house.differing(PERSON)]
    assert sorted(told) == [(insured, 2, "章三"), (insured, 4, "章山")]
    house.deliver(INSURED, [{"id_no": citizen(1), "name": "张三", "_key": "1"}], key="id_no")
    house.build(PERSON)
    assert [row["value"] for row in house.differing(PERSON)] == ["章山"]


def test_what_a_source_said_of_an_earlier_time_is_held_against_nothing(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "今名"}])
    grades = [
        {"uscc": firm(1), "name": "今名", "grade_year": 2025, "_key": "1"},
        {"uscc": firm(1), "name": "旧名", "grade_year": 2024, "_key": "2"},
    ]
    house.deliver(TAXPAYERS, grades)
    house.build(ENTITY)
    assert house.differing(ENTITY) == []


def test_what_a_key_says_is_compared_with_nobody(house: House) -> None:
    """A man by the register whose number says woman is the register's affair, not the insurer's."""
    house.deliver(POPULATION, [{"id_no": citizen(1, sex=0), "sex": "1"}], key="id_no")
    house.deliver(INSURED, [{"id_no": citizen(1, sex=0)}], key="id_no")
    house.build(PERSON)
    assert house.rows(PERSON)[0]["sex"] == "1"
    assert house.differing(PERSON) == []


def test_a_wrong_code_links_nothing_and_a_linked_row_joins_its_subject(house: House) -> None:
    house.deliver(BUSINESS, [{"uscc": firm(1), "name": "甲公司"}])
    house.deliver(
        LISTED,
        [
            {"name": "甲公司", "organization_code": firm(1)[8:17][:-1] + "?", "list": "transport"},
            {"name": "乙公司", "organization_code": firm(2)[8:17], "list": "transport"},
        ],
        key="name",
    )
    house.build(ENTITY)
    assert {row["entity_id"] for row in house.rows(ENTITY)} == {firm(1), "ORG:" + firm(2)[8:17]}
    house.link(LISTED, "乙公司", ENTITY, firm(1))
    house.build(ENTITY)
    (row,) = house.rows(ENTITY)
    assert [each["code"] for each in row["_contributors"]] == ["a", "e"]


def with_source(catalog: Catalog, element: str, dataset: str, column: str) -> Catalog:
    """The catalogue with another standard source of an element."""
    chosen = SourceRef(dataset=dataset, column=column)
    changed = catalog.elements[element].model_copy(update={"source": chosen})
    return replace(
        catalog, elements=MappingProxyType({**catalog.elements, element: changed}), _codes={}
    )


@pytest.fixture
def differing(house: House) -> House:
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "张三", "sex": "1"}], key="id_no")
    house.deliver(INSURED, [{"id_no": citizen(1), "name": "章三"}], key="id_no")
    house.deliver(POPULATION, [{"id_no": citizen(2), "name": "李四", "sex": "1"}], key="id_no")
    house.build(PERSON)
    return house


def test_another_standard_source_changes_values_provenance_and_divergences_and_nothing_else(
    differing: House, catalog: Catalog
) -> None:
    before = differing.rows(PERSON)
    differing.reopen(with_source(catalog, "person_name", INSURED, "name"))
    assert differing.build(PERSON) == 1
    after = differing.rows(PERSON)
    changed = {k for a, b in zip(before, after, strict=True) for k in a if a[k] != b[k]}
    assert changed == {"name", "_src", "_differing", "_build"}
    assert [row["name"] for row in after] == ["章三", "李四"]
    (told,) = differing.differing(PERSON)
    assert (told["delivery"], told["value"], told["standard_value"]) == ("d000001", "张三", "章三")


def test_a_suspended_source_is_not_asked(differing: House, catalog: Catalog) -> None:
    table = catalog.base[PERSON]
    suspension = Suspension(by="大数据局数据科", on="2026-11-01", reason="姓名错误率超过限值")
    name = table.columns[0]
    first = name.sources[0].model_copy(update={"suspended": suspension})
    name = name.model_copy(update={"sources": (first, *name.sources[1:])})
    table = table.model_copy(update={"columns": (name, *table.columns[1:])})
    base = MappingProxyType({**catalog.base, PERSON: table})
    differing.reopen(replace(catalog, base=base, _codes={}))
    differing.build(PERSON)
    # Nobody else knows the second one's name.
    assert [row["name"] for row in differing.rows(PERSON)] == ["章三", None]


def test_what_stands_in_for_another_fact_is_never_held_against_it(house: House) -> None:
    """A registration is cancelled days after the death; only the death's own day is its date."""
    house.deliver(
        DEATHS,
        [{"id_no": citizen(1), "name": "张三", "died_on": date(2026, 3, 1), "division": "370302"}],
        key="id_no",
    )
    house.deliver(
        POPULATION,
        [
            {
                "id_no": citizen(number), "name": "张山", "division": "370303",
                "cancelled_on": date(2026, 3, 20), "cancel_reason": "1",
            }
            for number in (1, 2)
        ],
        key="id_no",
    )  # fmt: skip
    for table in ("population.death", PERSON):
        house.build(table)
        died = [str(row["died_on"]) for row in house.rows(table)]
        assert died == ["2026-03-01", "2026-03-20"]
        assert {(row["column"], row["value"]) for row in house.differing(table)} == {
            ("name", "张三")
        }


def test_a_list_that_names_a_registered_body_gives_it_no_organisation_code(house: House) -> None:
    house.deliver(SOCIAL, [{"uscc": firm(1), "name": "某协会"}])
    house.deliver(LISTED, [{"uscc": firm(1), "name": "某协会", "organization_code": "000000000"}])
    house.build(ENTITY)
    assert house.rows(ENTITY)[0]["organization_code"] == firm(1)[8:17]
    assert _by_column(house, ENTITY)["organization_code"]["dataset"] == SOCIAL


def test_who_lacks_a_sound_code_is_whom_the_record_was_linked_to(house: House) -> None:
    food = "market_supervision/food_licenses"
    penalties = "development_reform/administrative_penalties"
    house.deliver(food, [{"license_no": "JY1", "uscc": None, "holder": "甲店"}], key="license_no")
    house.link(food, "JY1", ENTITY, firm(1))
    house.build("license.certificate")
    assert house.rows("license.certificate", "holder_id") == [{"holder_id": firm(1)}]
    told = {"document_no": "罚1", "uscc": "91370303", "name": "甲店"}
    house.deliver(penalties, [told], key="document_no")
    house.link(penalties, "罚1", ENTITY, firm(1))
    house.build("credit.penalty")
    assert house.rows("credit.penalty", "subject_id, uscc") == [
        {"subject_id": firm(1), "uscc": "91370303"}
    ]


def test_a_linked_holder_that_differs_from_the_standard_source_is_told(house: House) -> None:
    food = "market_supervision/food_licenses"
    electronic = "administrative_approval/electronic_licenses"
    kind = "11370300MB0EXMP29E012"
    told = {"type_code": kind, "number": "JY1", "holder_id": firm(2), "holder": "乙店"}
    house.deliver(electronic, [told], key="number")
    house.deliver(food, [{"license_no": "JY1", "uscc": None, "holder": "乙店"}], key="license_no")
    house.link(food, "JY1", ENTITY, firm(1))
    house.build("license.certificate")
    (differing,) = house.differing("license.certificate")
    assert (differing["column"], differing["value"]) == ("holder_id", firm(1))
    assert differing["standard_value"] == firm(2)


def test_words_where_a_code_belongs_and_placeholder_dates_say_nothing(
    house: House, catalog: Catalog
) -> None:
    rules = {rule.id: rule.mask_value for rule in rules_of(catalog, POPULATION)}
    sex, born = rules["sex.code"], rules["birth_date.sentinel_date"]
    house.deliver(
        POPULATION,
        [
            {"id_no": citizen(1), "sex": "待核实", "birth_date": date(9999, 12, 31),
             "division": "详见附件", "_failed": sex | born | rules["division.code"]},
            # A code that is wrong or not in force any more is a code, and told as it is.
            {"id_no": citizen(2), "sex": "07", "division": "370304", "_failed": sex},
            {"id_no": citizen(3), "sex": "unknown", "_failed": sex},
        ],
        key="id_no",
    )  # fmt: skip
    house.deliver(BIRTHS, [{"certificate_no": "1", "child_id_no": citizen(1), "sex": "2"}],
                  key="certificate_no")  # fmt: skip
    house.build(PERSON)
    first, second, third = house.rows(PERSON, "sex, birth_date, registered_division")
    assert first == {"sex": "2", "birth_date": None, "registered_division": None}
    assert (second["sex"], second["registered_division"]) == ("07", "370304")
    assert third["sex"] is None
    assert house.differing(PERSON) == []


def test_a_placeholder_of_a_date_ends_nothing(house: House, catalog: Catalog) -> None:
    rules = {rule.id: rule.mask_value for rule in rules_of(catalog, BUSINESS)}
    revoked, deregistered = (
        rules[f"{name}.sentinel_date"] for name in ("revoked_on", "deregistered_on")
    )
    began = {"established_on": date(2010, 1, 1)}
    house.deliver(
        BUSINESS,
        [
            {"uscc": firm(1), "deregistered_on": date(9999, 12, 31), "_failed": deregistered,
             **began},
            {"uscc": firm(2), "revoked_on": date(1900, 1, 1), "_failed": revoked,
             "deregistered_on": date(2020, 1, 1), **began},
        ],
    )  # fmt: skip
    house.build("legal_person.status_history")
    told = house.rows("legal_person.status_history", "entity_id, status, since, until")
    assert sorted(
        (row["entity_id"], row["status"], row["since"], row["until"]) for row in told
    ) == sorted(
        [
            (firm(1), "存续", date(2010, 1, 1), None),
            (firm(2), "存续", date(2010, 1, 1), date(2020, 1, 1)),
            (firm(2), "注销", date(2020, 1, 1), None),
        ]
    )


def test_a_placeholder_of_the_day_when_disclosure_ends_leaves_the_five_years(
    house: House, catalog: Catalog
) -> None:
    (rule,) = (
        each
        for each in rules_of(catalog, PENALTIES)
        if each.id == "disclosure_ends_on.sentinel_date"
    )
    told = {"uscc": firm(1), "conduct_ended_on": date(2015, 1, 1)}
    placed = {"disclosure_ends_on": date(9999, 12, 31), rule.mask_column: rule.mask_value}
    house.deliver(PENALTIES, [{"document_no": "1", **told, **placed}], key="document_no")
    house.build("credit.penalty")
    assert house.rows("credit.penalty", "disclosed_until") == [
        {"disclosed_until": date(2020, 1, 1)}
    ]


def test_of_a_document_of_no_known_kind_a_citizens_number_alone_names_somebody(
    house: House, catalog: Catalog
) -> None:
    rules = {rule.id: rule for rule in rules_of(catalog, PERMITS)}
    told = {"document_type": "详见附件", "_failed": rules["document_type.code"].mask_value}
    numbers = {"1": citizen(1), "2": "E12345678"}
    permits = [{"permit_no": permit, "id_no": no, **told} for permit, no in numbers.items()]
    house.deliver(PERMITS, permits, key="permit_no")
    house.build(PERSON)
    assert house.rows(PERSON, "document_type, document_no") == [
        {"document_type": "111", "document_no": citizen(1)}
    ]


def test_a_divorce_is_no_marriage_that_stands(house: House) -> None:
    registered = {"registered_on": date(2020, 1, 1)}
    house.deliver(
        "civil_affairs/marriages",
        [
            {"certificate_no": "J1", "type": "1", **registered},
            {"certificate_no": "L1", "type": "2", **registered},
        ],
        key="certificate_no",
    )
    house.build("population.marriage")
    assert house.rows("population.marriage", "certificate_no, ended_on") == [
        {"certificate_no": "J1", "ended_on": None},
        {"certificate_no": "L1", "ended_on": date(2020, 1, 1)},
    ]


def test_social_organisations_and_public_bodies_stand_while_their_status_says_so(
    house: House,
) -> None:
    since = {"established_on": date(2010, 1, 1)}
    bodies = "institutional_commission/public_bodies"
    told = [{"uscc": firm(number), "status": str(number), **since} for number in (1, 2)]
    house.deliver(SOCIAL, told)
    house.deliver(bodies, [{"uscc": firm(3), "status": "1", **since}])
    house.build("legal_person.status_history")
    rows = house.rows("legal_person.status_history", "entity_id, status, until")
    assert {row["entity_id"] for row in rows} == {firm(1), firm(3)}
    assert [(row["status"], row["until"]) for row in rows] == [("存续", None)] * 2


def test_a_household_without_head_lives_where_its_latest_member_moved_to(house: House) -> None:
    def member(number: int, moved_in: int, address: str) -> dict[str, object]:
        return {"id_no": citizen(number), "household_no": "H1", "relation_to_head": "20",
                "moved_in_on": date(moved_in, 1, 1), "registered_address": address}  # fmt: skip

    house.deliver(POPULATION, [member(1, 2024, "新址"), member(2, 2001, "旧址")], key="id_no")
    house.build("population.household")
    assert house.rows("population.household", "head_id_no, address") == [
        {"head_id_no": None, "address": "新址"}
    ]
