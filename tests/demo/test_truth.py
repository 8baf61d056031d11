"""The base tables of a city without defects are what the city is, and say where from."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.city.city import City
from demo.truth import counted, tables_of, taken_in, truth
from tests.provenance import follow_all
from tests.this_catalog import this_catalog

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
