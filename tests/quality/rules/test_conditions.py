from __future__ import annotations

from typing import Any

import pytest

from quality.rules.conditions import check_condition, check_conditions

REF = "health/visits"
COLUMNS = [
    {"id": name} for name in ("fee", "deposit", "days", "birth_date", "visited_at", "sex", "name")
]


def rule(check: str, name: str = "some_rule", columns: tuple[str, ...] = ("fee",)) -> Any:
    return {
        "id": name,
        "check": check,
        "columns": list(columns),
        "message": "两项不一致",
        "dimension": "consistency",
        "severity": "error",
        "how_to_correct": "核对",
    }


def faults(catalog_of: Any, check: str) -> list[str]:
    catalog = catalog_of(COLUMNS, key=["name"], rules=[rule(check)])
    dataset = catalog.datasets[REF]
    return check_condition(dataset.rules[0], dataset, catalog)


@pytest.mark.parametrize(
    "check",
    [
        "fee <= deposit",
        "abs(fee - deposit) < 0.025",
        "birth_date <= date '2020-01-01'",
        "sex = '1' or days between 1 and 30",
        "fee is null or deposit is not null",
        "length(name) < 3 or substr(name, 1, 1) = '淄'",
        "cast(fee as double) * 0.5 < 10",
        "coalesce(days, 0) >= 0",
    ],
)
def test_conditions_that_mean_the_same_to_both_engines_pass(catalog_of: Any, check: str) -> None:
    assert faults(catalog_of, check) == []


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("fee +", "Polars 不能理解条件"),
        ("fees > 1", "没有的列：fees"),
        ("fee + 1", "结果应为真或假"),
        ("days = '2018'", "Polars 不能执行条件"),
        ("fee / deposit > 0", "division by zero"),
        ("strptime(name, '%Y') is null", "不能"),
        ("fee % 3 = -1 and sex ~ '['", "不能执行条件"),
    ],
)
def test_other_conditions_are_named_with_the_reason(
    catalog_of: Any, check: str, words: str
) -> None:
    (fault,) = faults(catalog_of, check)
    assert words in fault


def test_a_different_answer_on_some_row_is_shown_with_that_row(catalog_of: Any) -> None:
    # A cast to an integer cuts off in Polars and rounds in DuckDB.
    (fault,) = faults(catalog_of, "cast(fee as bigint) = 0")
    assert fault.startswith("Polars 与 DuckDB 对条件的判断不同，例如 fee=")


def test_one_broken_condition_does_not_hide_the_others(catalog_of: Any) -> None:
    rules = [
        rule("fee <= deposit", "good"),
        rule("fees > 1", "unknown_column"),
        rule("days = '2018'", "wrong_type"),
    ]
    catalog = catalog_of(COLUMNS, key=["name"], rules=rules)
    found = check_conditions(catalog.datasets[REF], catalog)
    assert set(found) == {"unknown_column", "wrong_type"}
