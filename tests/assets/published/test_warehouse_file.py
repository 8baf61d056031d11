"""`published/warehouse.duckdb` as a whole, made from a lake and read by a plain client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl
import pytest

from assets.base.build import build_entity
from assets.lakehouse import Lakehouse
from assets.published import publish_warehouse
from catalog.load import Catalog, load_catalog
from catalog.models.datasets import Column, Dataset, Publication
from catalog.models.rules import Dimension
from quality.ledger import DEFECT_EVENTS, defect_id, ticket_id
from quality.scores.items import Score, word_scores
from quality.scores.settings import settings
from quality.scores.table import SCORES
from warehouse.home import Clock, Home

NOON = datetime(2026, 3, 2, 12)
REGISTERED = "market_supervision/business_entities"
LISTED = "development_reform/dishonest_entities"
USCC = "91370303MA3EXMPL6B"
LIST_KEY = f"ecommerce\x1f名单名称\x1f{USCC}"


def _persons(reviewed: bool) -> Dataset:
    return Dataset(
        agency="market_supervision",
        id="persons",
        name="人员",
        description="用于测试",
        subject="person",
        key=("case_no", "id_no"),
        deliverers=("market_supervision",),
        mode="snapshot",
        reviewed=reviewed,
        publication=Publication(database="population", table="persons"),
        columns=(
            Column(id="case_no", name="编号", element="registration_no"),
            Column(id="id_no", name="公民身份号码", element="id_no"),
            Column(id="name", name="姓名", element="person_name"),
        ),
    )


PERSON_KEY = "C1\x1f370303198702031234"


class Written:
    """A lakehouse whose standard tables and ledger are written row by row."""

    def __init__(self, home: Path, catalog: Catalog) -> None:
        self.house = Lakehouse.open(Home(home), Clock(NOON), catalog)
        self._events: list[dict[str, Any]] = []

    def row(self, ref: str, key: str, **values: Any) -> None:
        schema = self.house.schemas[f"standard/{ref}"]
        row = {
            "_key": key, "_op": "upsert", "_row": 1, "_seq": 1, "_delivery": "d000001",
            "_agency": ref.split("/", maxsplit=1)[0], "_failed": 0, "_normalised": 0,
        } | values  # fmt: skip
        frame = pl.DataFrame([row], schema={name: schema[name] for name in row})
        self.house.lake.ensure(f"standard/{ref}", schema)
        self.house.lake.append(
            f"standard/{ref}",
            frame.match_to_schema(schema, missing_columns="insert"),
            transaction=f"{ref} {key}",
        )

    def defect(self, ref: str, key: str, column: str, value: str | None, **more: Any) -> None:
        agency = ref.split("/", maxsplit=1)[0]
        rule = more.get("rule", f"{column}.length")
        self._events.append(
            {
                "event_no": len(self._events) + 1, "at": NOON, "event": "opened",
                "cause": "applied", "kind": "row", "dataset": ref, "agency": agency,
                "rule": rule, "key": key, "column": column, "delivery": "d000001", "row": 1,
                "value": value, "reason": "",
                "defect": defect_id(ref, agency, key, column, rule),
                "ticket": ticket_id(ref, agency, rule),
            }
            | more
        )  # fmt: skip

    def publish(self) -> Path:
        name = "quality/defect_events"
        self.house.lake.ensure(name, DEFECT_EVENTS)
        events = pl.DataFrame(self._events, schema=DEFECT_EVENTS)
        self.house.lake.append(name, events, transaction="events")
        with self.house.engine() as engine:
            build_entity(self.house, engine)
            # Compressed text would hide a secret from a search of the file's bytes.
            engine.con.execute("PRAGMA force_compression = 'uncompressed'")
            publish_warehouse(self.house, engine)
        return self.house.home.published / "warehouse.duckdb"


def _read(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as reader:
        return reader.execute(query).fetchall()


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A company that is registered and listed; its registered name and listed list are in doubt."""
    written = Written(tmp_path_factory.mktemp("home"), load_catalog())
    written.row(REGISTERED, USCC, uscc=USCC, name="示范公司", currency="CNY", _row=7)
    written.row(LISTED, LIST_KEY, uscc=USCC, name="名单名称", list="ecommerce", _row=3)
    written.defect(REGISTERED, USCC, "name", "示范公司-;")
    written.defect(REGISTERED, USCC, "industry", "旧行业", event="closed", rule="industry.code")
    written.defect(REGISTERED, USCC, "entity_type", "N/A", rule="entity_type.null_word")
    written.defect(LISTED, LIST_KEY, "list", "电商", rule="list.code")
    written.defect(LISTED, LIST_KEY, "name", "名单名称", rule="name.pattern")
    yield written.publish()


def test_a_plain_client_counts_the_entities(companies: Path) -> None:
    assert _read(companies, "SELECT count(*) FROM legal_person.entity") == [(1,)]


def test_everything_in_the_file_has_a_chinese_comment(companies: Path) -> None:
    comments = _read(
        companies,
        "SELECT comment FROM duckdb_columns() WHERE NOT internal"
        " UNION ALL SELECT comment FROM duckdb_tables() WHERE NOT internal"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal",
    )
    assert len(comments) > 250
    assert [text for (text,) in comments if not text or text.isascii()] == []


def test_a_value_is_in_dispute_when_its_own_cell_is_doubted_or_could_not_be_read(
    companies: Path,
) -> None:
    # The list's name is in doubt too, but the entity's name came from the registration.
    assert _read(companies, "SELECT _disputed FROM legal_person.entity") == [
        (["dishonesty_lists", "entity_type", "name", "on_dishonesty_list"],)
    ]
    assert _read(companies, "SELECT _disputed FROM legal_person.registration") == [
        (["entity_type", "name"],)
    ]
    assert _read(companies, "SELECT _disputed FROM credit.dishonest_entities") == [
        (["list", "name"],)
    ]


def test_codes_stand_beside_their_names(companies: Path) -> None:
    found = _read(
        companies,
        "SELECT currency, currency_name, dishonesty_lists, dishonesty_lists_name "
        "FROM legal_person.entity",
    )
    assert found == [("CNY", "人民币", ["ecommerce"], ["电子商务领域失信企业名单"])]


def test_a_value_is_traced_to_its_delivery_and_row(companies: Path) -> None:
    found = _read(
        companies,
        "SELECT dataset, delivery, row FROM legal_person.entity_source"
        f" WHERE entity_id = '{USCC}' AND \"column\" = 'name'",
    )
    assert found == [(REGISTERED, "d000001", 7)]


def test_defects_are_listed_while_they_are_open(companies: Path) -> None:
    found = _read(companies, 'SELECT dataset, "column", value FROM quality.defects ORDER BY ALL')
    assert found == [
        (LISTED, "list", "电商"),
        (LISTED, "name", "名单名称"),
        (REGISTERED, "entity_type", "N/A"),
        (REGISTERED, "name", "示范公司-;"),
    ]
    states = _read(companies, "SELECT state, count(*) FROM quality.tickets GROUP BY 1 ORDER BY 1")
    assert states == [("closed", 1), ("open", 4)]


def test_a_defect_tells_what_it_was_held_against_where_its_columns_grade_allows(
    tmp_path: Path,
) -> None:
    written = Written(tmp_path, load_catalog())
    between = {"kind": "between", "rule": "between.x"}
    marriages, told = "civil_affairs/marriages", "市级登记为在营"
    stray = f"{told} 370303198702031234"
    absent = {"kind": "absence", "rule": "delivery.never"}
    written.defect(REGISTERED, "A", "name", "甲", row=1, reason=stray, **between)
    written.defect(marriages, "B", "id_no_a", "370303", row=2, reason=told, **between)
    written.defect(marriages, "C", "retired_column", "乙", row=3, reason=told, **between)
    written.defect(REGISTERED, "", "", None, row=4, reason="从未报送", **absent)
    written.defect(REGISTERED, "E", "name", "丙", row=5, reason="首次发现")
    found = _read(written.publish(), "SELECT row, detail FROM quality.defects ORDER BY row")
    assert found == [(1, f"{told} ***"), (2, "***"), (3, "***"), (4, "从未报送"), (5, None)]


def test_each_ticket_and_defect_finds_its_rule(companies: Path) -> None:
    assert _read(
        companies, "SELECT count(*) > 100, count(*) = count(DISTINCT (dataset, rule))"
        " FROM quality.rules",
    ) == [(True, True)]  # fmt: skip


CARDS = {
    ("dataset", "a/x", "a"): {"accuracy": (8, 10), "consistency": (1, 2), "timeliness": (0, 0)},
    ("dataset", "a/x", "b"): {"accuracy": (9, 10), "conformity": (5, 5), "accessibility": (0, 1)},
    ("agency", "a", "a"): {"completeness": (2, 3)},
}
"""Subject and deliverer → dimension → A and B; all were scored before as if nothing were right."""


def test_the_scorecard_tells_the_last_scores_and_the_words_made_of_them(tmp_path: Path) -> None:
    written = Written(tmp_path, load_catalog())
    told = [
        {"no": 0, "at": NOON, "level": level, "subject": subject, "agency": agency,
         "dimension": dimension, "rules": 1, "passed": passed, "asked": asked}
        for worst in (True, False)
        for (level, subject, agency), card in CARDS.items()
        for dimension, (right, asked) in card.items()
        for passed in (0 if worst else right,)
    ]  # fmt: skip
    lines = pl.DataFrame(
        [line | {"no": number} for number, line in enumerate(told, start=1)], schema=SCORES
    )
    written.house.lake.ensure("quality/scores", SCORES)
    written.house.lake.append("quality/scores", lines, transaction="scores")
    path = written.publish()
    measured = _read(
        path,
        "SELECT subject, measure, passed, asked, score FROM quality.scorecard "
        "ORDER BY subject, kind, passed, measure",
    )
    assert measured == [
        ("a", "completeness", 2, 3, 2 / 3),
        ("a", "完整性", None, None, 2 / 3),
        ("a/x", "accessibility", 0, 1, 0.0),
        ("a/x", "consistency", 1, 2, 0.5),
        ("a/x", "conformity", 5, 5, 1.0),
        ("a/x", "accuracy", 17, 20, 0.85),
        *[("a/x", word, None, None, score) for word, score in measured_words(path).items()],
    ]
    assert len(_read(path, "FROM quality.scores")) == len(told)


def measured_words(path: Path) -> dict[str, float | None]:
    """The words of dataset a/x as the rest of the house makes them of its dimensions."""
    rows = _read(
        path,
        "SELECT measure, passed, asked FROM quality.scorecard "
        "WHERE kind = 'dimension' AND subject = 'a/x'",
    )
    card = {Dimension(name): Score(1, passed, asked) for name, passed, asked in rows}
    words = word_scores(settings().words, card)
    shown = _read(
        path, "SELECT measure FROM quality.scorecard WHERE kind = 'word' AND subject = 'a/x' "
        "ORDER BY measure",
    )  # fmt: skip
    assert [word for (word,) in shown] == sorted(word for word in words if words[word] is not None)
    return {word: words[word] for (word,) in shown}


SECRETS = (
    "370303198702031234", "3703031987020312", "欧阳秘", "13805331234", "一段原文", "误填的值",
)  # fmt: skip


def _with_persons(tmp_path: Path, reviewed: bool) -> Written:
    catalog = load_catalog()
    dataset = _persons(reviewed)
    datasets = MappingProxyType(dict(catalog.datasets) | {dataset.ref: dataset})
    written = Written(tmp_path, replace(catalog, datasets=datasets, _codes={}))
    ref = dataset.ref
    written.row(ref, PERSON_KEY, case_no="C1", id_no="370303198702031234", name="欧阳秘")
    written.defect(ref, PERSON_KEY, "id_no", "3703031987020312")
    written.defect(ref, PERSON_KEY, "name", "欧阳秘 13805331234")
    written.defect(ref, PERSON_KEY, "case_no", "370303198702031234", rule="case_no.form")
    written.defect(ref, PERSON_KEY, "case_no", PERSON_KEY, rule="row.two", kind="shared_key")
    written.defect(ref, "欧阳秘", "", "误填的值", rule="key.missing", kind="quarantine")
    written.defect(ref, "abc", "", "一段原文,欧阳秘", rule="record.ragged", kind="reject")
    written.defect(ref, PERSON_KEY, "retired_column", "误填的值", rule="retired_column.code")
    written.defect(REGISTERED, "X", "name", "欧阳 370303198702031234", rule="name.pattern")
    return written


@pytest.mark.parametrize("reviewed", [True, False])
def test_no_personal_value_stands_anywhere_in_the_file(tmp_path: Path, reviewed: bool) -> None:
    content = _with_persons(tmp_path, reviewed).publish().read_bytes()
    assert "人员".encode() in content
    assert [secret for secret in SECRETS if secret.encode() in content] == []


def test_a_defect_shows_what_its_columns_grade_allows(tmp_path: Path) -> None:
    path = _with_persons(tmp_path, reviewed=True).publish()
    found = _read(path, "SELECT rule, key, value FROM quality.defects ORDER BY rule")
    shown_key = "C1 / 3703**************"
    assert found == [
        ("case_no.form", shown_key, "***"),
        ("id_no.length", shown_key, "***"),
        ("key.missing", "***", "***"),
        ("name.length", shown_key, "欧**"),
        ("name.pattern", "X", "欧阳 ***"),
        ("record.ragged", "***", "***"),
        ("retired_column.code", shown_key, "***"),
        ("row.two", shown_key, shown_key),
    ]


def test_of_a_dataset_not_reviewed_neither_rows_nor_keys_nor_values_are_published(
    tmp_path: Path,
) -> None:
    path = _with_persons(tmp_path, reviewed=False).publish()
    table = _persons(False).publication.table
    assert _read(path, f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'") == [
        (0,)
    ]
    found = _read(
        path,
        f"SELECT DISTINCT key, value FROM quality.defects WHERE dataset = '{_persons(False).ref}'",
    )
    assert found == [("***", "***")]
