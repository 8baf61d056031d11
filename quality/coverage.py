"""应汇尽汇: which catalogued datasets were ever delivered (article 13).

Belongs here: counting them by owning agency. Does not belong here: what a delivery must satisfy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.entries import Catalog
from catalog.findings import Finding
from warehouse.log import Delivery, State


@dataclass(frozen=True, slots=True)
class Coverage:
    """One agency's catalogued datasets, and those of them that never reached the lake.

    Left out: retired datasets, and those whose law forbids aggregation (`aggregated: false`).
    """

    agency: str
    catalogued: int
    missing: tuple[str, ...]
    """Refs of datasets without an applied delivery, in the order of the catalogue."""

    @property
    def rate(self) -> float:
        """汇聚率: delivered / catalogued, 0 to 1."""
        return 1 - len(self.missing) / self.catalogued


def coverage(catalog: Catalog, deliveries: Iterable[Delivery]) -> list[Coverage]:
    """Each owning agency's coverage, the lowest rate first, then by agency."""
    delivered = {known.dataset for known in deliveries if known.state is State.APPLIED}
    due: dict[str, list[str]] = {}
    for ref, dataset in catalog.datasets.items():
        if dataset.retired is None and dataset.aggregated:
            due.setdefault(dataset.agency, []).append(ref)
    found = [
        Coverage(agency, len(refs), tuple(ref for ref in refs if ref not in delivered))
        for agency, refs in due.items()
    ]
    return sorted(found, key=lambda each: (each.rate, each.agency))


def never_delivered(catalog: Catalog, deliveries: Iterable[Delivery]) -> list[Finding]:
    """A finding of article 13 for each dataset without an applied delivery."""
    return [
        Finding(
            f"datasets/{ref}.yaml",
            "",
            f"{catalog.datasets[ref].name}从未汇聚入库（本单位汇聚率 {each.rate:.0%}）",
            f"由 {'、'.join(catalog.datasets[ref].deliverers)} 报送；"
            "依法不予汇聚的注明 aggregated: false 及依据",
            13,
        )
        for each in coverage(catalog, deliveries)
        for ref in each.missing
    ]
