"""The base tables of a city without defects are what the city is, and say where from."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.base.reference import provide
from assets.base.survivorship import query
from assets.derived_tables import derived_tables
from assets.lakehouse import Lakehouse
from demo.city.city import City
from demo.truth import counted, tables_of, taken_in, truth
from quality.between.model import between_rules
from quality.between.reference import make
from tests.provenance import follow_all
from tests.this_catalog import this_catalog
from warehouse import spatial
from warehouse.home import Clock, Home

RESIDENTS, SEED = 500, 3


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that took in a city without defects and built its base tables."""
    return taken_in(tmp_path_factory.mktemp("truth"), "clean", RESIDENTS, SEED, "--defects", "0")


def test_the_base_tables_count_what_the_city_is(home: Path) -> None:
    catalog = this_catalog()
    expected = truth(City(catalog, RESIDENTS, seed=SEED))
    assert expected["persons"] > RESIDENTS and expected["certificates valid"] > 0
    assert counted(tables_of(home, catalog)) == expected


@pytest.mark.parametrize("seed", range(3))
def test_a_value_drawn_at_random_stands_in_the_row_of_the_file_that_its_provenance_names(
    home: Path, seed: int
) -> None:
    drawn, found = follow_all(home, 25, seed)
    catalog = this_catalog()
    assert {cell.table for cell in drawn} >= set(catalog.base) - {"legal_person.name_change"}
    # What has no cell of its own: constants of a list, values that another column fills.
    assert len(found) >= 0.95 * len(drawn)


ROW_BY_ROW = {
    "macroeconomy.derived_series": "the one day",
    "population.count": "the one day",
    "between.address_division": "the names of the city's counties",
}
"""Queries that compare each row with each of a few others, and with which."""


def test_no_query_compares_each_row_of_a_table_with_each_of_another(home: Path) -> None:
    """DuckDB hashes equalities alone: of a million residents the rest would never end."""
    house = Lakehouse.open(Home(home), Clock(), this_catalog())
    derived = derived_tables()
    queries = {table.ref: query(house.catalog, table) for table in house.catalog.base.values()}
    queries |= {table.ref: table.query for table in derived}
    queries |= {rule.id: rule.query for rule in between_rules()}
    try:
        with house.engine() as engine:
            spatial.load(engine.con)
            make(engine.con)
            provide(engine.con, house.catalog, sorted({each for t in derived for each in t.reads}))
            plans = {
                name: "".join(told for _, told in engine.con.execute(f"EXPLAIN {sql}").fetchall())
                for name, sql in queries.items()
            }
    finally:
        house.close()
    slow = {name for name, plan in plans.items() if "NL_JOIN" in plan or "NESTED_LOOP_JOIN" in plan}
    assert slow == ROW_BY_ROW.keys()
