"""Datasets' attributes, as each article asks for them, on a catalogue broken in one place."""

from __future__ import annotations

import pytest

from ..conftest import PATIENTS, each_of

BROKEN = {
    "state secret": (
        PATIENTS, "mode: snapshot", "mode: snapshot\nstate_secret: true",
        "state_secret", "涉及国家秘密", 2,
    ),
    "no key identifier": (
        PATIENTS, "key_identifiers: [id_no]", "key_identifiers: []",
        "key_identifiers", "没有必要标识", 12,
    ),
    "key identifier that identifies nobody": (
        PATIENTS, "key_identifiers: [id_no]", "key_identifiers: [sex]",
        "key_identifiers", "sex", 12,
    ),
    "not aggregated without a basis": (
        PATIENTS, "mode: snapshot", "mode: snapshot\naggregated: false",
        "not_aggregated_basis", "没有依据", 13,
    ),
    "not shared by a local regulation": (
        PATIENTS, "sharing: {type: unconditional}",
        "sharing: {type: not_shared, basis: [{title: 条例, rank: local_regulation, article: 一}]}",
        "sharing.basis", "依据的位阶为 local_regulation", 21,
    ),
    "not open without a basis": (
        PATIENTS,
        "    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}", "    []",
        "opening.basis", "没有依据", 28,
    ),
    "unknown agency": (PATIENTS, "deliverers: [health]", "deliverers: [health, nobody]",
        "deliverers[1]", "nobody", 6),
    "deliverer named twice": (PATIENTS, "deliverers: [health]", "deliverers: [health, health]",
        "deliverers", "有重复", None),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


SEVEN = {
    "format: [csv]\n": "数据格式",
    "category: {class: 基础信息资源, item: 人口, subject: 就诊}\n": "类别",
    "sharing: {type: unconditional}\n": "共享属性",
    "security_grade: 4\n": "安全级别",
    "usage_requirements: 仅供履职\n": "使用要求",
    "update_cycle: daily\n": "更新周期",
}


@pytest.mark.parametrize(("line", "name"), SEVEN.items(), ids=SEVEN.values())
def test_an_entry_without_one_of_the_seven_attributes_is_refused_by_its_name(small, line, name):
    small.edit(PATIENTS, line, "")
    (finding,) = small.findings()
    assert (finding.found, finding.expected, finding.article) == (f"缺少{name}", f"注明{name}", 10)


def test_an_entry_without_opening_is_refused_by_its_name(small):
    small.edit(
        PATIENTS,
        """opening:
  type: not_open
  basis:
    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}
""",
        "",
    )
    (finding,) = small.findings()
    assert (finding.field, finding.found, finding.article) == ("opening", "缺少开放属性", 10)


def test_conditional_sharing_needs_reason_basis_and_conditions(small):
    small.edit(PATIENTS, "sharing: {type: unconditional}", "sharing: {type: conditional}")
    assert {f.field for f in small.findings()} == {
        "sharing.reason",
        "sharing.basis",
        "sharing.conditions",
    }


@pytest.mark.parametrize("rank", ["law", "administrative_regulation"])
def test_a_law_or_administrative_regulation_allows_not_sharing(small, rank):
    basis = f"[{{title: 某法, rank: {rank}, article: 第一条}}]"
    small.edit(
        PATIENTS,
        "sharing: {type: unconditional}",
        f"sharing: {{type: not_shared, basis: {basis}}}",
    )
    assert small.findings() == ()


@pytest.mark.parametrize(
    ("rank", "accepted"), [("local_regulation", True), ("rule", False), ("standard", False)]
)
def test_a_local_regulation_allows_not_aggregating_and_a_rule_does_not(small, rank, accepted):
    basis = f"[{{title: 某条例, rank: {rank}, article: 第一条}}]"
    small.edit(
        PATIENTS,
        "mode: snapshot",
        f"mode: snapshot\naggregated: false\nnot_aggregated_basis: {basis}",
    )
    assert [f.article for f in small.findings()] == ([] if accepted else [13])
