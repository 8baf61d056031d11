"""The catalogue of the project and an empty home for base tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.load import Catalog
from tests.assets.base.house import House
from tests.this_catalog import this_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return this_catalog()


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> Iterator[House]:
    made = House(tmp_path, catalog)
    yield made
    made.lakehouse.close()
