"""What the loaded catalogue answers."""

from __future__ import annotations

import pytest

from catalog.findings import CatalogError
from catalog.load import load_catalog

PATIENTS = "datasets/health/patients.yaml"
REF = "health/patients"


def test_a_column_answers_with_its_element(small):
    assert load_catalog(small.root).element_of(REF, "weight").scale == 1


def test_an_unknown_column_is_named_in_the_error(small):
    with pytest.raises(KeyError, match="health/patients has no column height"):
        load_catalog(small.root).element_of(REF, "height")


def test_codes_are_read_with_names_and_aliases(small):
    first, _ = load_catalog(small.root).codes("sex")
    assert (first.code, first.name, first.aliases, first.valid_to) == ("1", "男性", ("男",), None)


def test_bad_codes_don_t_stop_the_load_but_stop_the_reading_of_the_table(small):
    small.edit("codes/sex.csv", "2,女性,女", "2,,女")
    catalog = load_catalog(small.root)
    with pytest.raises(CatalogError, match="第 3 行 name"):
        catalog.codes("sex")


def test_a_folder_means_the_deliverer_s_own_dataset_before_another_s(small):
    small.edit("elements/all.yaml", "column: id_no}", "column: id_no}\n  identifier: true")
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    other = text.replace("agency: health", "agency: bureau")
    other = other.replace("deliverers: [health]", "deliverers: [bureau, health]")
    small.write(
        "datasets/bureau/patients.yaml", other.replace("table: patients", "table: bureau_patients")
    )
    catalog = load_catalog(small.root)
    assert catalog.dataset_for("health", "patients") is catalog.datasets["health/patients"]
    assert catalog.dataset_for("bureau", "patients") is catalog.datasets["bureau/patients"]


def test_a_folder_of_a_dataset_that_the_deliverer_doesn_t_deliver_means_nothing(small):
    catalog = load_catalog(small.root)
    assert catalog.dataset_for("bureau", "patients") is None
    assert catalog.dataset_for("health", "visits") is None


def versions(small):
    catalog = load_catalog(small.root)
    return catalog.version, catalog.dataset_version(REF)


def test_versions_don_t_change_with_comments_and_layout(small):
    before = versions(small)
    small.edit(PATIENTS, "id: patients\n", "# a comment\nid:   patients\n")
    assert versions(small) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (PATIENTS, "name: 就诊\n", "name: 门诊\n"),
        ("elements/all.yaml", "maximum: 500", "maximum: 400"),
        ("codes/sex.csv", "女性,女", "女性,女士"),
        ("rule_bits.csv", "required,0", "required,1"),
    ],
)
def test_whatever_defines_a_dataset_changes_its_version(small, file, old, new):
    before = versions(small)
    small.edit(file, old, new)
    after = versions(small)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_deadline_changes_the_catalogue_s_version_and_no_dataset_s(small):
    before = versions(small)
    small.edit("limits.yaml", "working_days: 5", "working_days: 6")
    after = versions(small)
    assert after[0] != before[0]
    assert after[1] == before[1]
