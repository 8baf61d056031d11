"""What was registered stays, and opens no less without review."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.load import load_catalog
from catalog.register import datasets_since, read_register, register, unregistered

PATIENTS = "datasets/health/patients.yaml"
DAY = date(2026, 1, 5)
WEIGHT = "  - {id: weight, name: 体重, element: weight}\n"
LAST_WEIGHT = "  - {id: last_weight, name: 上次体重, element: weight, optional: true}\n"
REVIEW = "{reviewed_by: 示范市大数据局, reviewed_on: '2026-03-01', reason: 含个人信息}"
OPENING = """opening:
  type: not_open
  basis:
    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}
"""


def _registered(small):
    return register(load_catalog(small.root), DAY)


def test_everything_new_is_entered_once(small):
    # Two agencies, four elements, one code table, one dataset with four columns.
    assert _registered(small) == 12
    assert _registered(small) == 0
    assert unregistered(load_catalog(small.root)) == []
    entered = read_register(small.root)["dataset", "health/patients"]
    assert (entered.opening, entered.registered_on) == ("not_open", "2026-01-05")


def test_an_entry_that_disappears_is_a_finding(small):
    small.edit(PATIENTS, WEIGHT, WEIGHT + LAST_WEIGHT)
    _registered(small)
    small.edit(PATIENTS, LAST_WEIGHT, "")
    (finding,) = small.findings()
    assert finding.file == "register.csv"
    assert finding.field == "column health/patients.last_weight"
    assert "已从目录删除" in finding.found


def test_a_retired_entry_stays_marked_with_date_and_reason_and_is_no_finding(small):
    _registered(small)
    small.edit(
        PATIENTS,
        "{id: weight, name: 体重, element: weight}",
        "{id: weight, name: 体重, element: weight, retired: {on: '2026-02-01', reason: 不再采集}}",
    )
    assert small.findings() == ()
    column = load_catalog(small.root).datasets["health/patients"].column("weight")
    assert column.retired is not None
    assert (column.retired.on, column.retired.reason) == ("2026-02-01", "不再采集")


def test_article_29_a_tightened_opening_needs_the_bureau_s_review(small):
    small.edit(PATIENTS, OPENING, "opening: {type: unconditional}\n")
    _registered(small)
    small.edit(PATIENTS, "opening: {type: unconditional}\n", OPENING)
    (finding,) = small.findings()
    assert (finding.file, finding.field, finding.article) == (PATIENTS, "opening.type", 29)
    small.edit(
        PATIENTS,
        "  type: not_open\n",
        f"  type: not_open\n  tightening: {REVIEW}\n",
    )
    assert small.findings() == ()


def test_a_wider_opening_needs_no_review(small):
    _registered(small)
    small.edit(PATIENTS, OPENING, "opening: {type: unconditional}\n")
    assert small.findings() == ()


def test_an_entry_that_cannot_be_read_is_not_taken_for_deleted(small):
    _registered(small)
    small.edit(PATIENTS, "mode: snapshot", "mode: never")
    assert [finding.file for finding in small.findings()] == [PATIENTS]


def test_article_29_a_review_before_the_registration_allows_no_tightening_after_it(small):
    small.edit(PATIENTS, OPENING, "opening: {type: unconditional}\n")
    register(load_catalog(small.root), date(2026, 3, 2))
    small.edit(
        PATIENTS,
        "opening: {type: unconditional}\n",
        OPENING.replace("  basis:", f"  tightening: {REVIEW}\n  basis:"),
    )
    (finding,) = small.findings()
    assert finding.article == 29
    assert "2026-03-01" in finding.found


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("thing,x,,2026-01-01", "thing x"),
        ("dataset,health/patients,closed,2026-01-01", "dataset health/patients"),
        ("dataset,health/patients,,2026-02-30", "dataset health/patients"),
        ("dataset,health/patients,,", "dataset health/patients"),
    ],
)
def test_a_row_of_no_kind_opening_or_day_that_there_is_is_a_finding(small, row, field):
    small.write("register.csv", f"kind,id,opening,registered_on\n{row}\n")
    (finding,) = small.findings()
    assert (finding.file, finding.field) == ("register.csv", field)


def test_a_dataset_is_registered_since_its_first_row(small):
    rows = ["dataset,health/patients,,2026-01-05", "dataset,health/patients,not_open,2026-03-01"]
    small.write("register.csv", "\n".join(["kind,id,opening,registered_on", *rows]) + "\n")
    assert datasets_since(small.root) == {"health/patients": date(2026, 1, 5)}
