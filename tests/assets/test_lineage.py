"""Which column comes from which: from declarations and from the SQL itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.bases import column_lineage
from assets.derived_tables import derived_tables
from assets.lineage import ROWS, Lineage, Place, lineage_of
from catalog.load import Catalog
from tests.assets.base.house import POPULATION, House, citizen
from tests.this_catalog import this_catalog


@pytest.fixture(scope="module")
def city() -> Catalog:
    return this_catalog()


@pytest.fixture(scope="module")
def graph(city: Catalog) -> Lineage:
    return lineage_of(city)


def place(named: str) -> Place:
    table, _, column = named.rpartition(".")
    return Place(table, column)


def parents(graph: Lineage, named: str) -> list[str]:
    return [str(each) for each in graph.parents[place(named)]]


def test_a_base_column_comes_from_its_sources_the_standard_one_first(graph: Lineage) -> None:
    assert parents(graph, "population.person.died_on") == [
        "health/death_certificates.died_on",
        "public_security/registered_population.cancelled_on",
        "public_security/registered_population.cancel_reason",
    ]


def test_a_key_comes_from_what_names_the_subject_and_from_the_links(graph: Lineage) -> None:
    told = parents(graph, "credit.penalty.subject_id")
    assert "development_reform/administrative_penalties.uscc" in told
    assert "quality.links.linked" in told


def test_a_derived_column_comes_from_what_its_sql_computes_it_from(graph: Lineage) -> None:
    assert parents(graph, "license.certificate_state.holder_ended_on") == [
        "legal_person.entity.deregistered_on",
        "population.person.died_on",
        # Whether he is a person at all decides whose end it is.
        "population.person.document_no",
    ]


def test_a_count_comes_from_rows_and_they_from_the_deliveries(graph: Lineage) -> None:
    told = parents(graph, "population.count.living")
    assert told == ["population.person.*", "quality.deliveries.*"]
    delivered = graph.delivered(place("population.count.living"))
    assert Place("public_security/registered_population", ROWS) in delivered


def test_of_a_delivered_column_all_that_follows_is_told(graph: Lineage) -> None:
    found, left = set(), [place("health/death_certificates.died_on")]
    while left:
        following = graph.children.get(left.pop(), ())
        found.update(map(str, following))
        left += following
    assert {
        "population.death.died_on", "population.person.died_on",
        "license.certificate_state.holder_ended_on", "license.certificate_state.state",
    } <= found  # fmt: skip


def test_every_column_but_words_of_our_own_comes_from_somewhere(
    city: Catalog, graph: Lineage
) -> None:
    ours = {str(each) for each, above in graph.parents.items() if not above}
    assert ours == {
        "geospatial.site.kind", "legal_person.branch.relation", "legal_person.entity.kind",
        "legal_person.status_history.status", "population.residence.kind",
        "macroeconomy.derived_series.indicator_code", "macroeconomy.derived_series.unit",
        "macroeconomy.derived_series.derived_from", "macroeconomy.indicator.derived",
    }  # fmt: skip
    for table in (*city.base.values(), *derived_tables()):
        for column in table.columns:
            assert Place(table.ref, column.id) in graph.parents


def test_every_parent_is_a_column_that_there_is(city: Catalog, graph: Lineage) -> None:
    for parent in {each for above in graph.parents.values() for each in above}:
        if parent.is_delivered:
            dataset = city.datasets[parent.table]
            assert parent.column == ROWS or dataset.column(parent.column)
        elif not parent.table.startswith(("quality.", "catalog.")):
            assert parent in graph.parents, parent


def test_dagster_is_told_of_columns_of_assets_alone(city: Catalog) -> None:
    (count,) = (each for each in derived_tables() if each.ref == "population.count")
    (lineage,) = column_lineage(city, count).values()
    asked = {str(dep.asset_key.path[0]) for deps in lineage.deps_by_column.values() for dep in deps}
    assert asked == {"base"}
    assert lineage.deps_by_column["living"] == []


def test_a_value_follows_its_lineage(tmp_path: Path, city: Catalog) -> None:
    """What stands in a column stands in one of the delivered columns that it is said to be from."""
    house = House(tmp_path, city)
    house.deliver(POPULATION, [{"id_no": citizen(1), "birth_date": date(1980, 1, 1)}], key="id_no")
    house.build("population.person")
    (told,) = (
        each for each in house.sources("population.person") if each["column"] == "birth_date"
    )
    above = lineage_of(house.catalog).delivered(place("population.person.birth_date"))
    assert Place(told["dataset"], told["dataset_column"]) in above
