"""What is told of rows that no mask can hold."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.intake.findings import repetition_notes, row_findings
from assets.intake.settle import Repeated
from quality.standardise import standardise
from tests.this_catalog import this_catalog
from warehouse.log import Delivery, State

CATALOG = this_catalog()
LISTED = "development_reform/dishonest_entities"
LICENSES = "development_reform/administrative_licenses"
GDP = "statistics/regional_gdp"


def delivery_of(ref: str) -> Delivery:
    return Delivery(
        delivery="d000001", state=State.RECEIVED, dataset=ref, agency="a", file="a.csv", source="",
        mtime_ns=0, size=0, sha256="", seq=1, ordered_at=datetime(2026, 9, 30),
        first_seen=datetime(2026, 9, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ref", "row", "lacks"),
    [
        (GDP, {"year": "2024"}, "省份"),
        (GDP, {"province": "山东省", "year": "去年"}, "年份"),
        (GDP, {"year": "-"}, "年份、省份"),
        # Which of its codes a listed subject has does not matter.
        (LISTED, {"list": "ecommerce"}, "企业名称"),
        (
            LICENSES,
            {"document_no": "许1"},
            "统一社会信用代码、工商注册号、组织机构代码、税务登记号、事业单位证书号、"
            "社会组织登记证号、自然人证件号码（须有一项）",
        ),
        (LICENSES, {"tax_no": "370303"}, "行政许可决定文书号"),
    ],
)
def test_a_row_without_key_is_told_which_parts_of_it_are_missing(
    tmp_path: Path, ref: str, row: dict[str, Any], lacks: str
) -> None:
    columns = [column.id for column in CATALOG.datasets[ref].columns]
    technical = {"_op": "upsert", "_row": 1, "_line": 2, "_shape": None, "_delivery": "d000001",
                 "_seq": 1, "_agency": ref.split("/", maxsplit=1)[0]}  # fmt: skip
    texts = {column: pl.String for column in columns} | {"_shape": pl.String}
    raw = pl.DataFrame([dict.fromkeys(columns) | row | technical], schema_overrides=texts)
    raw.write_parquet(tmp_path / "raw.parquet")
    standardise(raw.lazy(), CATALOG, ref, date(2026, 9, 30)).sink_parquet(tmp_path / "s.parquet")
    found = row_findings(
        CATALOG,
        delivery_of(ref),
        tmp_path / "raw.parquet",
        tmp_path / "s.parquet",
        tmp_path / "none",
    )
    assert found["message"].to_list() == [
        f"{lacks}为空或无法识别，无法确定是哪一条记录，该行已隔离"
    ]


@pytest.mark.parametrize(
    ("repeated", "told"),
    [
        (Repeated("2024", 8, 9, 2, True, [1, 2], [2, 3]), "第 2、3 行"),
        # JSON may be written in one line.
        (Repeated("2024", 8, 1, 2, False, [1, 2], [1, 1]), "第 1、2 条"),
        (Repeated("2024", 8, 9, 7, True, [1, 2], [2, 3]), "第 2、3 行等 7 行"),
    ],
)
def test_a_repeated_key_is_told_where_its_other_rows_stand(repeated: Repeated, told: str) -> None:
    notes = repetition_notes(CATALOG, delivery_of(GDP), [repeated])
    assert notes.select("kind", "identity", "row", "line").rows() == [
        ("note", "2024", 8, repeated.line)
    ]
    assert notes["message"].item().endswith(f"，以最后一行为准：与{told}重复")
