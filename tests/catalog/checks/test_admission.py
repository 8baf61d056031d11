"""Thresholds of the standard-source catalogue. Each on a small catalogue broken in one place."""

from __future__ import annotations

from catalog.load import load_catalog
from catalog.models.admission import Threshold

from ..conftest import ELEMENTS, each_of

ADMISSION = "admission.yaml"
BROKEN = {
    "a figure that nothing states for all": (
        ADMISSION, ", late_cycles: 1", "", "", "没有载明 late_cycles", 18,
    ),
    "a figure stated for some alone": (
        ADMISSION, ", late_cycles: 1}", "}\n- {grades: [4], late_cycles: 1}",
        "", "没有载明 late_cycles", 18,
    ),
    "an unknown agency": (
        ADMISSION, "late_cycles: 1}", "late_cycles: 1}\n- {agencies: [police], valid: 1}",
        "[1].agencies", "police", 18,
    ),
    "an unknown element": (
        ADMISSION, "late_cycles: 1}", "late_cycles: 1}\n- {elements: [height], valid: 1}",
        "[1].elements", "height", 18,
    ),
    "a share above one": (
        ADMISSION, "valid: 0.95", "valid: 95", "[0].valid", "95", None,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


def test_without_thresholds_nothing_could_ever_be_admitted(small):
    (small.root / ADMISSION).unlink()
    (finding,) = small.findings()
    assert (finding.file, finding.article) == (ADMISSION, 18)


def test_of_several_entries_each_figure_is_the_last_one_stated_for_it(small):
    small.write(
        ADMISSION,
        "- {rows: 5, filled: 0.9, filled_where_optional: 0.1, valid: 0.9, late_cycles: 2}\n"
        "- {grades: [4], valid: 0.99}\n"
        "- {agencies: [health], elements: [id_no], rows: 50}\n",
    )
    catalog = load_catalog(small.root)
    id_no, sex = catalog.elements["id_no"], catalog.elements["sex"]
    common = {"filled": 0.9, "filled_where_optional": 0.1, "late_cycles": 2}
    assert catalog.threshold_for(id_no, "health") == Threshold(rows=50, valid=0.99, **common)
    assert catalog.threshold_for(id_no, "bureau") == Threshold(rows=5, valid=0.99, **common)
    assert catalog.threshold_for(sex, "health") == Threshold(rows=5, valid=0.9, **common)


def test_article_18_a_suspension_names_who_when_and_why(small):
    small.edit(
        ELEMENTS,
        "column: id_no}",
        "column: id_no, suspended: {by: 待定, on: 2026-02-30, reason: 质量不达标}}",
    )
    found = {finding.field: finding.expected for finding in small.findings()}
    assert found["[0](id_no).source.suspended.on"] == "YYYY-MM-DD 日期"
    small.edit(ELEMENTS, "2026-02-30", "2026-02-28")
    (finding,) = small.findings()
    assert (finding.field, finding.article) == ("[0](id_no).source.suspended.by", 18)
    small.edit(ELEMENTS, "by: 待定", "by: 王处长")
    assert small.findings() == ()


def test_a_change_of_the_source_has_no_rows_judged_again(small):
    before = load_catalog(small.root)
    small.edit(
        ELEMENTS, "source: {dataset: health/patients, column: id_no}", "source: each_dataset"
    )
    after = load_catalog(small.root)
    assert before.version != after.version
    assert before.dataset_version("health/patients") == after.dataset_version("health/patients")
    small.edit(ELEMENTS, "maximum: 500", "maximum: 600")
    changed = load_catalog(small.root)
    assert changed.dataset_version("health/patients") != after.dataset_version("health/patients")
