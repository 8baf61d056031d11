"""Whether a standard source is admitted: article 18's three conditions, each judged by itself.

Belongs here: judging one entry. Its figures stand in `quality.sources.measure`, what an entry shows
in `quality.sources.entries`.

An entry that was admitted stays so, whatever it shows since, until a person suspends it: what fails
is a proposal. One whose suspension was lifted is judged like a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog.entries import Catalog
from catalog.models.admission import Threshold
from catalog.models.datasets import Dataset
from catalog.models.declared import Suspension
from catalog.models.elements import Element
from quality.punctuality import cycles_overdue
from quality.sources.table import Measure


class Condition(StrEnum):
    """What article 18 asks of an entry."""

    UNIT = "unit"
    ORIGIN = "origin"
    QUALITY = "quality"


class State(StrEnum):
    """Where an entry of the standard-source catalogue stands."""

    PROVISIONAL = "provisional"
    """Its quality is not measured yet."""
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    """By a person."""


CONDITIONS = {
    Condition.UNIT: "数据责任单位明确",
    Condition.ORIGIN: "数据源头清晰",
    Condition.QUALITY: "质量达标",
}
STATES = {
    State.PROVISIONAL: "暂定",
    State.ADMITTED: "认可",
    State.REFUSED: "不予认可",
    State.SUSPENDED: "已暂停",
}


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A condition that is not met, and what shows it (Chinese)."""

    condition: Condition
    reason: str

    def __str__(self) -> str:
        return f"{CONDITIONS[self.condition]}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """An entry's state and what it falls short of."""

    state: State
    shortcomings: tuple[Shortcoming, ...]
    suspension: Suspension | None = None

    @property
    def proposes_suspension(self) -> bool:
        """Whether an admitted source fell below: a person may suspend it."""
        return self.state is State.ADMITTED and bool(self.shortcomings)

    @property
    def failing(self) -> tuple[str, ...]:
        """The conditions that are not met, each once."""
        return tuple(dict.fromkeys(str(each.condition) for each in self.shortcomings))


def judge(
    catalog: Catalog,
    element: Element,
    dataset: Dataset,
    column: str,
    measure: Measure | None,
    before: str | None,
    today: date,
) -> Judgement:
    """The state of the entry whose standard source is `column` of `dataset`.

    `before`: the state that its last stored line gives it, None where there is none.
    """
    source = element.standard_source
    suspension = source.suspended if source is not None else None
    found = shortcomings(catalog, element, dataset, column, measure, today)
    if suspension is not None:
        return Judgement(State.SUSPENDED, found, suspension)
    if before == State.ADMITTED:
        return Judgement(State.ADMITTED, found)
    if found:
        return Judgement(State.REFUSED, found)
    measured = _is_measured(_threshold(catalog, element, dataset), measure)
    return Judgement(State.ADMITTED if measured else State.PROVISIONAL, ())


def shortcomings(
    catalog: Catalog,
    element: Element,
    dataset: Dataset,
    column: str,
    measure: Measure | None,
    today: date,
) -> tuple[Shortcoming, ...]:
    """Every condition that a column falls short of as the element's source; what was not measured
    falls short of no quality."""
    return (
        *(Shortcoming(Condition.UNIT, reason) for reason in _unit(catalog, dataset)),
        *(Shortcoming(Condition.ORIGIN, reason) for reason in _origin(dataset, column)),
        *(
            Shortcoming(Condition.QUALITY, reason)
            for reason in _quality(catalog, element, dataset, column, measure, today)
        ),
    )


def _unit(catalog: Catalog, dataset: Dataset) -> Iterator[str]:
    agency = catalog.agencies.get(dataset.agency)
    if agency is None or agency.retired is not None:
        yield f"{dataset.agency} 不是在用的机构"
    elif not any(contact.active for contact in agency.contacts):
        yield f"{agency.responsible_unit}没有在岗的联系人"


def _origin(dataset: Dataset, column: str) -> Iterator[str]:
    if dataset.retired is not None:
        yield f"数据集已于 {dataset.retired.on} 停用"
    ended = dataset.column(column).retired
    if ended is not None:
        yield f"该列已于 {ended.on} 停用"
    if not dataset.reviewed:
        yield "数据集的目录登记未经审核"
    if dataset.category is None:
        yield "数据集没有载明类别"
    if not dataset.legal_basis:
        yield "数据集没有载明采集的依据"


def _threshold(catalog: Catalog, element: Element, dataset: Dataset) -> Threshold | None:
    return catalog.threshold_for(element, dataset.agency)


def _is_measured(threshold: Threshold | None, measure: Measure | None) -> bool:
    """Whether there is enough to judge by; a column without any value shows no quality."""
    if threshold is None or measure is None:
        return False
    return measure.rows >= threshold.rows and measure.filled > 0


def _quality(
    catalog: Catalog,
    element: Element,
    dataset: Dataset,
    column: str,
    measure: Measure | None,
    today: date,
) -> Iterator[str]:
    threshold = _threshold(catalog, element, dataset)
    if threshold is None or measure is None or measure.rows < threshold.rows:
        return
    required = dataset.column(column).required
    least = threshold.filled if required else threshold.filled_where_optional
    filled, valid = measure.filled_share, measure.valid_share
    if filled is not None and filled < least:
        yield f"填写率 {percent(filled)}，低于 {percent(least)}"
    if valid is not None and valid < threshold.valid:
        yield f"正确率 {percent(valid)}，低于 {percent(threshold.valid)}"
    if measure.delivered_on is not None:
        late = cycles_overdue(catalog, dataset, measure.delivered_on, today)
        if late > threshold.late_cycles:
            yield f"逾期 {late} 个更新周期，多于 {threshold.late_cycles} 个"


def percent(share: float) -> str:
    """A share in words: two digits below the point, never rounded up to what it is not."""
    return f"{int(share * 10_000) / 100:g}%"
