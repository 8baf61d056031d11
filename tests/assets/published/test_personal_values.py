"""What the published file shows of defects in columns with a grade, and that it tells no secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from catalog.models.datasets import Column, Dataset, Publication
from tests.assets.published.written import REGISTERED, Written, read
from tests.this_catalog import this_catalog

PERSON_KEY = "C1\x1f370303198702031234"
PENALTIES = "development_reform/administrative_penalties"
MISPLACED = "370303198702031238"
"""A citizen's number where the code of a firm belongs."""
SECRETS = (
    "370303198702031234", MISPLACED, "3703031987020312", "欧阳秘", "13805331234", "一段原文",
    "误填的值",
)  # fmt: skip


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


def _with_persons(tmp_path: Path, reviewed: bool) -> Written:
    catalog = this_catalog()
    dataset = _persons(reviewed)
    datasets = MappingProxyType(dict(catalog.datasets) | {dataset.ref: dataset})
    written = Written(tmp_path, replace(catalog, datasets=datasets, _codes={}))
    ref = dataset.ref
    written.row(REGISTERED, MISPLACED, uscc=MISPLACED)
    penalty = {"uscc": MISPLACED, "registration_no": MISPLACED, "category": "1"}
    written.row(PENALTIES, "1", document_no="1", **penalty)
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
    found = read(path, "SELECT rule, key, value FROM quality.defects ORDER BY rule")
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
    assert read(path, f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'") == [
        (0,)
    ]
    found = read(
        path,
        f"SELECT DISTINCT key, value FROM quality.defects WHERE dataset = '{_persons(False).ref}'",
    )
    assert found == [("***", "***")]


def test_a_defect_tells_what_it_was_held_against_where_its_columns_grade_allows(
    tmp_path: Path,
) -> None:
    written = Written(tmp_path, this_catalog())
    between = {"kind": "between", "rule": "between.holder_differs"}
    marriages, told = "civil_affairs/marriages", "市级登记为在营"
    stray = f"{told} 370303198702031234"
    absent = {"kind": "absence", "rule": "delivery.never"}
    written.defect(REGISTERED, "A", "name", "甲", row=1, reason=stray, **between)
    written.defect(marriages, "B", "id_no_a", "370303", row=2, reason=told, **between)
    written.defect(marriages, "C", "retired_column", "乙", row=3, reason=told, **between)
    written.defect(REGISTERED, "", "", None, row=4, reason="从未报送", **absent)
    written.defect(REGISTERED, "E", "name", "丙", row=5, reason="首次发现")
    unknown = between | {"rule": "between.retired"}
    written.defect(REGISTERED, "F", "name", "丁", row=6, reason=told, **unknown)
    found = read(written.publish(), "SELECT row, detail FROM quality.defects ORDER BY row")
    assert found == [
        (1, f"{told} ***"), (2, "***"), (3, "***"), (4, "从未报送"), (5, None), (6, "***"),
    ]  # fmt: skip


def test_a_defect_tells_what_its_rule_said_when_it_was_asked_last(tmp_path: Path) -> None:
    written = Written(tmp_path, this_catalog())
    between = {"kind": "between", "rule": "between.holder_differs"}
    absent = {"kind": "absence", "rule": "delivery.overdue"}
    written.defect(REGISTERED, "A", "name", "甲", row=1, reason="登记名称为乙", **between)
    written.said(1, "登记名称为丙")
    written.defect(REGISTERED, "", "", None, row=2, reason="应于三月报送", **absent)
    written.said(2, "应于四月报送")
    found = read(written.publish(), "SELECT row, detail FROM quality.defects ORDER BY row")
    assert found == [(1, "登记名称为丙"), (2, "应于四月报送")]
