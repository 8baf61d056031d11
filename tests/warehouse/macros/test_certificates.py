"""What a certificate is worth on a day."""

from __future__ import annotations

import duckdb
import pytest

TERM = "DATE '2020-01-01', DATE '2025-12-31'"


@pytest.mark.parametrize(
    ("status", "changed_on", "holder", "day", "state"),
    [
        ("'10'", "NULL", "NULL, NULL", "2019-12-31", "未生效"),
        ("'10'", "NULL", "NULL, NULL", "2020-01-01", "有效"),
        ("'10'", "NULL", "NULL, NULL", "2025-12-31", "有效"),
        ("'10'", "NULL", "NULL, NULL", "2026-01-01", "过期"),
        ("NULL", "NULL", "NULL, NULL", "2024-01-01", "有效"),
        ("'05'", "DATE '2023-05-10'", "NULL, NULL", "2023-05-09", "有效"),
        ("'05'", "DATE '2023-05-10'", "NULL, NULL", "2023-05-10", "已吊销"),
        ("'03'", "NULL", "NULL, NULL", "2021-01-01", "已注销"),
        ("'02'", "DATE '2023-05-10'", "NULL, NULL", "2023-05-09", "有效"),
        ("'02'", "DATE '2023-05-10'", "NULL, NULL", "2023-05-10", "过期"),
        ("'10'", "NULL", "'population.person', DATE '2023-05-10'", "2023-05-09", "有效"),
        ("'10'", "NULL", "'population.person', DATE '2023-05-10'", "2023-05-10", "持证人已死亡"),
        ("'10'", "NULL", "'population.person', '2023-05'", "2023-04-30", "有效"),
        ("'10'", "NULL", "'population.person', '2023-05'", "2023-05-01", "持证人已死亡"),
        ("'10'", "NULL", "'legal_person.entity', '2023-05'", "2024-01-01", "持证人已注销"),
    ],
)
def test_the_state_on_a_day_follows_from_status_term_and_holder(
    shell: duckdb.DuckDBPyConnection,
    status: str,
    changed_on: str,
    holder: str,
    day: str,
    state: str,
) -> None:
    query = f"SELECT certificate_state({status}, {changed_on}, {TERM}, {holder}, '{day}')"
    assert shell.execute(query).fetchone() == (state,)
