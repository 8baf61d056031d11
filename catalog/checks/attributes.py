"""Datasets: the seven attributes, legal bases and identifiers the measures ask for.

Articles 2, 6, 10, 12, 13, 20, 21, 28 of 《淄博市公共数据管理办法》.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.checks.bases import has_rank, ranks_of
from catalog.entries import Catalog
from catalog.findings import UNDECIDED, Finding, Sources
from catalog.models.attributes import OF_LAW, OF_LAW_OR_REGULATION, OpeningType, SharingType
from catalog.models.datasets import Dataset

_SEVEN = {
    "format": "数据格式",
    "category": "类别",
    "sharing": "共享属性",
    "opening": "开放属性",
    "security_grade": "安全级别",
    "usage_requirements": "使用要求",
    "update_cycle": "更新周期",
}
_IDENTIFIER_FORMATS = {
    "person": {"id_no", "document_no"},
    "legal_person": {"uscc"},
}


def check_attributes(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of a dataset under the measures' articles."""
    for dataset in catalog.datasets.values():
        file = f"datasets/{dataset.ref}.yaml"
        yield from _check_seven(dataset, file)
        yield from _check_sharing(dataset, file)
        yield from _check_opening(dataset, file)
        yield from _check_aggregation(dataset, file)
        yield from _check_identifiers(catalog, dataset, file)
        yield from _check_agencies(catalog, sources, dataset, file)


def _check_seven(dataset: Dataset, file: str) -> Iterator[Finding]:
    category = dataset.category
    for field, text in (
        ("name", dataset.name),
        ("description", dataset.description),
        ("usage_requirements", dataset.usage_requirements),
        ("category", category.class_ + category.item + category.subject if category else ""),
    ):
        if (text or "").startswith(UNDECIDED):
            yield Finding(file, field, UNDECIDED, "由专人填写", 10)
    if dataset.state_secret:
        yield Finding(file, "state_secret", "涉及国家秘密", "不登记涉及国家秘密的数据", 2)
    for field, name in _SEVEN.items():
        value = getattr(dataset, field)
        if value is None or value == () or (isinstance(value, str) and not value.strip()):
            yield Finding(file, field, f"缺少{name}", f"注明{name}", 10)


def _check_sharing(dataset: Dataset, file: str) -> Iterator[Finding]:
    sharing = dataset.sharing
    if sharing is None:
        return
    if sharing.type is SharingType.CONDITIONAL:
        wanted = {
            "reason": (sharing.reason, "说明有条件共享的理由"),
            "conditions": (sharing.conditions, "注明申请条件"),
            "basis": (sharing.basis, "提供有关依据"),
        }
        for field, (value, expected) in wanted.items():
            if not value:
                yield Finding(file, f"sharing.{field}", "有条件共享而此项为空", expected, 21)
    if sharing.type is SharingType.NOT_SHARED and not has_rank(sharing.basis, OF_LAW):
        found = ranks_of(sharing.basis)
        yield Finding(file, "sharing.basis", found, "不予共享须有法律或行政法规依据", 21)


def _check_opening(dataset: Dataset, file: str) -> Iterator[Finding]:
    opening = dataset.opening
    if opening is None:
        return
    if opening.type is OpeningType.NOT_OPEN and not opening.basis:
        expected = "不予开放须有法律、法规或国家规定的依据"
        yield Finding(file, "opening.basis", "没有依据", expected, 28)
    if opening.type is OpeningType.CONDITIONAL and not opening.conditions:
        yield Finding(file, "opening.conditions", "有条件开放而此项为空", "注明开放条件", 28)


def _check_aggregation(dataset: Dataset, file: str) -> Iterator[Finding]:
    if not dataset.aggregated and not has_rank(dataset.not_aggregated_basis, OF_LAW_OR_REGULATION):
        found = ranks_of(dataset.not_aggregated_basis)
        yield Finding(file, "not_aggregated_basis", found, "不予汇聚须有法律、法规依据", 13)


def _check_identifiers(catalog: Catalog, dataset: Dataset, file: str) -> Iterator[Finding]:
    formats = _IDENTIFIER_FORMATS.get(dataset.subject)
    if formats is None:
        return
    if not dataset.key_identifiers:
        expected = "统一社会信用代码或身份证件号码所在的列"
        yield Finding(file, "key_identifiers", "没有必要标识", expected, 12)
        return
    elements = {column.id: catalog.elements.get(column.element) for column in dataset.columns}
    known = [elements[name] for name in dataset.key_identifiers if elements.get(name)]
    complete = len(known) == len(dataset.key_identifiers)
    if complete and not any(element and element.format in formats for element in known):
        found = "、".join(dataset.key_identifiers)
        expected = f"至少一列的数据元格式为 {'、'.join(sorted(formats))}"
        yield Finding(file, "key_identifiers", found, expected, 12)


def _check_agencies(
    catalog: Catalog, sources: Sources, dataset: Dataset, file: str
) -> Iterator[Finding]:
    named = {"agency": dataset.agency} | {
        f"deliverers[{index}]": name for index, name in enumerate(dataset.deliverers)
    }
    for field, name in named.items():
        agency = catalog.agencies.get(name)
        if agency is None:
            if not sources.is_broken("agency", name):
                yield Finding(file, field, name, "已登记的机构", 6)
        elif agency.retired is not None and dataset.retired is None:
            found = f"{agency.name}已于 {agency.retired.on} 停用"
            yield Finding(file, field, found, "在用的机构", 6)
    if len(set(dataset.deliverers)) < len(dataset.deliverers):
        yield Finding(file, "deliverers", "有重复", "每个报送机构只列一次")
