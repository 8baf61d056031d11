"""Opening a home."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from assets.lakehouse import Lakehouse
from catalog.findings import CatalogError
from tests.assets.conftest import REF, Statistics, right_row
from tests.this_catalog import this_catalog


def test_a_delivered_dataset_that_the_catalogue_lost_is_named_with_the_cure(
    statistics: Statistics,
) -> None:
    statistics.deliver("a.csv", right_row(2024, "山东", 1000))
    known = this_catalog()
    others = {ref: dataset for ref, dataset in known.datasets.items() if ref != REF}
    less = replace(known, datasets=MappingProxyType(others), _codes={})
    with pytest.raises(CatalogError) as lost:
        Lakehouse.open(statistics.home, statistics.house.clock, less)
    assert f"datasets/{REF}.yaml" in str(lost.value)
    assert "已接收该数据集 1 批交付" in str(lost.value) and "retired" in str(lost.value)
