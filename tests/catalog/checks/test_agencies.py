"""Agencies: contacts, bureaus, parents. Each on a small catalogue broken in one place."""

from __future__ import annotations

from ..conftest import AGENCY, PATIENTS, each_of

RETIRED = "{on: '2026-02-01', reason: 机构改革}"
BROKEN = {
    "no active contact": (
        AGENCY, "email: data@health.example", "email: data@health.example, active: false",
        "contacts", "没有在岗的联系岗位", 6,
    ),
    "mailbox": (AGENCY, "data@health.example", "data", "contacts[0].email", "data", 6),
    "agency's division": (AGENCY, '"370300"', '"3703"', "division", "3703", None),
    "unknown bureau": (AGENCY, "bureau: bureau", "bureau: nobody", "bureau", "nobody", 5),
    "bureau of another level": (
        AGENCY, "level: city", "level: county", "bureau", "示范市大数据局（city 370300）", 5,
    ),
    "bureau that isn't one": (
        "agencies/bureau.yaml", "bureau: bureau", "bureau: health", "bureau",
        "示范市卫生健康委员会 另有主管部门", 5,
    ),
    "unknown parent": (
        AGENCY, "level: city", "level: city\nparent: nobody", "parent", "nobody", None,
    ),
    "parent of the same level": (
        AGENCY, "level: city", "level: city\nparent: bureau",
        "parent", "示范市大数据局（city）", None,
    ),
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


def test_article_6_a_retired_agency_has_no_dataset_in_use_and_needs_no_contact(small):
    contact = "  - {post: 数据管理专员, email: data@health.example"
    small.edit(AGENCY, f"{contact}}}", f"{contact}, active: false}}\nretired: {RETIRED}")
    found = {(f.file, f.field, f.article) for f in small.findings()}
    assert found == {(PATIENTS, "agency", 6), (PATIENTS, "deliverers[0]", 6)}
    small.edit(PATIENTS, "mode: snapshot", f"mode: snapshot\nretired: {RETIRED}")
    assert {f.field for f in small.findings()} == {"[0](id_no).source.dataset"}
