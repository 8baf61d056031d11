"""An address that names another county than its division code."""

from __future__ import annotations

from tests.quality.between.tables import Tables

REF = "market_supervision/business_entities"


def found(*addresses: str) -> set[str]:
    """Keys of the rows accused, of rows `key | division | address`."""
    tables = Tables("address_division")
    tables.put(REF, "\n".join(["uscc | division | address", *addresses]))
    return {key for _, key, _ in tables.found()}


def test_an_address_in_another_county_is_a_query() -> None:
    assert found(
        "A | 370303 | 山东省淄博市临淄区牛山路1号",
        "B | 370303 | 山东省淄博市张店区柳泉路1号",
        "C | 370321 | 淄博市张店区人民西路2号",
    ) == {"A", "C"}


def test_an_address_that_names_no_county_or_its_own_too_says_nothing() -> None:
    assert found(
        "A | 370303 | 柳泉路1号",
        "B | 370303 | 张店区与临淄区交界处",
        "C | 370303 | 济南市历下区经十路3号",
        "D | 370305 | ",
        "E |  | 淄博市张店区柳泉路1号",
    ) == set()  # fmt: skip


def test_without_a_division_code_the_place_in_the_credit_code_is_asked() -> None:
    assert found(
        "91370303MA3CFB0F80 | | 淄博市临淄区牛山路1号",
        "91370305MA3CFB0F8W | | 淄博市临淄区牛山路2号",
        "91370303MA3CFB0F81 | | 淄博市临淄区牛山路3号",
        "91110000600037341L | | 淄博市张店区柳泉路4号",
    ) == {"91370303MA3CFB0F80"}


def test_a_zones_address_agrees_with_any_host_and_a_hosts_with_the_zone() -> None:
    assert found(
        "A | 370351 | 淄博市张店区南定镇1号",
        "B | 370351 | 淄博市周村区北郊镇2号",
        "C | 370303 | 淄博市高新区中润大道3号",
        "D | 370351 | 淄博市经开区创业路4号",
        "E | 370351 | 淄博市淄川区将军路5号",
    ) == {"E"}
