"""Reading the catalogue's files: strictly, and with every fault at once."""

from __future__ import annotations

import pytest

from catalog.findings import CatalogError
from catalog.load import load_catalog

from .conftest import each_of

PATIENTS = "datasets/health/patients.yaml"


def test_faults_in_several_files_are_raised_together(small):
    small.edit("agencies/health.yaml", "short_name: 市卫生健康委\n", "")
    small.edit("elements/all.yaml", "  type: decimal", "  type: number")
    small.edit(PATIENTS, "mode: snapshot", "mode: everything\ncolour: red")
    small.edit(PATIENTS, "subject: person", "subject: 人")
    small.edit("limits.yaml", "working_days: 5", "working_days: 0")
    with pytest.raises(CatalogError) as raised:
        load_catalog(small.root)
    assert {(f.file, f.field, f.found) for f in raised.value.findings} == {
        ("agencies/health.yaml", "short_name", "缺少此项"),
        ("elements/all.yaml", "[2](weight).type", "number"),
        (PATIENTS, "mode", "everything"),
        (PATIENTS, "colour", "red"),
        (PATIENTS, "subject", "人"),
        ("limits.yaml", "[0].working_days", "0"),
    }


def test_a_message_names_file_field_what_was_found_and_what_was_expected(small):
    small.edit(PATIENTS, "mode: snapshot", "mode: everything")
    with pytest.raises(CatalogError) as raised:
        load_catalog(small.root)
    assert f"{PATIENTS}: mode: everything；应为：其中之一：'snapshot' or 'increment'" in str(
        raised.value
    )


def test_the_seven_attributes_are_all_named_at_once_with_the_article(small):
    small.edit(PATIENTS, "format: [csv]\n", "")
    small.edit(PATIENTS, "update_cycle: daily\n", "")
    with pytest.raises(CatalogError, match=r"缺少数据格式.*第10条") as raised:
        load_catalog(small.root)
    assert [f.found for f in raised.value.findings] == ["缺少数据格式", "缺少更新周期"]


def test_a_repeated_key_is_an_error_with_its_line(small):
    small.edit(PATIENTS, "id: patients\n", "id: patients\nid: patients\n")
    (finding,) = small.findings()
    assert (finding.file, finding.field, finding.found) == (
        PATIENTS,
        "第 4 行第 1 列",
        "重复的键 id",
    )


def test_broken_yaml_is_a_finding_with_its_line(small):
    small.edit(PATIENTS, "format: [csv]", "format: [csv")
    (finding,) = small.findings()
    assert finding.file == PATIENTS
    assert finding.field.startswith("第 ")


def test_a_file_that_is_not_utf8_is_a_finding_with_its_byte(small):
    (small.root / PATIENTS).write_bytes("name: 就诊".encode("gb18030"))
    (finding,) = small.findings()
    assert (finding.file, finding.found) == (PATIENTS, "第 6 字节起不是 UTF-8")


def test_an_unquoted_number_is_refused_where_text_is_meant(small):
    small.edit("agencies/health.yaml", '"370300"', "370300")
    (finding,) = small.findings()
    assert (finding.field, finding.found) == ("division", "370300")
    assert "加引号" in finding.expected


def test_dates_and_words_like_no_stay_text(small):
    small.edit("elements/all.yaml", '"1949-10-01"', "1949-10-01")
    small.edit(PATIENTS, "usage_requirements: 仅供履职", "usage_requirements: no")
    catalog = load_catalog(small.root)
    assert catalog.elements["seen_on"].earliest == "1949-10-01"
    assert catalog.datasets["health/patients"].usage_requirements == "no"


def test_an_unreadable_agency_is_one_finding_not_one_for_each_mention(small):
    small.edit("agencies/bureau.yaml", "level: city", "level: town")
    assert {f.file for f in small.findings()} == {"agencies/bureau.yaml"}


def test_an_entry_must_lie_where_its_ids_say(small):
    small.edit(PATIENTS, "agency: health", "agency: bureau")
    small.edit("elements/all.yaml", "dataset: health/patients", "dataset: bureau/patients")
    small.edit("agencies/health.yaml", "id: health", "id: clinic")
    found = {(f.file, f.field, f.found) for f in small.findings()}
    assert (PATIENTS, "agency", "bureau") in found
    assert ("agencies/health.yaml", "id", "clinic") in found


def test_an_element_declared_twice_is_a_finding(small):
    text = (small.root / "elements/all.yaml").read_text(encoding="utf-8")
    small.write("elements/more.yaml", text)
    assert {(f.file, f.found) for f in small.findings()} == {
        ("elements/more.yaml", f"{name} 重复登记") for name in ("id_no", "sex", "weight", "seen_on")
    }


def test_a_folder_without_a_catalogue_is_a_finding_not_an_empty_catalogue(tmp_path):
    with pytest.raises(CatalogError, match="datasets: 没有这个文件夹"):
        load_catalog(tmp_path)


def test_the_folder_above_the_catalogue_may_be_named(small, tmp_path):
    above = tmp_path / "above"
    above.mkdir()
    (above / "catalog").symlink_to(small.root, target_is_directory=True)
    assert load_catalog(above).version == load_catalog(small.root).version


BITS = {
    "bit given twice": (
        "rule_bits.csv", "required,0\n", "required,0\nhealth/patients,sex.code,0\n",
        "第 3 行", "sex.code,0", None,
    ),
    "bit that is no number": (
        "rule_bits.csv", "required,0", "required,x", "第 2 行",
        "health/patients,id_no.required,x", None,
    ),
}  # fmt: skip


@each_of(BITS)
def test_a_wrong_place_in_the_mask_is_a_finding(small, fault):
    assert small.finds(*fault)


def test_a_register_of_bits_in_another_encoding_is_a_finding_with_its_line(small):
    (small.root / "rule_bits.csv").write_bytes(
        "dataset,rule,bit\nhealth/patients,体重.required,0\n".encode("gbk")
    )
    (finding,) = small.findings()
    assert (finding.file, finding.field) == ("rule_bits.csv", "第 2 行")


@pytest.mark.parametrize("key", ["? [a, b]\n: c", "{a: b}: c"])
def test_a_key_that_is_no_text_is_a_finding_with_its_line(small, key):
    small.edit(PATIENTS, "mode: snapshot", f"mode: snapshot\n{key}")
    (finding,) = [f for f in small.findings() if f.file == PATIENTS]
    assert finding.found == "键不是文本"
    assert finding.field.startswith("第 21 行")


def test_an_id_that_is_no_text_is_a_finding_of_its_field(small):
    small.edit("elements/all.yaml", "- id: sex", "- id: [sex]")
    assert ("elements/all.yaml", "[1].id") in {(f.file, f.field) for f in small.findings()}


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("limits.yaml", '"2024-11-01"', '"2024-11-1"', "[0].valid_from"),
        (
            PATIENTS, "mode: snapshot",
            "mode: snapshot\nretired: {on: '2026-02-30', reason: 停办}", "retired.on",
        ),
    ],
)  # fmt: skip
def test_a_day_that_the_calendar_lacks_or_that_is_written_otherwise_is_refused(
    small, file, old, new, field
):
    small.edit(file, old, new)
    expected = {(f.file, f.field): f.expected for f in small.findings()}
    assert expected[file, field] == "YYYY-MM-DD 日期"


def test_a_right_catalogue_has_no_findings(small):
    assert small.findings() == ()
