"""`published/warehouse.duckdb` as a whole, made from a lake and read by a plain client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assets.published.written import REGISTERED, Written, read
from tests.this_catalog import this_catalog

LISTED = "development_reform/dishonest_entities"
USCC = "91370303MA3EXMPL6B"
LIST_KEY = f"ecommerce\x1f名单名称\x1f{USCC}"


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A company that is registered and listed; its registered name and listed list are in doubt."""
    written = Written(tmp_path_factory.mktemp("home"), this_catalog())
    written.row(REGISTERED, USCC, uscc=USCC, name="示范公司", currency="CNY", _row=7)
    written.row(LISTED, LIST_KEY, uscc=USCC, name="名单名称", list="ecommerce", _row=3)
    written.defect(REGISTERED, USCC, "name", "示范公司-;")
    written.defect(REGISTERED, USCC, "industry", "旧行业", event="closed", rule="industry.code")
    written.defect(REGISTERED, USCC, "entity_type", "N/A", rule="entity_type.null_word")
    written.defect(LISTED, LIST_KEY, "list", "电商", rule="list.code")
    written.defect(LISTED, LIST_KEY, "name", "名单名称", rule="name.pattern")
    yield written.publish()


def test_a_plain_client_counts_the_entities(companies: Path) -> None:
    assert read(companies, "SELECT count(*) FROM legal_person.entity") == [(1,)]


def test_everything_in_the_file_has_a_chinese_comment(companies: Path) -> None:
    comments = read(
        companies,
        "SELECT comment FROM duckdb_columns() WHERE NOT internal"
        " UNION ALL SELECT comment FROM duckdb_tables() WHERE NOT internal"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal",
    )
    assert len(comments) > 250
    assert [text for (text,) in comments if not text or text.isascii()] == []


def test_a_value_is_in_dispute_when_its_own_cell_is_doubted_or_could_not_beread(
    companies: Path,
) -> None:
    # The list's name is in doubt too, but the entity's name came from the registration.
    assert read(companies, "SELECT _disputed FROM legal_person.entity") == [
        (["entity_type", "name"],)
    ]
    assert read(companies, "SELECT _disputed FROM legal_person.registration") == [
        (["entity_type", "name"],)
    ]
    assert read(companies, "SELECT _disputed FROM credit.dishonest_entities") == [
        (["list", "name"],)
    ]


def test_codes_stand_beside_their_names(companies: Path) -> None:
    found = read(
        companies,
        "SELECT currency, currency_name, list, list_name "
        "FROM legal_person.entity JOIN credit.dishonesty USING (entity_id)",
    )
    assert found == [("CNY", "人民币", "ecommerce", "电子商务领域失信企业名单")]


def test_a_value_is_traced_to_its_delivery_and_row(companies: Path) -> None:
    found = read(
        companies,
        "SELECT dataset, delivery, row FROM legal_person.entity_source"
        f" WHERE entity_id = '{USCC}' AND \"column\" = 'name'",
    )
    assert found == [(REGISTERED, "d000001", 7)]


def test_defects_are_listed_while_they_are_open(companies: Path) -> None:
    found = read(companies, 'SELECT dataset, "column", value FROM quality.defects ORDER BY ALL')
    assert found == [
        (LISTED, "list", "电商"),
        (LISTED, "name", "名单名称"),
        (REGISTERED, "entity_type", "N/A"),
        (REGISTERED, "name", "示范公司-;"),
    ]
    states = read(companies, "SELECT state, count(*) FROM quality.tickets GROUP BY 1 ORDER BY 1")
    assert states == [("closed", 1), ("open", 4)]


def test_each_ticket_and_defect_finds_its_rule(companies: Path) -> None:
    assert read(
        companies, "SELECT count(*) > 100, count(*) = count(DISTINCT (dataset, rule))"
        " FROM quality.rules",
    ) == [(True, True)]  # fmt: skip
