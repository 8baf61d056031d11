"""What was registered stays, and opens no less than before without the bureau's review.

Articles 10 and 29 of 《淄博市公共数据管理办法》.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.attributes import OpeningType
from catalog.models.datasets import Dataset
from catalog.register import FILE, Registered, declared, read_register, register_rows
from catalog.words import OPENING

_KINDS = {
    "agency": "机构",
    "code_table": "代码表",
    "element": "数据元",
    "dataset": "数据集",
    "column": "列",
}
_STRICTNESS = {
    OpeningType.UNCONDITIONAL: 0,
    OpeningType.CONDITIONAL: 1,
    OpeningType.NOT_OPEN: 2,
}


def check_register(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Rows that nobody can read, entries that were deleted, openings stricter unreviewed."""
    for row in register_rows(catalog.root):
        if not _is_date(row.registered_on):
            found = f"registered_on 为 {row.registered_on or '空'}"
            yield Finding(FILE, f"{row.kind} {row.id}", found, "登记日期，如 2026-01-05")
    known = read_register(catalog.root)
    present = {(kind, name) for kind, name, _ in declared(catalog)}
    for (kind, name), row in known.items():
        if kind not in _KINDS or (row.opening and row.opening not in _STRICTNESS):
            found = f"kind 为 {kind or '空'}，opening 为 {row.opening or '空'}"
            expected = f"kind 为 {'、'.join(_KINDS)}，opening 为 {'、'.join(_STRICTNESS)} 或空"
            yield Finding(FILE, f"{kind} {name}", found, expected)
            continue
        entry = name.partition(".")[0] if kind == "column" else name
        unreadable = sources.is_broken("dataset" if kind == "column" else kind, entry)
        if (kind, name) not in present and not unreadable:
            found = f"{_KINDS[kind]} {name} 已从目录删除"
            yield Finding(FILE, f"{kind} {name}", found, "保留条目，停用的注明 retired", 10)
    for ref, dataset in catalog.datasets.items():
        registered = known.get(("dataset", ref))
        if registered is not None and registered.opening in _STRICTNESS:
            yield from _check_opening(dataset, registered)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_opening(dataset: Dataset, registered: Registered) -> Iterator[Finding]:
    """A review counts for the tightening that comes after it, not for a later one."""
    opening, before = dataset.opening, OpeningType(registered.opening)
    if opening is None or _STRICTNESS[opening.type] <= _STRICTNESS[before]:
        return
    review = opening.tightening
    if review is None or review.reviewed_on < registered.registered_on:
        lacking = "没有审核记录" if review is None else f"审核（{review.reviewed_on}）早于原登记"
        found = f"由{OPENING[before]}改为{OPENING[opening.type]}，{lacking}"
        expected = "经大数据工作主管部门审核（opening.tightening），否则恢复原开放属性"
        yield Finding(f"datasets/{dataset.ref}.yaml", "opening.type", found, expected, 29)
