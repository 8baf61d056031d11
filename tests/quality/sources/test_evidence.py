"""Elements whose standard source is not settled: the evidence, and who is proposed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from catalog.load import Catalog
from catalog.models.agencies import Contact
from catalog.models.elements import SourceRef
from quality.sources.admission import State, judge
from quality.sources.evidence import reasons, unsettled
from quality.sources.table import Line, Measure
from tests.this_catalog import this_catalog

POPULATION = "public_security/registered_population"
PERMITS = "public_security/residence_permits"
INSURED = "medical_insurance/insured_persons"
TODAY = date(2026, 10, 2)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return this_catalog()


def with_source(catalog: Catalog, source: object) -> Catalog:
    changed = catalog.elements["person_name"].model_copy(update={"source": source})
    elements = MappingProxyType({**catalog.elements, "person_name": changed})
    return replace(catalog, elements=elements, _codes={})


def measured(ref: str, valid: int, compared: int = 0, differing: int = 0) -> Line:
    found = Measure(ref, "name", "person_name", 100, 100, valid, compared, differing, TODAY)
    return Line(found, None, (), (None, None, None), "")


LINES = {
    (line.measure.dataset, "name"): line
    for line in (measured(POPULATION, 100, 80, 4), measured(INSURED, 99, 80, 4))
}


def test_a_settled_element_asks_for_no_decision(catalog: Catalog) -> None:
    assert "person_name" not in [each.element.id for each in unsettled(catalog, LINES, TODAY)]


def test_without_a_source_all_that_hold_the_element_are_ranked_with_reasons(
    catalog: Catalog,
) -> None:
    (found,) = unsettled(with_source(catalog, None), LINES, TODAY)[:1]
    assert found.why == "没有标准源"
    assert [each.dataset.ref for each in found.candidates[:2]] == [POPULATION, INSURED]
    assert reasons(found.candidates, 0) == (
        "三项条件均符合；有效值 100 个，最多；与其他来源一致 95%（比对 80 个）；更新未逾期"
    )
    assert reasons(found.candidates, 2).endswith("尚未汇聚，质量未测")


def test_a_source_that_fails_a_condition_comes_after_those_that_fail_none(catalog: Catalog) -> None:
    lines = {**LINES, (POPULATION, "name"): measured(POPULATION, 60)}
    (found,) = unsettled(with_source(catalog, None), lines, TODAY)[:1]
    assert [each.dataset.ref for each in found.candidates[:2]] == [INSURED, POPULATION]
    assert "未符合“质量达标：正确率 60%，低于 95%”" in reasons(found.candidates, 1)


def test_of_several_written_down_the_reasons_say_which(catalog: Catalog) -> None:
    both = tuple(SourceRef(dataset=ref, column="name") for ref in (PERMITS, INSURED))
    (found,) = unsettled(with_source(catalog, both), LINES, TODAY)[:1]
    assert found.why == "登记了 2 个标准源"
    written = {each.dataset.ref for each in found.candidates if each.written_down}
    assert written == {PERMITS, INSURED}


def test_facts_of_each_dataset_s_own_are_shown_where_they_could_be_compared(
    catalog: Catalog,
) -> None:
    own = with_source(catalog, "each_dataset")
    (found,) = (each for each in unsettled(own, LINES, TODAY) if each.element.id == "person_name")
    assert {each.dataset.ref for each in found.candidates} == {POPULATION, INSURED}
    alone = {(POPULATION, "name"): measured(POPULATION, 100)}
    assert "person_name" not in [each.element.id for each in unsettled(own, alone, TODAY)]


def _judged(catalog: Catalog, line: Line | None, today: date = TODAY, before: str | None = None):  # type: ignore[no-untyped-def]
    element, dataset = catalog.elements["person_name"], catalog.datasets[POPULATION]
    measure = line.measure if line else None
    return judge(catalog, element, dataset, "name", measure, before, today)


def test_an_entry_is_provisional_until_measured(catalog: Catalog) -> None:
    assert _judged(catalog, None).state is State.PROVISIONAL
    assert _judged(catalog, measured(POPULATION, 100)).state is State.ADMITTED


def test_each_condition_is_refused_by_name(catalog: Catalog) -> None:
    assert _judged(catalog, measured(POPULATION, 60)).failing == ("quality",)
    agency = catalog.agencies["public_security"]
    gone = agency.model_copy(
        update={"contacts": (Contact(post="数据管理专员", email="a@b.example", active=False),)}
    )
    agencies = MappingProxyType({**catalog.agencies, "public_security": gone})
    without = replace(catalog, agencies=agencies, _codes={})
    found = _judged(without, None)
    assert (found.state, found.failing) == (State.REFUSED, ("unit",))
    dataset = catalog.datasets[POPULATION].model_copy(update={"reviewed": False})
    unreviewed = replace(
        catalog, datasets=MappingProxyType({**catalog.datasets, POPULATION: dataset}), _codes={}
    )
    found = _judged(unreviewed, measured(POPULATION, 100))
    assert (found.state, found.failing) == (State.REFUSED, ("origin",))


def test_what_is_overdue_is_proposed_for_suspension_and_not_suspended(catalog: Catalog) -> None:
    line = measured(POPULATION, 100)
    found = _judged(catalog, line, date(2027, 3, 1), before="admitted")
    assert (found.state, found.proposes_suspension) == (State.ADMITTED, True)
    assert "逾期" in found.shortcomings[0].reason
    assert not _judged(catalog, line, before="admitted").proposes_suspension
