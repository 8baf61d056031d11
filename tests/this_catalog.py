"""The catalogue of this repository, read once for all tests of a process: no test changes it."""

from __future__ import annotations

from functools import cache

from catalog.load import Catalog, load_catalog


@cache
def this_catalog() -> Catalog:
    """The catalogue as `catalog.load.load_catalog` gives it."""
    return load_catalog()
