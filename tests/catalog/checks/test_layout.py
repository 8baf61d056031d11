"""Keys, shapes, rules, publication, folders. Each on a small catalogue broken in one place."""

from __future__ import annotations

from ..conftest import AGENCY, ELEMENTS, PATIENTS, each_of

BROKEN = {
    "key column": (PATIENTS, "key: [id_no, seen_on]", "key: [id_no, day]", "key[1]", "day", None),
    "second choice of a key part": (
        PATIENTS, "key: [id_no, seen_on]", "key: [{first_of: [id_no, card]}, seen_on]",
        "key[0]", "card", None,
    ),
    "key column that may be left out": (
        PATIENTS, "element: seen_on}", "element: seen_on, optional: true}",
        "key[1]", "seen_on 列可整列缺少", None,
    ),
    "snapshot scope of an increment": (
        PATIENTS, "mode: snapshot", "mode: increment\nsnapshot_scope: [sex]",
        "snapshot_scope", "mode 为 increment", None,
    ),
    "shape's column": (
        PATIENTS, "requires: [weight]", "requires: [mass]",
        "shapes[0](plain).requires", "mass", None,
    ),
    "shape that contradicts itself": (
        PATIENTS, "requires: [weight]", "requires: [weight], excludes: [weight]",
        "shapes[0](plain)", "weight 既要求又排除", None,
    ),
    "shape that asks nothing": (
        PATIENTS, "requires: [weight]", "requires: []", "shapes[0](plain).requires", "空", None,
    ),
    "rule's column": (
        PATIENTS, "columns: [weight, sex]", "columns: [mass, sex]",
        "rules[0](weight_known).columns", "mass", None,
    ),
    "column in a rule's condition": (
        PATIENTS, "check: weight > 0 and sex", "check: mass > 0 and sex",
        "rules[0](weight_known).check", "用到 mass", None,
    ),
    "rule id that is ours": (
        PATIENTS, "id: weight_known", "id: duplicate_key",
        "rules[0](duplicate_key).id", "duplicate_key", None,
    ),
    "database": (
        PATIENTS, "database: health", "database: quality", "publication.database", "quality", 14,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


def test_two_datasets_may_not_publish_one_table(small):
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    small.write("datasets/health/visits.yaml", text.replace("id: patients", "id: visits"))
    (finding,) = small.findings()
    assert finding.file == "datasets/health/visits.yaml"
    assert finding.found == "health.patients 已由 health/patients 使用"


def test_a_folder_that_could_mean_two_datasets_is_a_finding(small):
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    for owner in ("bureau", "other"):
        copy = text.replace("agency: health", f"agency: {owner}")
        copy = copy.replace("table: patients", f"table: {owner}_patients")
        small.write(f"datasets/{owner}/patients.yaml", copy)
    agency = (small.root / AGENCY).read_text(encoding="utf-8")
    small.write("agencies/other.yaml", agency.replace("id: health", "id: other"))
    (small.root / PATIENTS).unlink()
    small.edit(ELEMENTS, "{dataset: health/patients, column: id_no}", "each_dataset")
    assert {(f.file, f.field) for f in small.findings()} == {
        ("datasets/bureau/patients.yaml", "deliverers[0]"),
        ("datasets/other/patients.yaml", "deliverers[0]"),
    }


def test_a_key_part_of_which_every_choice_may_be_left_out_is_a_finding(small):
    small.edit(PATIENTS, "key: [id_no, seen_on]", "key: [{first_of: [id_no, sex]}, seen_on]")
    small.edit(PATIENTS, "aliases: [身份号码]}", "aliases: [身份号码], optional: true}")
    assert small.findings() == ()
    small.edit(PATIENTS, "element: sex}", "element: sex, optional: true}")
    # The shape supplies the sex.
    assert small.findings() == ()
    small.edit(PATIENTS, ', constants: {sex: "1"}', "")
    (finding,) = small.findings()
    assert (finding.field, finding.found) == ("key[0]", "id_no、sex 列可整列缺少")
    small.edit(PATIENTS, "first_of: [id_no, sex]", "first_of: [id_no, sex], may_be_absent: true")
    assert small.findings() == ()
