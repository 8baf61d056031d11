"""Deliveries that are odd as a whole: what the ledger says of them, and that they come in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from warehouse.home import Clock

SHARES = "年份,省份,GDP总量,第一产业,第二产业,第三产业,第一产业占比,第二产业占比,第三产业占比"
NO_SHARES = "年份,省份,GDP总量,第一产业,第二产业,第三产业"


def profiles(statistics: Any) -> pl.DataFrame:
    return pl.read_delta(str(statistics.home.lake / "quality/profiles"))


def test_each_applied_delivery_has_one_profile_a_column(statistics: Any, line: Any) -> None:
    statistics.deliver("gdp_20260501.csv", line(2024, "山东省", 1000), line(2024, "江苏省", 2000))
    statistics.deliver("gdp_20260601.csv", line(2024, "山东省", 1001), line(2024, "江苏省", 2000))
    statistics.deliver("b.csv", "2024,1", header="时间,数值")
    found = profiles(statistics)
    assert found.group_by("delivery").len().sort("delivery").rows() == [
        ("d000001", 9), ("d000002", 9),
    ]  # fmt: skip
    gdp = found.filter(pl.col("column") == "gdp").sort("seq")
    assert gdp.select("rows", "nulls", "minimum", "maximum").rows() == [
        (2, 0, "1000", "2000"), (2, 0, "1001", "2000"),
    ]  # fmt: skip


def test_clean_deliveries_are_asked_nothing(statistics: Any, line: Any) -> None:
    for day in ("20260501", "20260601", "20260701"):
        statistics.deliver(f"gdp_{day}.csv", line(2024, "山东省", int(day[4:])))
    assert statistics.open_defects() == set()


def test_an_unknown_column_is_asked_about_until_it_is_gone(statistics: Any, line: Any) -> None:
    row = line(2024, "山东省", 1000)
    odd = f"{row},7"
    assert statistics.deliver("gdp_20260501.csv", odd, header=f"{SHARES},内部流水") == "applied"
    assert statistics.open_defects() == {("delivery.unmapped_column", "")}
    assert statistics.current() == {(2024, "370000"): 1000}
    statistics.deliver("gdp_20260601.csv", row)
    assert statistics.open_defects() == set()
    assert statistics.events() == ["opened", "closed"]


def test_a_column_that_came_before_is_missed(statistics: Any, line: Any) -> None:
    row = line(2024, "山东省", 1000)
    bare = ",".join(row.split(",")[:6])
    statistics.deliver("gdp_20260501.csv", bare, header=NO_SHARES)
    assert statistics.open_defects() == set()
    statistics.deliver("gdp_20260601.csv", row)
    statistics.deliver("gdp_20260701.csv", bare, header=NO_SHARES)
    assert statistics.open_defects() == {("delivery.missing_column", "")}
    statistics.deliver("gdp_20260801.csv", bare, header=NO_SHARES)
    assert statistics.open_defects() == {("delivery.missing_column", "")}
    statistics.deliver("gdp_20260901.csv", row)
    assert statistics.open_defects() == set()
    assert statistics.events() == ["opened", "closed"]


def test_an_increment_delivered_again_under_a_new_name_is_asked_about_once(
    statistics: Any, line: Any
) -> None:
    more = {"manifest": {"mode": "increment"}}
    for day in ("20260501", "20260601", "20260701"):
        assert statistics.deliver(f"gdp_{day}.csv", line(2024, "山东省", 1), **more) == "applied"
    assert statistics.open_defects() == {("delivery.repeated", "")}
    assert statistics.events() == ["opened"]


def test_a_delivery_after_its_cycle_is_asked_about_and_comes_in(statistics: Any, line: Any) -> None:
    statistics.house = type(statistics.house).open(statistics.home, Clock(datetime(2025, 1, 6, 9)))
    more = {"manifest": {"mode": "increment"}}
    statistics.deliver("gdp_20250106.csv", line(2023, "山东省", 1), **more)
    statistics.reopen()
    assert statistics.deliver("gdp_20251231.csv", line(2024, "山东省", 2), **more) == "applied"
    assert statistics.open_defects() == {("delivery.late", "")}


def test_a_withdrawn_delivery_takes_its_questions_with_it(statistics: Any, line: Any) -> None:
    from assets.intake.undo import withdraw

    odd = f"{line(2024, '山东省', 1000)},7"
    statistics.deliver("gdp_20260501.csv", odd, header=f"{SHARES},内部流水")
    with statistics.house.engine() as engine:
        withdraw(statistics.house, engine, "d000001", "tester", "误报")
    assert statistics.open_defects() == set()
    assert statistics.events() == ["opened", "withdrawn"]


def test_exchanged_headings_are_one_question_a_column(statistics: Any) -> None:
    rows = [f"山东省,{year},1000,100,400,500" for year in range(2015, 2025)]
    statistics.deliver("gdp_20260501.csv", *rows, header=NO_SHARES)
    asked = {rule for rule, _ in statistics.open_defects() if rule.endswith("wrong_heading")}
    assert asked == {"year.wrong_heading", "province.wrong_heading"}


def test_exchanged_headings_of_an_increment_are_asked_about_until_the_next_right_one(
    statistics: Any, line: Any
) -> None:
    more = {"manifest": {"mode": "increment"}}
    rows = [f"山东省,{year},1000,100,400,500" for year in range(2015, 2025)]
    statistics.deliver("gdp_20260501.csv", *rows, header=NO_SHARES, **more)
    statistics.deliver("gdp_20260601.csv", line(2024, "山东省", 1000), **more)
    assert not {rule for rule, _ in statistics.open_defects() if rule.endswith("wrong_heading")}
