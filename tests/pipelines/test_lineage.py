"""`lakehouse lineage`: where a column comes from, and what it harms."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipelines.cli import app


def said(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["lineage", *words])
    return result.exit_code, result.output


def test_both_directions_are_trees_with_names() -> None:
    code, told = said("population.person.died_on")
    assert code == 0
    lines = told.splitlines()
    assert lines[:3] == [
        "population.person.died_on  死亡日期",
        "来自",
        "├── health/death_certificates.died_on  市卫生健康委《死亡医学证明》死亡日期",
    ]
    assert "├── license.certificate_state.holder_ended_on  持证人终止日期" in lines


@pytest.mark.parametrize(
    "named", ["civil_affairs/marriages.registered_on", "population.marriages.registered_on"]
)
def test_a_delivered_column_is_named_by_its_dataset_or_its_published_table(named: str) -> None:
    code, told = said(named, "--json")
    assert code == 0
    document = json.loads(told)
    assert document["column"] == "civil_affairs/marriages.registered_on"
    assert (document["name"], document["from"]) == ("登记日期", [])
    assert {each["column"] for each in document["harms"]} == {
        "population.marriage.ended_on", "population.marriage.registered_on",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("population.nothing.name", "没有表 population.nothing"),
        ("population.marriage.nothing", "population.marriage 没有 nothing 列；有 certificate_no"),
        ("name", "没有表 name"),
    ],
)
def test_what_there_is_not_is_told(named: str, expected: str) -> None:
    code, told = said(named)
    assert code == 2 and expected in told
