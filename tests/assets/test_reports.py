"""Reports of what differs from the standard sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assets.published import prepare
from assets.reports import report
from quality.reports.document import SCHEMA_FILE
from tests.assets.base.house import INSURED, POPULATION, House, citizen
from tests.this_catalog import this_catalog


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """Of a home in which the insurer calls a person otherwise than the register does."""
    house = House(tmp_path, this_catalog())
    house.deliver(POPULATION, [{"id_no": citizen(1), "name": "欧阳秘"}], key="id_no")
    house.deliver(INSURED, [{"id_no": citizen(1), "name": "欧阳密"}], key="id_no")
    house.build("population.person")
    with house.lakehouse.engine() as engine:
        prepare(house.lakehouse, engine)
        report(house.lakehouse, engine)
    house.lakehouse.close()
    return house.lakehouse.home.outbox


def test_a_divergence_is_told_to_the_agency_that_differs_and_shows_no_name(outbox: Path) -> None:
    (folder,) = outbox.glob("medical_insurance/*")
    told: dict[str, Any] = json.loads((folder / "quality-report.json").read_text(encoding="utf-8"))
    (each,) = told["divergences"]["listed"]
    assert (each["column_name"], each["row"], each["standard_agency"]) == ("姓名", 1, "市公安局")
    assert (each["value"], each["standard_value"]) == ("欧**", "欧**")
    assert "欧阳" not in json.dumps(told, ensure_ascii=False)
    assert set(told) == set(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["required"])
    book = openpyxl.load_workbook(folder / "quality-report.xlsx")
    assert "市公安局《户籍人口》" in [cell.value for cell in book["与标准源不一致"][3]]


def test_it_is_told_to_nobody_else(outbox: Path) -> None:
    others = [path for path in outbox.glob("*/*/quality-report.json") if "medical" not in str(path)]
    for path in others:
        assert json.loads(path.read_text(encoding="utf-8"))["divergences"]["total"] == 0
