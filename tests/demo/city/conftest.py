"""One small city for all tests of this folder, and the frames of its datasets."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city.city import City
from demo.city.table import tables
from tests.this_catalog import this_catalog

Frames = Callable[[str], pl.DataFrame]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return this_catalog()


@pytest.fixture(scope="session")
def city(catalog: Catalog) -> City:
    return City(catalog, 6000, 11)


@pytest.fixture(scope="session")
def frame_of(city: City) -> Frames:
    """All rows of a dataset of the city, made once."""
    made: dict[str, pl.DataFrame] = {}

    def frame(ref: str) -> pl.DataFrame:
        if ref not in made:
            made[ref] = tables()[ref].frame(city)
        return made[ref]

    return frame
