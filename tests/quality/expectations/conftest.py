"""The verdict on rows of a small dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from catalog.load import Catalog
from quality.expectations import Verdict, verdict
from tests.quality.expectations.visits import AS_OF, COLUMNS, REF, RULES, Judge


@pytest.fixture(scope="session")
def visits(catalog_of: Any) -> Catalog:
    """A dataset with a column of every kind of element."""
    built: Catalog = catalog_of(COLUMNS, key=["name"], rules=RULES)
    return built


@pytest.fixture
def judge(visits: Catalog, raw: Any, staged: Any, tmp_path: Path) -> Judge:
    """The verdict on rows; `spoil` changes the staged rows beforehand."""

    def judged(
        rows: list[dict[str, Any]],
        *,
        catalog: Catalog = visits,
        spoil: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
        by: Catalog | None = None,
    ) -> Verdict:
        files = tmp_path / "raw.parquet", tmp_path / "staged.parquet"
        raw(catalog, REF, rows).collect().write_parquet(files[0])
        spoil(staged(catalog, rows, as_of=AS_OF)).write_parquet(files[1])
        return verdict(*files, by or catalog, REF, AS_OF)

    return judged
