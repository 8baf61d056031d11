"""The workbook that agencies fill in."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from assets.draft import check_draft
from quality.onboarding import write_template
from tests.this_catalog import this_catalog

CATALOG = this_catalog()
DAY = date(2026, 10, 1)


@pytest.mark.parametrize("ref", CATALOG.datasets)
def test_a_template_passes_the_check_of_a_draft_as_it_stands(ref, tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(CATALOG, ref, path, DAY)
    report = check_draft(CATALOG, ref, path)
    assert not report.has_errors
    assert report.document()["total"] == 0


def test_a_coded_column_has_a_list_of_the_names_in_force(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(CATALOG, "market_supervision/business_entities", path, DAY)
    book = openpyxl.load_workbook(path)
    form = book["经营主体登记信息"]
    heads = [cell.value for cell in form[1]]
    letter = form.cell(1, heads.index("登记状态") + 1).column_letter
    (validation,) = [v for v in form.data_validations.dataValidation if f"{letter}2" in v.sqref]
    sheet, _, cells = validation.formula1.partition("!")
    assert sheet == "'代码'"
    listed = [cell.value for (cell,) in book["代码"][cells.replace("$", "")]]
    assert listed == [code.name for code in CATALOG.codes("entity_status")]
    assert book["代码"].sheet_state == "hidden"


def test_every_column_to_fill_in_is_explained(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(CATALOG, "statistics/regional_gdp", path, DAY)
    book = openpyxl.load_workbook(path)
    told = {row[0].value for row in book["填写说明"].iter_rows()}
    assert {cell.value for cell in book["分省地区生产总值"][1]} <= told
