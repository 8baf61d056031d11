"""What form each dataset has, and standard values as text."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from catalog.entries import Catalog
from demo.city.declared import declaration
from demo.city.form import Form, file_slots, form_of
from demo.city.render import Rendering
from demo.city.scale import Scale

PLAIN = Form("csv", "utf-8", "{dataset}_{date:%Y%m%d}")


def test_every_dataset_of_the_catalogue_has_a_form_and_a_size(catalog: Catalog) -> None:
    declared = set(catalog.datasets)
    assert set(declaration("formats")["datasets"]) == declared
    assert set(declaration("scale")["datasets"]) == declared


def test_all_formats_and_encodings_occur(catalog: Catalog) -> None:
    forms = [form_of(ref, 100) for ref in catalog.datasets]
    formats = {"csv", "xlsx", "xls", "json", "ndjson", "geojson", "parquet"}
    assert {form.format for form in forms} == formats
    text = [form for form in forms if form.format == "csv"]
    assert {form.encoding for form in text} == {"utf-8", "utf-8-sig", "gbk", "gb18030"}
    assert {form.separator for form in text} == {",", "\t", ";", "|"}
    assert any(form.compressed for form in forms) and any(form.manifest for form in forms)


def test_a_workbook_too_large_for_its_format_becomes_csv() -> None:
    ref = "civil_affairs/social_organizations"
    assert form_of(ref, 60_000).format == "xls"
    assert form_of(ref, 60_001).format == "csv"


def test_events_come_in_several_files_and_a_snapshot_in_one(catalog: Catalog) -> None:
    events = catalog.datasets["human_resources/contributions"]
    parts = file_slots(events, 9_000_001)
    assert [part.start for part in parts[1:]] == [part.stop for part in parts[:-1]]
    assert (len(parts), parts[0].start, parts[-1].stop) == (3, 0, 9_000_001)
    people = catalog.datasets["public_security/registered_population"]
    assert file_slots(people, 9_000_001) == [range(9_000_001)]
    assert PLAIN.file_name(events, date(2026, 9, 30), 1, 3) == "contributions_20260930_002.csv"
    assert PLAIN.file_name(people, date(2026, 9, 30), 0, 1) == "registered_population_20260930.csv"


def test_values_become_the_text_an_agency_writes(catalog: Catalog) -> None:
    dataset = catalog.datasets["health/birth_certificates"]
    frame = pl.DataFrame(
        {
            "name": ["张三", None],
            "sex": ["2", "1"],
            "born_at": [datetime(2026, 1, 2, 3, 4), None],
            "division": ["370303", "370307"],
            "_division": ["370303", "370307"],
        }
    )
    text = Rendering(dataset, catalog, PLAIN).text(frame)
    assert text.rows() == [
        ("张三", "女性", "2026-01-02 03:04:00", "370303"),
        (None, "男性", None, "370307"),
    ]
    codes = Form("csv", "utf-8", "x", codes=True)
    assert Rendering(dataset, catalog, codes).text(frame)["sex"].to_list() == ["2", "1"]


def test_amounts_have_no_needless_digits_and_dates_the_form_of_the_agency(
    catalog: Catalog,
) -> None:
    dataset = catalog.datasets["human_resources/benefits"]
    frame = pl.DataFrame({"amount": [3000.0, 12.5, 0.07], "entitled_from": [date(2026, 1, 2)] * 3})
    form = Form("csv", "utf-8", "x", dates="%Y年%m月%d日")
    text = Rendering(dataset, catalog, form).text(frame)
    assert text["amount"].to_list() == ["3000", "12.5", "0.07"]
    assert text["entitled_from"][0] == "2026年01月02日"


def test_counts_grow_with_the_residents_and_have_a_least_size() -> None:
    full, small = Scale(4_700_000), Scale(20_000)
    assert full.rows("medical_insurance/settlements") == 40_000_000
    assert small.rows("medical_insurance/settlements") == round(40e6 * 20_000 / 4.7e6)
    assert small.rows("statistics/regional_gdp") == 310
    assert Scale(500).entities("schools") == 24
