"""What a run and an undoing say of the defects they changed."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import Any

from rich.console import Console

from pipelines.summary import dataset_table
from tests.this_catalog import this_catalog
from warehouse.log import Delivery, State

HEADER = "年份,省份,GDP总量,第一产业,第二产业,第三产业,第一产业占比,第二产业占比,第三产业占比\n"
RIGHT = "2024,山东省,1000,100,400,500,0.1,0.4,0.5\n"
WRONG = "2024,山东省,1000,约一百,400,500,0.1,0.4,0.5\n"


def figures(told: str) -> list[str]:
    """The statistics bureau: 新增, 已更正, 待更正, 待核实, 工单 and the next due date."""
    (line,) = (line for line in told.splitlines() if line.strip().startswith("淄博市统计局  "))
    return line.split()[1:]


def test_a_run_and_an_undoing_say_what_they_opened_and_closed(lakehouse: Any) -> None:
    place = "statistics/regional_gdp/gdp_{}.csv"
    lakehouse.put(place.format("20260501"), HEADER + WRONG)
    _, told = lakehouse("run")
    assert figures(told)[:5] == ["1", "0", "1", "0", "1"]
    lakehouse.put(place.format("20260601"), HEADER + RIGHT)
    _, told = lakehouse("run")
    assert figures(told) == ["0", "1", "0", "0", "0"]
    words = ("--by", "数据管理专员", "--reason", "试验")
    code, told = lakehouse("deliveries", "withdraw", "d000002", *words)
    assert (code, figures(told)[:5]) == (0, ["1", "0", "1", "0", "1"])
    code, told = lakehouse("deliveries", "withdraw", "d000001", *words)
    assert (code, "另有 1 个问题" in told) == (0, True)


def _delivery(number: int, **counts: int) -> Delivery:
    day = datetime(2026, 10, 1)
    return Delivery(
        f"d{number:06d}", State.APPLIED, "statistics/regional_gdp", "statistics", "gdp.csv",
        "statistics/regional_gdp/gdp.csv", 0, 0, "", number, day, day, **counts,
    )  # fmt: skip


def test_many_deliveries_are_told_by_dataset_with_their_rows_added_up() -> None:
    many = [_delivery(number, counted=10, upserted=9, rejected=1) for number in range(30)]
    console = Console(width=100, record=True, file=StringIO())
    console.print(dataset_table(this_catalog(), many))
    (line,) = (row for row in console.export_text().splitlines() if "分省地区生产总值" in row)
    assert line.split() == [
        "分省地区生产总值",
        "已接收",
        "30",
        "300",
        "新增变更",
        "270，无法读取",
        "30",
    ]
