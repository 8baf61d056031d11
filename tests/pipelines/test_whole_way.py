"""The whole way of the real deliveries: from landing to tables, reports and the warehouse."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable

from tests.provenance import follow_all

from .conftest import REAL, real_deliveries

City = tuple[Any, int, str]


def table(city: City, name: str) -> pl.DataFrame:
    """A lake table, read as anybody would."""
    return pl.read_delta(str(city[0].home / "lake" / name))


def warehouse(city: City, query: str) -> list[tuple[Any, ...]]:
    """Rows of the published file, read-only, by a plain client."""
    with duckdb.connect(str(city[0].home / "published/warehouse.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def test_all_deliveries_are_applied(real_city: City) -> None:
    _, code, told = real_city
    assert code == 0, told


def test_raw_and_rejects_are_the_rows_of_the_files(
    real_city: City, expected_rows: Mapping[str, int]
) -> None:
    rows = warehouse(
        real_city,
        "SELECT file, counted, accepted + rejected FROM quality.deliveries WHERE state = 'applied'",
    )
    assert {file: counted for file, counted, _ in rows} == dict(expected_rows)
    assert all(counted == kept for _, counted, kept in rows)
    raw = sum(
        table(real_city, f"raw/{ref}").height
        for ref in (
            "market_supervision/business_entities", "development_reform/dishonest_entities",
            "ecology/air_hourly", "statistics/regional_gdp",
        )
    )  # fmt: skip
    rejects = table(real_city, "quality/rejects").height
    assert raw + rejects == sum(expected_rows.values())


def test_all_rows_of_the_two_lists_reach_standard(real_city: City) -> None:
    assert table(real_city, "standard/development_reform/dishonest_entities").height == 770


def test_a_quoted_comma_in_a_business_scope_arrives_whole(real_city: City) -> None:
    folder = real_deliveries()
    with (folder / "enterprise_registration_zibo.csv").open(encoding="utf-8-sig") as lines:
        wanted = {
            row["统一社会信用代码"]: row["经营范围"]
            for row in csv.DictReader(lines)
            if "," in row["经营范围"]
        }
    raw = table(real_city, "raw/market_supervision/business_entities")
    found = dict(
        raw.filter(pl.col("uscc").is_in(list(wanted))).select("uscc", "business_scope").rows()
    )
    assert wanted and found == wanted


def test_a_written_null_becomes_null_and_a_defect_that_keeps_the_original(real_city: City) -> None:
    standard = table(real_city, "standard/ecology/air_hourly")
    assert standard["aqi"].null_count() == 3
    defects = table(real_city, "quality/defect_events").filter(pl.col("rule") == "aqi.null_word")
    assert defects["value"].to_list() == ["-;"] * 3


def test_a_plain_client_counts_the_legal_persons(real_city: City) -> None:
    ((count,),) = warehouse(real_city, "SELECT count(*) FROM legal_person.entity")
    assert count >= 2583


def test_every_valid_code_is_left_in_peace(real_city: City) -> None:
    accused = table(real_city, "quality/defect_events").filter(
        pl.col("dataset") == "market_supervision/business_entities",
        pl.col("rule").str.starts_with("uscc."),
        ~pl.col("rule").is_in(["uscc.inner_check", "uscc.department"]),
    )
    assert accused.height == 0


def test_an_agency_s_scores_are_the_sums_of_its_datasets(real_city: City) -> None:
    added_up = """
        SELECT agency, dimension, sum(passed), sum(asked) FROM quality.scores
        WHERE level = '{}' GROUP BY ALL ORDER BY ALL
    """
    agencies = warehouse(real_city, added_up.format("agency"))
    assert len(agencies) == 6 * 4
    assert agencies == warehouse(real_city, added_up.format("dataset"))


def test_what_an_agency_s_scores_lack_are_its_open_errors(real_city: City) -> None:
    lacking = warehouse(
        real_city,
        "SELECT subject, sum(asked - passed) FROM quality.scorecard "
        "WHERE level = 'agency' AND kind = 'dimension' GROUP BY subject ORDER BY subject",
    )
    errors = warehouse(
        real_city,
        "SELECT agency, coalesce(sum(open_count) FILTER (severity = 'error'), 0) "
        "FROM quality.tickets GROUP BY agency ORDER BY agency",
    )
    assert {agency: count for agency, count in lacking if count} == {
        agency: count for agency, count in errors if count
    }


def test_each_deliverer_with_defects_has_a_report(real_city: City) -> None:
    outbox = real_city[0].home / "outbox"
    for agency in ("market_supervision", "development_reform", "ecology"):
        folder = outbox / agency / "2026-11-23"
        assert {path.name for path in folder.iterdir()} >= {
            "quality-report.xlsx", "quality-report.json", "digest.md",
        }  # fmt: skip
        assert json.loads((folder / "quality-report.json").read_text())["agency"]


def test_two_lists_of_one_dataset_are_not_held_against_each_other(real_city: City) -> None:
    asked = table(real_city, "quality/findings").filter(pl.col("kind") == "delivery")
    assert asked.select("dataset", "rule").rows() == [
        ("ecology/air_hourly", "delivery.unmapped_column")
    ]


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
    counted = "SELECT count(*), count(linked), count(evidence) FROM quality.links"
    assert warehouse(real_city, counted) == [(275, 0, 275)]


@pytest.mark.parametrize("seed", range(3))
def test_a_base_value_drawn_at_random_stands_in_the_file_that_its_provenance_names(
    real_city: City, seed: int
) -> None:
    drawn, found = follow_all(real_city[0].home, 60, seed)
    assert {cell.dataset for cell in found} == {
        "market_supervision/business_entities", "development_reform/dishonest_entities",
        "statistics/regional_gdp",
    }  # fmt: skip
    # The others have no cell of their own: constants of a list, values of the key.
    assert len(drawn) == 240 and len(found) > 160


def test_the_run_is_in_dagster_and_ended(real_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.instance import instance
    from warehouse.home import Home

    for name in ("LAKEHOUSE_HOME", "LAKEHOUSE_DAGSTER", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")
    with instance(Home(real_city[0].home)) as store:
        assert [str(run.status.value) for run in store.get_runs()][:1] == ["SUCCESS"]


def test_a_run_with_nothing_to_do_says_so_and_changes_nothing(real_city: City) -> None:
    versions = {
        path.parent: DeltaTable(str(path.parent)).version()
        for path in real_city[0].home.rglob("_delta_log")
    }
    code, told = real_city[0]("run")
    assert (code, "没有新的交付" in told) == (0, True)
    assert versions == {place: DeltaTable(str(place)).version() for place in versions}


def test_all_deliveries_a_second_time_leave_receipts_and_change_no_table(real_city: City) -> None:
    line, folder = real_city[0], real_deliveries()
    tables = [
        path.parent
        for layer in ("raw", "standard", "base")
        for path in (line.home / "lake" / layer).rglob("_delta_log")
    ]
    assert any("base" in place.parts for place in tables)
    versions = [DeltaTable(str(place)).version() for place in tables]
    for place, (name, _) in REAL.items():
        line.put(f"{place.rstrip('/')}/{name}", folder / name)
    code, told = line("run")
    assert (code, told.count("重复交付")) == (0, len(REAL))
    assert [DeltaTable(str(place)).version() for place in tables] == versions
