"""Names beside a unit's code that no register has for it."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

FIRMS = "market_supervision/business_entities"
BODIES = "institutional_commission/public_bodies"
CHANGES = "market_supervision/registration_changes"
LICENCES = "market_supervision/food_licenses"
TAXPAYERS = "taxation/taxpayers"
CARDS = "administrative_approval/electronic_licenses"
HOLDERS = "market_supervision/shareholders"


@pytest.fixture
def house() -> Tables:
    """A company, a sole trader, a school, and a company of which no name is known."""
    tables = Tables("holder_differs")
    tables.put(
        FIRMS,
        """
        uscc | name                | legal_representative | entity_type
        F1   | 淄博川泽（山东）化工有限公司 | 张三          | 1130
        T1   | 张店区川泽饭店(个体工商户) | 李四           | 9500
        N1   |                     | 王五                 | 1130
        N2   | ***                 | 王五                 | 9500
        """,
    )
    tables.put(BODIES, "uscc | name\nB1 | 淄博市川泽学校")
    return tables


def differing(house: Tables, *names: str, code: str = "F1") -> set[str]:
    """Those of the names that are not the unit's."""
    rows = [f"{code} | {2000 + at} | {name}" for at, name in enumerate(names)]
    house.put(TAXPAYERS, "\n".join(("uscc | grade_year | name", *rows)))
    return {names[int(key.split("\x1f")[1]) - 2000] for _, key, _ in house.found()}


def test_another_name_is_found_in_every_dataset_that_has_one(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | holder | status\nJY1 | F1 | 别家公司 | 10")
    house.put(TAXPAYERS, "uscc | grade_year | name\nB1 | 2025 | 别家学校")
    house.put(HOLDERS, "uscc | holder_id | holder\nF9 | F1 | 别家公司")
    house.put(
        CARDS,
        "license_identifier | holder_id | holder | status\nA1 | F1 | 别家公司 | 10",
    )
    assert house.found() == {
        (LICENCES, "JY1", "holder"),
        (TAXPAYERS, "B1\x1f2025", "name"),
        (HOLDERS, "F9\x1fF1", "holder"),
        (CARDS, "A1", "holder"),
    }


def test_blanks_width_brackets_and_dots_make_no_other_name(house: Tables) -> None:
    same = (
        "淄博川泽(山东)化工有限公司",
        "淄博川泽 〔山东〕 化工有限公司",
        "淄博·川泽（山东）化工有限公司",
    )
    assert differing(house, *same, "淄博川泽化工有限公司") == {"淄博川泽化工有限公司"}


def test_a_sole_trader_may_go_without_its_suffix_or_by_its_operators_name(house: Tables) -> None:
    assert differing(house, "张店区川泽饭店", "李四", "张三", code="T1") == {"张三"}


def test_a_companys_representative_is_not_the_company(house: Tables) -> None:
    assert differing(house, "张三") == {"张三"}


def test_a_name_of_before_a_registered_change_is_right(house: Tables) -> None:
    house.put(
        CHANGES,
        """
        uscc | change_no | item | before           | after
        F1   | 1         | 01   | 淄博旧名有限公司 | 淄博川泽（山东）化工有限公司
        F1   | 2         | 02   | 淄博别名有限公司 | 某地址
        """,
    )
    assert differing(house, "淄博旧名有限公司", "淄博别名有限公司") == {"淄博别名有限公司"}


def test_nothing_is_said_of_units_without_a_known_name(house: Tables) -> None:
    for code in ("N1", "N2", "STRANGER"):
        assert differing(house, "某公司", "", code=code) == set()


def test_a_licence_no_longer_in_force_keeps_the_name_of_its_time(house: Tables) -> None:
    house.put(LICENCES, "license_no | uscc | holder | status\nJY1 | F1 | 别家公司 | 03")
    assert house.found() == set()


def test_the_detail_tells_the_registered_name_of_an_organisation_and_of_no_sole_trader(
    house: Tables,
) -> None:
    rows = "\n".join(f"{code} | 2025 | 别家" for code in ("F1", "B1", "T1"))
    house.put(TAXPAYERS, f"uscc | grade_year | name\n{rows}")
    assert house.details() == [
        ("别家", ""),
        ("别家", "登记名称为淄博川泽（山东）化工有限公司"),
        ("别家", "登记名称为淄博市川泽学校"),
    ]
