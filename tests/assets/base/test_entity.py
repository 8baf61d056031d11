"""legal_person.entity: which rows make one entity, and where each value comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from assets.base.legal_person.entity import ENTITY

from catalog.load import Catalog

Entities = Callable[[], list[dict[str, Any]]]


class Codes:
    """Codes whose checks are computed here, apart from the macros under test."""

    _USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    _ORGANIZATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    @classmethod
    def organization(cls, body: str) -> str:
        """The organisation code with this 8-character body."""
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(cls._ORGANIZATION.index(c) * w for c, w in zip(body, weights, strict=True))
        return body + "0123456789X0"[11 - total % 11]

    @classmethod
    def uscc(cls, body: str, department: str = "91") -> str:
        """The uscc of a Zhangdian entity with this organisation code body."""
        text = department + "370303" + cls.organization(body)
        total = sum(cls._USCC.index(c) * 3**place for place, c in enumerate(text))
        return text + cls._USCC[(31 - total % 31) % 31]


A, B = Codes.uscc("MA3EXMP6"), Codes.uscc("MA3EXMP7")
A_CODE = Codes.organization("MA3EXMP6")
FREE_CODE = Codes.organization("16410795")
WRONG_CODE = FREE_CODE[:-1] + ("1" if FREE_CODE[-1] != "1" else "2")
WRONG_USCC = A[:-1] + ("1" if A[-1] != "1" else "2")


def test_a_registered_entity_has_its_registered_values(standard: Any, entities: Entities) -> None:
    standard.registered(
        uscc=A, name="甲公司", registered_capital=Decimal("5000000"), currency="CNY",
        established_on=date(2016, 6, 23), legal_representative="张三",
    )  # fmt: skip
    (entity,) = entities()
    assert entity["entity_id"] == entity["uscc"] == A
    assert entity["organization_code"] == A_CODE
    assert entity["registered_capital"] == Decimal("5000000")
    assert entity["established_on"] == date(2016, 6, 23)
    assert entity["on_dishonesty_list"] is False
    assert entity["dishonesty_lists"] is None
    assert entity["_src"] == "aaa-aaa-----a----"


def test_the_standard_source_wins_over_the_list(standard: Any, entities: Entities) -> None:
    standard.registered(uscc=A, name="登记名称")
    standard.listed(uscc=A, name="名单名称", _seq=9)
    (entity,) = entities()
    assert entity["name"] == "登记名称"
    assert entity["on_dishonesty_list"] is True


def test_what_the_standard_source_lacks_comes_from_the_list_and_says_so(
    standard: Any, entities: Entities
) -> None:
    standard.registered(uscc=A, name=None)
    standard.listed(uscc=A, name="名单名称")
    (entity,) = entities()
    assert entity["name"] == "名单名称"
    assert entity["_src"][2] == "b"


def test_of_several_list_rows_the_latest_with_a_value_counts(
    standard: Any, entities: Entities
) -> None:
    standard.listed(uscc=A, name="旧名", _seq=1)
    standard.listed(uscc=A, name="新名", _seq=2, list="transport")
    standard.listed(uscc=A, name=None, _seq=3)
    (entity,) = entities()
    assert entity["name"] == "新名"
    assert entity["_src"][2] == "c"
    assert entity["dishonesty_lists"] == ["ecommerce", "transport"]
    assert [by["code"] for by in entity["_contributors"]] == ["b", "c", "d"]


def test_an_organisation_code_alone_links_to_the_entity_that_bears_it(
    standard: Any, entities: Entities
) -> None:
    standard.registered(uscc=A, name="甲公司")
    standard.listed(uscc=None, organization_code=A_CODE, name="甲公司旧名")
    (entity,) = entities()
    assert entity["entity_id"] == A
    assert entity["on_dishonesty_list"] is True


def test_an_organisation_code_that_nobody_bears_makes_an_entity_of_its_own(
    standard: Any, entities: Entities
) -> None:
    standard.listed(uscc=None, organization_code=FREE_CODE, name="乙公司")
    (entity,) = entities()
    assert entity["entity_id"] == f"ORG:{FREE_CODE}"
    assert entity["uscc"] is None
    assert entity["organization_code"] == FREE_CODE
    assert entity["_src"] == "-bb------------**"


def test_an_organisation_code_that_fails_its_check_never_links_anything(
    standard: Any, entities: Entities
) -> None:
    standard.listed(uscc=None, organization_code=WRONG_CODE, name="丙公司")
    assert entities() == []


def test_the_inner_code_of_a_uscc_that_fails_its_own_check_does_not_link(
    standard: Any, entities: Entities
) -> None:
    text = "91370303" + WRONG_CODE
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * 3**place for place, c in enumerate(text))
    standard.registered(uscc=text + alphabet[(31 - total % 31) % 31], name="丁公司")
    standard.listed(uscc=None, organization_code=WRONG_CODE, name="丁公司")
    (entity,) = entities()
    assert entity["on_dishonesty_list"] is False


def test_two_entities_with_one_organisation_code_are_not_guessed_between(
    standard: Any, entities: Entities
) -> None:
    standard.registered(uscc=A, name="甲公司")
    standard.registered(uscc=Codes.uscc("MA3EXMP6", department="52"), name="甲协会")
    standard.listed(uscc=None, organization_code=A_CODE, name="甲")
    assert [entity["on_dishonesty_list"] for entity in entities()] == [False, False, True]


def test_an_invalid_uscc_makes_no_entity(standard: Any, entities: Entities) -> None:
    standard.registered(uscc=WRONG_USCC, name="戊公司")
    standard.listed(uscc=WRONG_USCC, name="戊公司")
    assert entities() == []


def test_beside_an_invalid_uscc_a_valid_organisation_code_identifies(
    standard: Any, entities: Entities
) -> None:
    standard.listed(uscc=WRONG_USCC, organization_code=FREE_CODE, name="己公司")
    assert [entity["entity_id"] for entity in entities()] == [f"ORG:{FREE_CODE}"]


def test_more_list_rows_than_letters_keep_one_character_each(
    standard: Any, entities: Entities
) -> None:
    for place in range(40):
        standard.listed(uscc=A, name=f"名称{place}", _seq=place)
    (entity,) = entities()
    codes = [by["code"] for by in entity["_contributors"]]
    assert len(set(codes)) == 40
    assert {len(code) for code in codes} == {1}
    assert len(entity["_src"]) == len(ENTITY.values)


def test_the_provenance_view_has_one_row_a_value(standard: Any, entities: Entities) -> None:
    standard.registered(uscc=A, name=None, registered_capital=Decimal("1.5"))
    standard.listed(uscc=A, name="名单名称", _agency="development_reform", _delivery="d000002")
    entities()
    standard.con.execute("USE base")
    found = standard.con.execute(
        f'SELECT "column", value, dataset, delivery, row, rule FROM ({ENTITY.source_view}) '
        'ORDER BY "column"'
    ).fetchall()
    registered, listed = (
        "market_supervision/business_entities",
        ("development_reform/dishonest_entities"),
    )
    all_lists = "标准源：全部名单记录汇总"
    assert found == [
        ("dishonesty_lists", "ecommerce", listed, "d000002", 2, all_lists),
        ("name", "名单名称", listed, "d000002", 2, "标准源无值：取最近一次交付的失信记录"),
        ("on_dishonesty_list", "是", listed, "d000002", 2, all_lists),
        ("organization_code", A_CODE, registered, "d000001", 1, "标准源"),
        ("registered_capital", "1.500000", registered, "d000001", 1, "标准源"),
        ("uscc", A, registered, "d000001", 1, "标准源"),
    ]


def test_neither_threads_nor_the_order_of_rows_change_the_result(
    standard: Any, entities: Entities
) -> None:
    standard.registered(uscc=A, name="甲公司")
    standard.registered(uscc=B, name="乙公司")
    for place in range(60):
        standard.listed(uscc=A if place % 2 else None, organization_code=A_CODE, name=f"名{place}")
    first = entities()
    table = "standard.development_reform.dishonest_entities"
    for threads in (1, 3):
        standard.con.execute(f"SET threads = {threads}")
        standard.con.execute(
            f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY hash(_row * {threads})"
        )
        assert entities() == first


def test_the_model_gives_the_declared_columns_and_types(
    standard: Any, entities: Entities, catalog: Catalog
) -> None:
    from warehouse.engine import duckdb_type

    entities()
    given = standard.con.execute("DESCRIBE base.legal_person.entity").fetchall()
    declared = ENTITY.schema(catalog)
    assert [(row[0], row[1].replace('"', "").replace(", ", ",")) for row in given] == [
        (name, duckdb_type(kind).replace('"', "").replace(", ", ","))
        for name, kind in declared.items()
    ]


@pytest.mark.parametrize("column", ENTITY.columns, ids=lambda column: column.name)
def test_each_column_takes_its_standard_source_first(column: Any, catalog: Catalog) -> None:
    dataset, _, source_column = column.sources[0].partition(".")
    source = catalog.element_of(dataset, source_column).standard_source
    if source is None:
        # No standard source is declared; the column may still come from catalogued columns alone.
        assert source_column in {known.id for known in catalog.datasets[dataset].columns}
    else:
        assert (source.dataset, source.column) == (dataset, source_column)
