"""Where the standard source of an element is not settled: who holds it, and whom that speaks for.

Belongs here: which elements these are, the evidence by source, and the ranking with its reasons.
The program proposes; the bureau decides, in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from catalog.models.elements import Element, SourceRef
from quality.punctuality import cycles_overdue
from quality.sources.admission import Shortcoming, percent, shortcomings
from quality.sources.table import Column, Line, Measure


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that holds the element, with what speaks for and against it."""

    dataset: Dataset
    column: str
    measure: Measure | None
    shortcomings: tuple[Shortcoming, ...]
    late: int
    """Update cycles overdue."""
    written_down: bool
    """One of several sources that the catalogue names."""

    @property
    def place(self) -> str:
        """`<agency>/<dataset>.<column>`."""
        return f"{self.dataset.ref}.{self.column}"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An element without one standard source, why, and who could be it, best first."""

    element: Element
    why: str
    candidates: tuple[Candidate, ...]


def unsettled(catalog: Catalog, lines: Mapping[Column, Line], today: date) -> list[Unsettled]:
    """Every element in use that needs a decision, in the catalogue's order.

    Of facts that each dataset has of its own, those of which base tables found several values for
    one subject, and only the datasets that hold such.
    """
    together = _told_together(catalog)
    found: list[Unsettled] = []
    for element in catalog.elements.values():
        if element.retired is not None or element.standard_source is not None:
            continue
        candidates = list(_candidates(catalog, element, lines, today))
        if element.source == "each_dataset":
            candidates = [
                each
                for each in candidates
                if each.place in together and each.measure and each.measure.compared
            ]
            if len(candidates) < 2:
                continue
        why = _why(element, candidates)
        found.append(Unsettled(element, why, tuple(sorted(candidates, key=_rank))))
    return found


def _why(element: Element, candidates: Sequence[Candidate]) -> str:
    source = element.source
    if source == "each_dataset":
        return f"登记为各数据集自有，但基础库中有 {len(candidates)} 个来源对同一主体各有其值"
    if isinstance(source, tuple) and len(source) > 1:
        return f"登记了 {len(source)} 个标准源"
    return "没有标准源"


def _told_together(catalog: Catalog) -> set[str]:
    """`<agency>/<dataset>.<column>` of columns of one element that several datasets give to one
    column of a base table, as they are."""
    found: set[str] = set()
    for table in catalog.base.values():
        for column in table.columns:
            held: dict[str, set[str]] = {}
            for source in column.sources:
                if not (source.value or source.of_key):
                    ref = table.contributor(source.contributor).dataset
                    element = catalog.element_of(ref, source.column).id
                    held.setdefault(element, set()).add(table.place_of(source))
            found.update(*(places for places in held.values() if len(places) > 1))
    return found


def _candidates(
    catalog: Catalog, element: Element, lines: Mapping[Column, Line], today: date
) -> Iterator[Candidate]:
    named = element.source if isinstance(element.source, tuple) else ()
    written = {source.place for source in named if isinstance(source, SourceRef)}
    for ref, dataset in catalog.datasets.items():
        for column in dataset.columns:
            if column.element != element.id or dataset.retired or column.retired:
                continue
            line = lines.get((ref, column.id))
            measure = line.measure if line and line.measure.element == element.id else None
            came = measure.delivered_on if measure else None
            yield Candidate(
                dataset, column.id, measure,
                shortcomings(catalog, element, dataset, column.id, measure, today),
                cycles_overdue(catalog, dataset, came, today) if came else 0,
                f"{ref}.{column.id}" in written,
            )  # fmt: skip


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Measured before not measured, fewest conditions unmet, most valid values, then agreement,
    punctuality and the name."""
    measure = candidate.measure
    if measure is None:
        return (1, len(candidate.shortcomings), 0, 0.0, 0, candidate.place)
    return (
        0,
        len(candidate.shortcomings),
        -measure.valid,
        -(measure.agreement or 0.0),
        candidate.late,
        candidate.place,
    )


def reasons(candidates: Sequence[Candidate], place: int) -> str:
    """Why the candidate at this place (from 0) of the ranking stands there, in words."""
    own = candidates[place]
    measure = own.measure
    told = [f"未符合“{each}”" for each in own.shortcomings] or ["责任单位和源头的条件均符合"]
    if own.written_down:
        told.append("目录已登记")
    if measure is None or not measure.rows:
        return "；".join([*told, "尚未汇聚，质量未测"])
    if not own.shortcomings:
        told[0] = "三项条件均符合"
    most = max(each.measure.valid for each in candidates if each.measure is not None)
    told.append(f"有效值 {measure.valid:,} 个" + ("，最多" if measure.valid == most else ""))
    if measure.agreement is not None:
        told.append(f"与其他来源一致 {percent(measure.agreement)}（比对 {measure.compared:,} 个）")
    else:
        told.append("没有可比对的其他来源")
    told.append(f"逾期 {own.late} 个更新周期" if own.late else "更新未逾期")
    return "；".join(told)
