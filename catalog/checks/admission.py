"""Thresholds of the standard-source catalogue: complete for all, and naming what is declared.

Article 18 of 《淄博市公共数据管理办法》.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.admission import FIGURES

FILE = "admission.yaml"


def check_admission(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of the thresholds. Without any, no entry is ever admitted."""
    if sources.is_broken("admission", ""):
        return
    stated = {
        figure
        for each in catalog.admission
        if each.is_general
        for figure in each.model_dump(include=set(FIGURES), exclude_none=True)
    }
    missing = [figure for figure in FIGURES if figure not in stated]
    has_sources = any(element.standard_source for element in catalog.elements.values())
    if missing and has_sources:
        expected = "对全部条目适用的一项载明：" + "、".join(FIGURES)
        yield Finding(FILE, "", "没有载明 " + "、".join(missing), expected, 18)
    for index, each in enumerate(catalog.admission):
        for kind, field, names, known in (
            ("agency", "agencies", each.agencies, catalog.agencies),
            ("element", "elements", each.elements, catalog.elements),
        ):
            for name in names:
                if name not in known and not sources.is_broken(kind, name):
                    yield Finding(FILE, f"[{index}].{field}", name, "已登记的条目", 18)
