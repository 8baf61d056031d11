"""The scorer, held against small cases written out by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from demo.city.defects.labels import COLLATERAL, LABELS
from demo.score import fits, score, table

FILE = "human_resources/benefits/a.csv"
DATASET = "human_resources/benefits"
LABEL: dict[str, Any] = {
    "label": 1,
    "day": 1,
    "file": FILE,
    "row": 7,
    "scope": "cell",
    "dataset": DATASET,
    "deliverer": "human_resources",
    "key": "F7",
    "key_original": "F7",
    "column": "amount",
    "kind": "out_of_range",
    "found_by": "amount.range",
    "original": "1",
    "delivered": "-1",
    "continues": "no",
}
FINDING: dict[str, Any] = {
    "file": FILE,
    "dataset": DATASET,
    "agency": "human_resources",
    "kind": "row",
    "rule": "amount.range",
    "key": "F7",
    "column": "amount",
    "row": 7,
    "value": "-1",
}
FINDINGS = {name: pl.Int64 if name == "row" else pl.String for name in FINDING}


def counts(
    labels: list[dict[str, Any]],
    findings: list[dict[str, Any]],
    collateral: list[dict[str, Any]] | None = None,
) -> tuple[int, int, int]:
    """(labels, found, false) of labels and findings that differ from LABEL and FINDING so."""
    numbered = [LABEL | {"label": n} | label for n, label in enumerate(labels, start=1)]
    result = score(
        pl.DataFrame(numbered, schema=LABELS),
        pl.DataFrame(collateral or [], schema=COLLATERAL),
        pl.DataFrame(
            [{"file": FILE, "dataset": DATASET}, *(FINDING | finding for finding in findings)],
            schema=FINDINGS,
        ),
    )
    total = result.total.to_dicts()[0]
    return total["labels"], total["found"], total["false"]


def test_a_finding_at_the_labelled_place_by_a_named_rule_is_found() -> None:
    assert counts([{}], [{}]) == (1, 1, 0)


def test_a_label_without_finding_is_missed() -> None:
    assert counts([{}], []) == (1, 0, 0)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"column": "period", "rule": "period.form"},
        {"key": "F8", "row": 8},
        {"rule": "amount.unreadable"},
        {"dataset": "human_resources/contributions"},
        {"agency": "zibo"},
        {"file": "human_resources/benefits/b.csv"},
        {"kind": "delivery"},
    ],
    ids=["column", "key", "rule", "dataset", "deliverer", "delivery", "scope"],
)
def test_a_finding_elsewhere_finds_nothing_and_is_false(elsewhere: dict[str, Any]) -> None:
    assert counts([{}], [elsewhere]) == (1, 0, 1)


def test_the_row_alone_does_not_find_a_record_with_a_sound_key() -> None:
    assert counts([{}], [{"key": "F8"}]) == (1, 0, 1)


def test_a_record_with_a_damaged_key_is_known_by_its_row() -> None:
    damaged = {"key": "F*", "column": "payment_no", "found_by": "payment_no.pattern"}
    found = {"key": "F?", "column": "payment_no", "rule": "payment_no.pattern"}
    assert counts([damaged], [found]) == (1, 1, 0)
    assert counts([damaged], [found | {"row": 8}]) == (1, 0, 1)


def test_a_record_without_key_is_found_by_its_row_without_a_column() -> None:
    lost = {"key": None, "column": None, "scope": "row", "found_by": "key.missing"}
    found = {"key": "hash", "column": "", "kind": "quarantine", "rule": "key.missing"}
    assert counts([lost], [found]) == (1, 1, 0)


def test_a_delivery_is_found_by_a_finding_about_the_delivery() -> None:
    whole = {"key": None, "key_original": None, "row": None, "column": None,
             "scope": "delivery", "found_by": "delivery.late"}  # fmt: skip
    found = {"key": "", "row": None, "column": "", "rule": "delivery.late"}
    assert counts([whole], [found | {"kind": "delivery"}]) == (1, 1, 0)
    assert counts([whole], [found | {"kind": "row"}]) == (1, 0, 1)


def test_cells_of_a_column_that_is_wrong_as_a_whole_count_neither_way() -> None:
    whole = {"key": None, "key_original": None, "row": None, "scope": "column",
             "kind": "wrong_headings", "found_by": "amount.wrong_heading"}  # fmt: skip
    found = {"key": "", "row": None, "kind": "column", "rule": "amount.wrong_heading"}
    assert counts([whole], [found, {}]) == (1, 1, 0)
    assert counts([whole], [found, {"column": "period", "rule": "period.form"}]) == (1, 1, 1)


def test_collateral_counts_neither_way() -> None:
    brought = {"label": 1, "dataset": DATASET, "key": "F7", "column": "total", "rule": "row.sum"}
    finding = {"column": "total", "rule": "row.sum"}
    assert counts([{}], [{}, finding], [brought]) == (1, 1, 0)
    assert counts([{}], [finding], [brought]) == (1, 0, 0)


def test_collateral_covers_neither_another_record_nor_another_rule() -> None:
    brought = {"label": 1, "dataset": DATASET, "key": "F7", "column": "total", "rule": "row.sum"}
    other = {"column": "total", "rule": "row.sum", "key": "F8", "row": 8}
    assert counts([{}], [other], [brought]) == (1, 0, 1)
    assert counts([{}], [{"column": "total", "rule": "row.other"}], [brought]) == (1, 0, 1)


def test_collateral_by_value_covers_any_record_that_holds_it() -> None:
    brought = {"label": 1, "dataset": "a/b", "column": "holder", "rule": "between.*", "value": "9"}
    there = {"file": "a/b/c.csv", "dataset": "a/b", "agency": "a", "column": "holder"}
    finding = there | {"key": "K", "row": 1, "rule": "between.unknown_unit"}
    assert counts([{}], [{}, finding | {"value": "9"}], [brought]) == (1, 1, 0)
    assert counts([{}], [{}, finding | {"value": "8"}], [brought]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("key", "finding", "excused"),
    [
        ("*", {"key": "F8", "row": 8}, True),
        ("F8*", {"key": "F8\x1f2", "row": 8}, True),
        ("F8*", {"key": "F9", "row": 9}, False),
        ("*", {"key": "F8", "row": 8, "column": "period"}, False),
        ("*", {"key": "F8", "row": 8, "file": "human_resources/benefits/b.csv"}, False),
    ],
    ids=["any record", "same beginning", "another beginning", "another column", "another file"],
)
def test_collateral_covers_all_records_of_the_file_whose_key_begins_so(
    key: str, finding: dict[str, Any], excused: bool
) -> None:
    brought = {"label": 1, "dataset": DATASET, "key": key, "column": "total", "rule": "*"}
    found = {"column": "total", "rule": "total.form"} | finding
    assert counts([{}], [{}, found], [brought]) == (1, 1, 0 if excused else 1)


def test_a_fault_that_still_stands_is_due_only_once() -> None:
    assert counts([{"continues": "yes"}], []) == (0, 0, 0)
    assert counts([{"continues": "yes"}], [{}]) == (0, 0, 0)


def test_labels_in_files_that_never_came_in_are_not_due() -> None:
    assert counts([{"file": "human_resources/benefits/later.csv"}], []) == (0, 0, 0)


def test_two_findings_of_one_label_count_once_and_accuse_nobody() -> None:
    both = {"found_by": "amount.range|row.*"}
    assert counts([both], [{}, {"rule": "row.base_in_yuan"}]) == (1, 1, 0)


def test_who_accuses_a_right_place_of_everything_is_mostly_wrong() -> None:
    rules = ["amount.range", "amount.code", "amount.form", "row.sum", "between.unknown_unit"]
    assert counts([{}], [{"rule": rule} for rule in rules]) == (1, 1, 4)


def test_who_accuses_everything_of_the_right_thing_is_mostly_wrong() -> None:
    assert counts([{}], [{"key": f"F{row}", "row": row} for row in range(100)]) == (1, 1, 99)


def test_a_false_accusation_counts_against_the_kind_that_its_rule_would_find() -> None:
    labels = pl.DataFrame([LABEL], schema=LABELS)
    findings = pl.DataFrame(
        [FINDING, FINDING | {"key": "F9", "row": 9}, FINDING | {"rule": "amount.strange"}],
        schema=FINDINGS,
    )
    result = score(labels, COLLATERAL.to_frame(), findings)
    by_kind = {row["kind"]: row for row in result.by_kind.to_dicts()}
    assert by_kind["out_of_range"]["false"] == 1
    assert by_kind["out_of_range"]["precision"] == 0.5
    assert result.total["false"].to_list() == [2]
    assert "out_of_range" in table(result) and "total" in table(result)


@pytest.mark.parametrize(
    ("patterns", "rule", "fitting"),
    [
        ("a.range|row.*", "row.sum", True),
        ("a.range|row.*", "b.range", False),
        ("a.range", "a_range", False),
        ("between.*", "between.unknown_unit", True),
    ],
)
def test_patterns_fit_whole_rules(patterns: str, rule: str, fitting: bool) -> None:
    assert fits(patterns, rule) is fitting
