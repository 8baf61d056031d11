"""Deliveries that are odd as a whole, written from rows of the catalogue's own examples."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import polars as pl
import pytest

from catalog.entries import Catalog
from catalog.models.elements import ElementType
from demo.city.city import City
from demo.city.days import Calendar
from demo.city.declared import declaration
from demo.city.defects.files import label_of_silence
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import Plan
from demo.city.desk import Written, open_desk
from demo.city.form import Form
from demo.city.jobs import Job, Order
from warehouse.intake import Target, receive

ROWS = 60
READ: dict[ElementType, Callable[[str], Any]] = {
    ElementType.DATE: datetime.date.fromisoformat,
    ElementType.DATETIME: datetime.datetime.fromisoformat,
    ElementType.INTEGER: int,
    ElementType.DECIMAL: float,
}


class Days(NamedTuple):
    """What three days of one dataset brought."""

    out: Path
    files: list[Written]
    labels: pl.DataFrame
    collateral: pl.DataFrame

    def path(self, number: int) -> Path:
        """The file of a day, by the date in its name."""
        (file,) = (
            f for f in self.files if f"2026-{('09-30', '10-08', '10-09')[number - 1]}" in f.file
        )
        return self.out / file.day / file.file

    def lines(self, number: int) -> list[str]:
        return self.path(number).read_text(encoding="utf-8-sig").splitlines()


Deliver = Callable[..., Days]


@pytest.fixture
def delivered(catalog: Catalog, city: City, tmp_path: Path) -> Deliver:
    """Delivers ROWS rows of a dataset on some days, with a share of defects."""

    def write(ref: str, form: Form, days: int = 3, rate: float = 0.2) -> Days:
        dataset = catalog.datasets[ref]
        key = dataset.key[0]
        facts: dict[str, Any] = {}
        for column in dataset.columns:
            element = catalog.elements[column.element]
            value = READ.get(element.type, str)(element.example)
            facts[column.id] = [value] * ROWS
        facts[str(key)] = [f"{facts[str(key)][0][:-2]}{n:02d}" for n in range(ROWS)]
        calendar = Calendar(city.day, days, rate > 0)
        labels, brought = tmp_path / "labels.parquet", tmp_path / "collateral.parquet"
        order = Order(tmp_path, calendar, Plan(rate))
        with open_desk(Knowledge(city), Job(ref, range(ROWS), form), order) as desk:
            desk.take(dataset.agency, pl.DataFrame(facts))
        desk.write_labels(labels, brought)
        return Days(tmp_path, desk.finished, pl.read_parquet(labels), pl.read_parquet(brought))

    return write


CSV = Form("csv", "utf-8", "{dataset}_{date:%Y-%m-%d}")
XLSX = Form("xlsx", "utf-8", "{dataset}_{date:%Y-%m-%d}")


def kinds(days: Days) -> list[str]:
    return days.labels.filter(pl.col("row").is_null())["kind"].to_list()


def test_a_repeated_delivery_has_the_bytes_of_the_day_before(delivered: Deliver) -> None:
    days = delivered("gas_supply/bills", CSV)
    assert days.path(1).read_bytes() == days.path(2).read_bytes()
    assert kinds(days) == ["repeated"]


def test_an_empty_delivery_has_a_header_alone(delivered: Deliver) -> None:
    days = delivered("housing/construction_permits", CSV)
    assert [len(days.lines(day)) for day in (1, 2)] == [ROWS + 1, 1]
    assert kinds(days) == ["empty"]


def test_a_partial_delivery_lacks_more_keys_than_a_snapshot_may_remove(
    delivered: Deliver, catalog: Catalog
) -> None:
    days = delivered("housing_fund/accounts", CSV)
    limit = catalog.datasets["housing_fund/accounts"].removal_limit
    before, after = (len(days.lines(day)) - 1 for day in (1, 2))
    assert 0 < after < before * (1 - limit)
    assert len(days.lines(3)) - 1 > after
    assert kinds(days) == ["partial"]


def test_a_stray_byte_makes_a_file_of_no_encoding(delivered: Deliver) -> None:
    days = delivered("transport/commercial_vehicles", CSV)
    content = days.path(2).read_bytes()
    for encoding in ("utf-8", "gb18030"):
        with pytest.raises(UnicodeDecodeError):
            content.decode(encoding)
    days.path(1).read_bytes().decode("utf-8")
    assert kinds(days) == ["invalid_byte"]


def test_a_mark_of_utf_8_stands_before_text_of_another_encoding(delivered: Deliver) -> None:
    days = delivered("water/reservoirs_and_rivers", Form("csv", "gbk", CSV.file))
    content = days.path(2).read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "站" in content.removeprefix(codecs.BOM_UTF8).decode("gbk").splitlines()[0]
    days.path(1).read_bytes().decode("gbk")
    assert kinds(days) == ["false_mark"]


def test_a_column_is_renamed_added_or_missing(delivered: Deliver) -> None:
    renamed = delivered("health/death_certificates", CSV)
    assert "备用字段3" in renamed.lines(2)[0] and "备用字段3" not in renamed.lines(1)[0]
    added = delivered("administrative_approval/service_items", CSV)
    assert added.lines(2)[0].endswith("内部流水") and added.lines(2)[1].endswith(",1")
    missing = delivered("ecology/discharge_permits", CSV)
    assert missing.lines(2)[0].count(",") == missing.lines(1)[0].count(",") - 1
    assert [*kinds(renamed), *kinds(added), *kinds(missing)] == [
        "column_renamed", "column_added", "column_missing",
    ]  # fmt: skip


def test_a_late_delivery_lies_in_the_folder_of_a_later_day(delivered: Deliver) -> None:
    days = delivered("hotline/tickets", CSV)
    assert days.path(2).parents[2].name == "2026-10-09"
    assert days.labels.filter(pl.col("kind") == "late")["day"].to_list() == [3]
    assert "late" not in kinds(delivered("hotline/tickets", CSV, days=2))


def test_columns_under_the_wrong_heading_have_a_label_each(delivered: Deliver) -> None:
    days = delivered("emergency/major_hazards", CSV)
    wrong = days.labels.filter(pl.col("kind") == "wrong_headings")
    assert wrong["column"].to_list() == ["chemical", "cas_no"]
    assert wrong["scope"].unique().to_list() == ["column"]
    about = days.collateral.join(wrong, on="label", suffix="_label").filter(pl.col("rule") == "*")
    assert about["column"].to_list() == ["chemical", "cas_no"]
    assert about["key"].unique().to_list() == ["*"]
    header = [days.lines(day)[0].split(",") for day in (1, 2)]
    assert header[0] != header[1] and sorted(header[0]) == sorted(header[1])


def test_a_silent_owner_delivers_nothing_where_its_first_cycle_ends(
    delivered: Deliver, catalog: Catalog
) -> None:
    ref = declaration("days")["never"]["dataset"]
    assert delivered(ref, CSV).files == []
    assert len(delivered(ref, CSV, days=2).files) == 2
    label = label_of_silence(catalog.datasets[ref], Calendar(datetime.date(2026, 9, 30), 3, True))
    assert label["kind"].to_list() == ["never_delivered"] and label["file"].to_list() == [None]


def test_titles_and_merged_cells_above_the_header_do_no_harm(
    delivered: Deliver, catalog: Catalog, tmp_path: Path
) -> None:
    ref = "state_assets/financial_reports"
    days = delivered(ref, XLSX, rate=0.05)
    sheet = openpyxl.load_workbook(days.path(1)).active
    assert sheet is not None and len(sheet.merged_cells.ranges) == 2
    target = Target(tmp_path / "raw", tmp_path / "rejects", tmp_path, "d1", 1, "state_assets")
    received = receive(days.path(1), catalog.datasets[ref], target)
    assert (received.header_line, received.accepted) == (3, ROWS)
    assert kinds(days) == []


def test_look_alike_headers_are_read_as_what_they_mean(
    delivered: Deliver, catalog: Catalog, tmp_path: Path
) -> None:
    days = delivered("education/schools", CSV)
    assert "\u200b" in days.lines(1)[0]
    target = Target(tmp_path / "raw", tmp_path / "rejects", tmp_path, "d1", 1, "education")
    received = receive(days.path(1), catalog.datasets["education/schools"], target)
    assert (received.missing, received.unmapped) == ((), ())


def test_without_defects_every_delivery_is_as_it_should_be(delivered: Deliver) -> None:
    days = delivered("housing/construction_permits", CSV, rate=0.0)
    assert {len(days.lines(day)) for day in (1, 2, 3)} <= {ROWS + 1, ROWS, ROWS - 1}
    assert days.labels.height == 0
