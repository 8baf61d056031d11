"""A draft is judged by the same rules, and nothing is stored."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from rich.console import Console

from quality.reports import DraftReport, draft_defects
from quality.standardise import standardise
from tests.quality.reports.small_city import GOOD, REF, START, SmallCity, raw_frame


def draft(
    folder: Path,
    *rows: Mapping[str, str | None],
    rejects: list[dict[str, object]] | None = None,
    limit: int = 100,
) -> DraftReport:
    city = SmallCity(folder)
    raw = raw_frame(rows, "draft", 0)
    raw.write_parquet(folder / "raw.parquet")
    staged = standardise(raw.lazy(), city.catalog, REF, START.date()).collect()
    staged.write_parquet(folder / "staged.parquet")
    unread = None
    if rejects is not None:
        unread = folder / "rejects.parquet"
        pl.DataFrame(rejects).write_parquet(unread)
    return draft_defects(
        city.con,
        city.catalog,
        REF,
        folder / "raw.parquet",
        folder / "staged.parquet",
        limit,
        unread,
    )


def test_a_right_draft_has_nothing_to_say(tmp_path: Path) -> None:
    report = draft(tmp_path, GOOD)
    assert (report.rows, report.total, report.has_errors) == (1, 0, False)


def test_defects_are_listed_with_line_column_and_value(tmp_path: Path) -> None:
    report = draft(tmp_path, GOOD, GOOD | {"uscc": "91370303MA3CFB0F8X"})
    assert report.has_errors
    (defect,) = report.defects
    assert (defect.rule, defect.row, defect.line) == ("uscc.check_digit", 2, 3)
    assert (defect.column_name, defect.value) == ("统一社会信用代码", "91370303MA3CFB0F8X")


def test_a_key_that_occurs_twice_and_a_missing_key_are_found(tmp_path: Path) -> None:
    report = draft(tmp_path, GOOD, GOOD, GOOD | {"uscc": None})
    found = {(defect.rule, defect.row) for defect in report.defects}
    assert {("row.duplicate_key", 2), ("key.missing", 3)} <= found


def test_records_that_cannot_be_read_are_among_the_defects(tmp_path: Path) -> None:
    unread = {
        "row": 2,
        "line": 3,
        "reason": "record.ragged",
        "message": "栏数不一致",
        "text": "a,b",
    }
    report = draft(tmp_path, GOOD, rejects=[unread])
    (defect,) = report.defects
    assert (report.rejected, defect.line, defect.message) == (1, 3, "栏数不一致")
    assert defect.value == "a,b"


def test_the_limit_cuts_the_list_but_not_the_counts(tmp_path: Path) -> None:
    rows = [GOOD | {"uscc": f"9137030{n}MA3CFB0F2X", "name": None} for n in range(5)]
    report = draft(tmp_path, *rows, limit=4)
    assert len(report.defects) == 4
    assert report.total == sum(rule.rows for rule in report.rules) >= 10
    assert report.document()["shown"] == 4
    json.dumps(report.document())


def test_it_prints_for_a_terminal(tmp_path: Path) -> None:
    screen = io.StringIO()
    wrong = GOOD | {"uscc": "91370303MA3CFB0F8X", "name": "[red]"}
    draft(tmp_path, wrong, GOOD, GOOD).print(Console(file=screen, width=80))
    lines = screen.getvalue().splitlines()
    assert "  第 2 行  统一社会信用代码：91370303MA3CFB0F8X" in lines
    assert sum(line.startswith("错误（") for line in lines) == 2
    assert not any("…" in line for line in lines)
