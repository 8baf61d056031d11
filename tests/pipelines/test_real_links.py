"""The real dishonesty lists beside the real registration: nothing links, and it is said so."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.pipelines.conftest import CommandLine

pytestmark = pytest.mark.xdist_group("real_city")

City = tuple[CommandLine, int, str]


def table(city: City, name: str) -> pl.DataFrame:
    return pl.read_delta(str(city[0].home / "lake" / name))


def test_no_row_of_the_lists_is_linked_to_a_firm_of_the_city_and_the_run_says_so(
    real_city: City,
) -> None:
    links = table(real_city, "quality/links")
    assert links.height == 275
    assert links["linked"].null_count() == 275
    assert "没有合格代码的 275 条，对应到登记主体 0 条" in real_city[2]


def test_the_one_that_says_it_is_of_the_city_is_asked_about(real_city: City) -> None:
    events = table(real_city, "quality/defect_events").filter(rule="between.unlinked")
    assert events["event"].to_list() == ["opened"]
    (key,) = events["key"].to_list()
    assert key.split("\x1f")[1] == "高青环亚运输有限公司"


def test_analysts_read_the_links(real_city: City) -> None:
    import duckdb

    file: Any = real_city[0].home / "published/warehouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as con:
        counted = con.execute(
            "SELECT count(*), count(linked), count(evidence) FROM quality.links"
        ).fetchall()
    assert counted == [(275, 0, 275)]
