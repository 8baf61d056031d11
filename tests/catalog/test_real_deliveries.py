"""The five real files fit their entries: headers, code values, cross-field rules."""

from __future__ import annotations

import json
import os
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from catalog.headers import normalise_header
from catalog.load import load_catalog
from catalog.models.elements import ElementType
from quality.standards.codes import names_to_codes

FOLDER = Path(os.environ.get("LAKEHOUSE_REAL_DELIVERIES", ""))
pytestmark = pytest.mark.skipif(
    "LAKEHOUSE_REAL_DELIVERIES" not in os.environ,
    reason="LAKEHOUSE_REAL_DELIVERIES names no folder with real deliveries",
)
CATALOG = load_catalog()
NULL_WORDS = {"", "N/A", "-;"}
DAY = "2018-02-20"
"""The day of the air quality file, when Laiwu was still a city of its own."""


def read_csv(name):
    return pl.read_csv(FOLDER / name, infer_schema=False)


def read_sheet(name):
    return fastexcel.read_excel(FOLDER / name).load_sheet(0, dtypes="string").to_polars()


def read_geojson(name):
    features = json.loads((FOLDER / name).read_text(encoding="utf-8"))["features"]
    rows = [
        feature["properties"] | {"lon": lon, "lat": lat}
        for feature in features
        for lon, lat in [feature["geometry"]["coordinates"]]
    ]
    return pl.DataFrame(rows).cast(pl.String)


FILES = {
    "enterprise_registration_zibo.csv": ("market_supervision/business_entities", read_csv, None),
    "dishonest_ecommerce_companies.xlsx": (
        "development_reform/dishonest_entities", read_sheet, "ecommerce",
    ),
    "dishonest_transport_companies.xls": (
        "development_reform/dishonest_entities", read_sheet, "transport",
    ),
    "air_quality_stations_shandong_2018-02-20T07.json": (
        "ecology/air_hourly", read_geojson, "national_platform",
    ),
    "gdp_by_province_2015_2024.csv": ("statistics/regional_gdp", read_csv, None),
}  # fmt: skip


def open_delivery(name):
    """Dataset, file as text with its headers, shape, header → column id (None: not a column)."""
    ref, read, shape = FILES[name]
    dataset = CATALOG.datasets[ref]
    columns = {
        normalise_header(header): column.id
        for column in dataset.columns
        for header in (column.id, column.name, *column.aliases)
    }
    frame = read(name)
    return dataset, frame, shape, {h: columns.get(normalise_header(h)) for h in frame.columns}


@pytest.fixture(params=FILES, scope="module")
def delivery(request):
    return open_delivery(request.param)


def test_every_header_is_a_column_or_left_out_on_purpose(delivery):
    dataset, _, shape, mapping = delivery
    ignored = {header for s in dataset.shapes if s.id == shape for header in s.ignores}
    assert {header for header, column in mapping.items() if column is None} == ignored


def test_every_column_that_may_not_be_left_out_is_there(delivery):
    dataset, _, _, mapping = delivery
    needed = {column.id for column in dataset.columns if not column.optional}
    assert needed <= set(mapping.values())


def test_the_file_has_the_shape_that_its_headers_say(delivery):
    dataset, _, expected, mapping = delivery
    present = set(mapping.values())
    fitting = [
        shape.id
        for shape in dataset.shapes
        if set(shape.requires) <= present and present.isdisjoint(shape.excludes)
    ]
    assert fitting == ([expected] if expected else [])


def test_every_coded_value_is_in_its_table(delivery):
    dataset, frame, _, mapping = delivery
    for header, column in mapping.items():
        element = CATALOG.element_of(dataset.ref, column) if column else None
        if element and element.code_table:
            codes = CATALOG.codes(element.code_table)
            known = {code.code for code in codes} | set(names_to_codes(codes, DAY))
            assert set(frame[header].drop_nulls()) - known <= NULL_WORDS


def typed(text, element):
    """A column as the standard layer types it; null words and unreadable values are null."""
    text = text.cast(pl.String).replace(dict.fromkeys(NULL_WORDS))
    if element.code_table:
        return text.replace(names_to_codes(CATALOG.codes(element.code_table), DAY))
    match element.type:
        case ElementType.INTEGER:
            return text.cast(pl.Int64, strict=False)
        case ElementType.DATE:
            return text.str.to_date("%Y-%m-%d", strict=False)
        case ElementType.DECIMAL:
            return text.cast(pl.Decimal(38, element.scale), strict=False)
        case _:
            return text


VIOLATIONS = {
    "enterprise_registration_zibo.csv": 0,
    # One organisation code contradicts its row's uscc; 85 others are of another form altogether.
    "dishonest_ecommerce_companies.xlsx": 1,
    "dishonest_transport_companies.xls": 0,
    "air_quality_stations_shandong_2018-02-20T07.json": 0,
    "gdp_by_province_2015_2024.csv": 0,
}


@pytest.mark.parametrize(("name", "expected"), VIOLATIONS.items())
def test_cross_field_rules_accuse_no_right_row(name, expected):
    dataset, frame, _, mapping = open_delivery(name)
    delivered = {column: header for header, column in mapping.items() if column}
    nothing = pl.Series([None] * len(frame), dtype=pl.String)
    rows = pl.DataFrame(
        [
            typed(
                frame[delivered[column.id]] if column.id in delivered else nothing,
                CATALOG.element_of(dataset.ref, column.id),
            ).alias(column.id)
            for column in dataset.columns
        ]
    )
    violated = [rows.select((~pl.sql_expr(rule.check)).sum()).item() for rule in dataset.rules]
    assert sum(violated) == expected
