"""Agencies: contacts, bureaus, parents (articles 5, 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.agencies import Agency

_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DIVISION = re.compile(r"[0-9]{6}")
_RANK = {"city": 0, "county": 1, "zone": 1}


def check_agencies(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of the agencies themselves; a dataset's agency is checked with the dataset."""
    for agency in catalog.agencies.values():
        file = f"agencies/{agency.id}.yaml"
        if not _DIVISION.fullmatch(agency.division):
            yield Finding(file, "division", agency.division, "6 位行政区划代码")
        yield from _check_contacts(agency, file)
        yield from _check_bureau(catalog, sources, agency, file)
        yield from _check_parent(catalog, sources, agency, file)


def _check_contacts(agency: Agency, file: str) -> Iterator[Finding]:
    for index, contact in enumerate(agency.contacts):
        if not _MAILBOX.fullmatch(contact.email):
            yield Finding(file, f"contacts[{index}].email", contact.email, "邮箱地址", 6)
    if agency.retired is None and not any(contact.active for contact in agency.contacts):
        yield Finding(file, "contacts", "没有在岗的联系岗位", "至少一个 active 的联系岗位", 6)


def _check_bureau(
    catalog: Catalog, sources: Sources, agency: Agency, file: str
) -> Iterator[Finding]:
    bureau = catalog.agencies.get(agency.bureau)
    if bureau is None:
        if not sources.is_broken("agency", agency.bureau):
            yield Finding(file, "bureau", agency.bureau, "已登记的大数据工作主管部门", 5)
        return
    if (bureau.level, bureau.division) != (agency.level, agency.division):
        found = f"{bureau.name}（{bureau.level} {bureau.division}）"
        expected = f"本级大数据工作主管部门（{agency.level} {agency.division}）"
        yield Finding(file, "bureau", found, expected, 5)
    if bureau.bureau != bureau.id:
        yield Finding(file, "bureau", f"{bureau.name} 另有主管部门", "本级大数据工作主管部门", 5)


def _check_parent(
    catalog: Catalog, sources: Sources, agency: Agency, file: str
) -> Iterator[Finding]:
    if agency.parent is None:
        return
    parent = catalog.agencies.get(agency.parent)
    if parent is None:
        if not sources.is_broken("agency", agency.parent):
            yield Finding(file, "parent", agency.parent, "已登记的上级机构")
    elif _RANK[parent.level] >= _RANK[agency.level]:
        yield Finding(file, "parent", f"{parent.name}（{parent.level}）", "高一级的机构")
