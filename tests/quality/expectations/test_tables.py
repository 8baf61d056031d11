"""The verdict on a stored table: what is wrong with it is counted under its own name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from catalog.load import Catalog
from catalog.models.datasets import Column
from quality.expectations.batch import Question
from quality.expectations.expected import Aspect, Expected, Origin
from quality.expectations.judgements import Violation
from quality.expectations.tables import TableVerdict, judge_table

AS_OF = date(2026, 11, 1)
EXPECTED = Expected(
    name="base/health/visit",
    columns={
        "ward": "VARCHAR",
        "day": "DATE",
        "fee": "DECIMAL(20,2)",
        "_src": "VARCHAR",
        "_contributors": 'STRUCT(code VARCHAR, delivery VARCHAR, "row" BIGINT)[]',
        "_op": "VARCHAR",
    },
    key=("ward", "day"),
    fewest=1,
    most=3,
    origins=(Origin("fee", "fee IS NOT NULL"),),
)
BY = "[{'code': 'a', 'delivery': 'd1', 'row': 1}]"
DAY = "DATE '2026-10-01'"
RIGHT = f"'A01', {DAY}, 12.5, 'a', {BY}"

Judge = Callable[..., TableVerdict]


@pytest.fixture
def judge(visits: Catalog, tmp_path: Path) -> Judge:
    """The verdict on rows written as SQL values, the table's columns by its declared types."""

    def judged(*rows: str, expected: Expected = EXPECTED, select: str = "*") -> TableVerdict:
        file = str(tmp_path / "rows.parquet")
        with duckdb.connect() as con:
            columns = ", ".join(f"{name} {kind}" for name, kind in EXPECTED.columns.items())
            con.execute(f"CREATE TABLE rows ({columns})")
            for row in rows:
                con.execute(f"INSERT INTO rows VALUES ({row}, 'upsert')")
            con.execute(f"COPY (SELECT {select} FROM rows) TO '{file}' (FORMAT parquet)")
        return judge_table([file], expected, visits, AS_OF, tmp_path)

    return judged


def faults(verdict: TableVerdict) -> dict[str, int]:
    """`<aspect>.<rule>` → count, without what nothing breaks."""
    return {
        f"{aspect}.{rule}": count
        for aspect, counts in verdict.counts.items()
        for rule, count in counts.items()
        if count
    }


def test_a_right_table_breaks_nothing_and_every_aspect_is_judged(judge: Judge) -> None:
    verdict = judge(RIGHT, f"'A02', {DAY}, NULL, '-', {BY}")
    assert verdict.rows == 2
    assert faults(verdict) == {}
    assert set(verdict.counts) == set(Aspect) - {Aspect.VALUES}


def test_a_key_of_two_columns_may_repeat_one_of_them_but_not_both(judge: Judge) -> None:
    other_day = RIGHT.replace("10-01", "10-02")
    assert faults(judge(RIGHT, other_day)) == {}
    assert faults(judge(RIGHT, other_day, RIGHT)) == {"key.unique": 1}


def test_a_key_that_is_partly_null_is_no_key(judge: Judge) -> None:
    assert faults(judge(f"NULL, {DAY}, 1, 'a', {BY}")) == {"key.not_null": 1}


@pytest.mark.parametrize("rows", [0, 4])
def test_too_few_and_too_many_rows_are_told(judge: Judge, rows: int) -> None:
    found = judge(*(RIGHT.replace("A01", f"A{n}") for n in range(rows)))
    assert faults(found) == {"volume.rows": 1}


@pytest.mark.parametrize(
    ("select", "count"),
    [
        ("* REPLACE (fee::DOUBLE AS fee)", 1),
        ("* EXCLUDE (fee)", 1),
        ("*, 1 AS fee_2", 1),
        ("* RENAME (fee AS cost)", 2),
    ],
)
def test_a_wrong_shape_is_counted_by_columns_even_in_a_table_without_rows(
    judge: Judge, select: str, count: int
) -> None:
    verdict = judge(select=select, expected=replace(EXPECTED, fewest=0))
    assert faults(verdict) == {"shape.columns": count}
    assert not verdict.holds(Aspect.PROVENANCE)


def test_a_missing_column_of_the_key_leaves_the_rows_unjudged(judge: Judge) -> None:
    verdict = judge(RIGHT, select="* EXCLUDE (ward)")
    assert verdict.rows is None
    assert set(verdict.counts) == {Aspect.SHAPE}


def test_files_that_may_lack_columns_may_not_have_them_of_another_type(judge: Judge) -> None:
    older = replace(EXPECTED, may_lack=True, origins=())
    assert faults(judge(RIGHT, expected=older, select="* EXCLUDE (fee)")) == {}
    retyped = judge(RIGHT, expected=older, select="* REPLACE (fee::VARCHAR AS fee)")
    assert faults(retyped) == {"shape.columns": 1}


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (f"'A01', {DAY}, 12.5, 'aa', {BY}", {"length"}),
        (f"'A01', {DAY}, 12.5, NULL, {BY}", {"length", "given"}),
        (f"'A01', {DAY}, 12.5, '-', {BY}", {"given"}),
        (f"'A01', {DAY}, NULL, 'a', {BY}", {"given"}),
        (f"'A01', {DAY}, 12.5, 'b', {BY}", {"resolved"}),
        (f"'A01', {DAY}, NULL, '-', []", {"contributors"}),
        (
            f"'A01', {DAY}, 12.5, 'a', {BY.replace(': 1', ': NULL')}",
            {"contributors"},
        ),
        (
            f"'A01', {DAY}, 12.5, 'a', {BY.replace(chr(39) + 'd1' + chr(39), 'NULL')}",
            {"contributors"},
        ),
    ],
)
def test_each_fault_of_provenance_is_counted_by_itself(
    judge: Judge, row: str, broken: set[str]
) -> None:
    assert faults(judge(row)) == {f"provenance.{rule}": 1 for rule in broken}


def asked(sql: str) -> Expected:
    """The table, its fee asked this condition of a violation."""
    fee = Column(id="fee", name="费用", element="fee")
    return replace(EXPECTED, questions=(Question(fee, (Violation("range", sql),)),))


def test_a_value_outside_its_bounds_is_counted_and_a_missing_one_is_not(judge: Judge) -> None:
    rows = (
        RIGHT,
        f"'A02', {DAY}, NULL, '-', {BY}",
        RIGHT.replace("A01", "A03").replace("12.5", "-1"),
    )
    assert faults(judge(*rows, expected=asked("fee < 0"))) == {"values.fee.range": 1}


def test_what_cannot_be_evaluated_counts_as_not_judged_and_never_as_passed(judge: Judge) -> None:
    verdict = judge(RIGHT, expected=asked("no_such_column < 0"))
    assert verdict.holds(Aspect.KEY)
    assert not verdict.holds(Aspect.VALUES)
    assert not verdict.holds(Aspect.PROVENANCE)


def test_a_table_that_was_never_written_has_no_rows(visits: Catalog, tmp_path: Path) -> None:
    verdict = judge_table([], replace(EXPECTED, fewest=0), visits, AS_OF, tmp_path)
    assert verdict.rows == 0
    assert faults(verdict) == {}
