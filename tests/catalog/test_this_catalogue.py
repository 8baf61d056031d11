"""The entries of this project's own catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from catalog.load import check_catalog, load_catalog
from catalog.models.datasets import Column
from catalog.models.elements import ElementType
from quality.rules.coverage import columns_without_rule
from quality.standards.codes import names_to_codes
from quality.standards.formats import FORMATS, format_of
from quality.standards.reading import Context

CATALOG = load_catalog()
RULES = [
    pytest.param(dataset.ref, rule, id=f"{dataset.ref}.{rule.id}")
    for dataset in CATALOG.datasets.values()
    for rule in dataset.rules
]


def test_the_catalogue_has_no_findings():
    assert check_catalog() == ()


@pytest.mark.parametrize("element", CATALOG.elements.values(), ids=CATALOG.elements)
def test_an_element_s_example_is_a_right_value(element):
    """What a report tells an agency to write must itself pass the standards library."""
    assert element.format is None or element.format in FORMATS
    assert element.type in format_of(element).types
    column = Column(id="example", name=element.name, element=element.id)
    codes = CATALOG.codes(element.code_table) if element.code_table else ()
    context = Context(element, column, date(2024, 11, 1), codes)
    reading = format_of(element).read(pl.Series([element.example]), context)
    assert reading["failure"].to_list() == [0]
    assert reading["value"].null_count() == 0


def test_every_column_is_asked_something_or_its_element_says_why_not():
    assert columns_without_rule(CATALOG) == []


def test_mailboxes_are_of_a_reserved_domain():
    """Nobody real gets mail from a system that was tried out (RFC 2606)."""
    for agency in CATALOG.agencies.values():
        assert all(contact.email.endswith(".example") for contact in agency.contacts)


@pytest.mark.parametrize(
    ("table", "label", "code"),
    [
        ("provinces", "山东", "370000"),
        ("provinces", "内蒙古自治区", "150000"),
        ("provinces", "新疆", "650000"),
        ("cities", "淄博", "370300"),
        ("cities", "淄博市", "370300"),
        ("cities", "莱芜市", "371200"),
        ("cities", "北京", "110000"),
        ("zibo_divisions", "张店区", "370303"),
        ("zibo_divisions", "高新区", "370307"),
        ("entity_types", "有限责任公司 国有企业", "1100"),
        ("entity_types", "个体", "9500"),
        ("entity_types", "集体分支机构（非法人）", "4320"),
        ("currencies", "美元", "USD"),
        ("pollutants", "细颗粒物(PM2.5)", "PM2_5"),
        ("pollutants", "细颗粒物(PM2.5),颗粒物(PM10)", "PM10+PM2_5"),
        ("air_quality_levels", "轻度污染", "3"),
        ("dishonesty_lists", "电子商务领域失信企业名单", "ecommerce"),
        ("gb3304", "汉", "01"),
        ("sex", "女", "2"),
    ],
)
def test_a_written_name_means_its_code(table, label, code):
    # A day on which all of them were valid, Laiwu being part of Jinan since 2019.
    assert names_to_codes(CATALOG.codes(table), "2018-02-20")[label] == code


def test_leading_zeros_of_industries_are_kept():
    assert {"A", "01", "011", "0111"} <= {code.code for code in CATALOG.codes("gbt4754")}


def test_a_division_abolished_is_valid_until_the_end_of_its_last_year():
    laiwu = [code for code in CATALOG.codes("gbt2260") if code.code == "371200"]
    assert [(code.valid_from, code.valid_to) for code in laiwu] == [("1992-01-01", "2018-12-31")]


def test_the_credit_limit_is_shorter_than_the_configured_one():
    days = {limit.subject: limit.working_days for limit in CATALOG.limits}
    assert days["correct_credit_error"] == 3
    assert days["correct_credit_error"] < days["correct_error"]


RIGHT_AND_WRONG = {
    "revoked_after_established": [
        ({"revoked_on": "2020-01-02", "established_on": "2020-01-02"}, True),
        ({"revoked_on": "2020-01-01", "established_on": "2020-01-02"}, False),
        ({"revoked_on": None, "established_on": "2020-01-02"}, None),
    ],
    "deregistered_after_established": [
        ({"deregistered_on": "2020-01-03", "established_on": "2020-01-02"}, True),
        ({"deregistered_on": "2020-01-01", "established_on": "2020-01-02"}, False),
        ({"deregistered_on": "2020-01-01", "established_on": None}, None),
    ],
    "deregistered_status": [
        ({"deregistered_on": "2020-01-01", "status": "3"}, True),
        ({"deregistered_on": None, "status": "1"}, True),
        ({"deregistered_on": "2020-01-01", "status": "1"}, False),
        ({"deregistered_on": "2020-01-01", "status": None}, None),
    ],
    "sole_trader_code": [
        ({"entity_type": "9500", "uscc": "92370303MA3EXMPL6B"}, True),
        ({"entity_type": "9500", "uscc": "91370303MA3EXMPL6B"}, False),
        ({"entity_type": "1100", "uscc": "92370303MA3EXMPL6B"}, True),
        ({"entity_type": "9500", "uscc": None}, None),
    ],
    "within_zibo": [
        ({"lon": "118.05", "lat": "36.8"}, True),
        ({"lon": "120.3", "lat": "36.1"}, False),
        ({"lon": "118.05", "lat": "38"}, False),
        ({"lon": None, "lat": "36.8"}, None),
    ],
    "organization_code_in_uscc": [
        ({"organization_code": "MA3EXMPL6", "uscc": "91370303MA3EXMPL6B"}, True),
        ({"organization_code": "MA3EXMPL7", "uscc": "91370303MA3EXMPL6B"}, False),
        # Of another length: its own form is the fault, not the comparison.
        ({"organization_code": "91370303MA3EXMPL6B", "uscc": "91370303MA3EXMPL6B"}, True),
        ({"organization_code": "MA3EXMPL7", "uscc": "91370303"}, True),
        ({"organization_code": "MA3EXMPL7", "uscc": None}, None),
    ],
    "sectors_add_up": [
        ({"gdp": "100.00", "primary_industry": "10.01", "secondary_industry": "40.01",
          "tertiary_industry": "50.00"}, True),
        ({"gdp": "100.00", "primary_industry": "10.01", "secondary_industry": "40.01",
          "tertiary_industry": "50.01"}, False),
        ({"gdp": None, "primary_industry": "10", "secondary_industry": "40",
          "tertiary_industry": "50"}, None),
    ],
    "primary_share_fits": [
        ({"gdp": "1045", "primary_industry": "99.68", "primary_industry_share": "0.0954"}, True),
        ({"gdp": "1045", "primary_industry": "99.68", "primary_industry_share": "0.0956"}, False),
        ({"gdp": "1045", "primary_industry": None, "primary_industry_share": "0.0956"}, None),
    ],
    "secondary_share_fits": [
        ({"gdp": "100", "secondary_industry": "40", "secondary_industry_share": "0.4"}, True),
        ({"gdp": "100", "secondary_industry": "40", "secondary_industry_share": "0.41"}, False),
    ],
    "tertiary_share_fits": [
        ({"gdp": "100", "tertiary_industry": "40", "tertiary_industry_share": "0.4"}, True),
        ({"gdp": "100", "tertiary_industry": "40", "tertiary_industry_share": "0.39"}, False),
    ],
    "level_follows_aqi": [
        ({"quality_level": "1", "aqi": 50}, True),
        ({"quality_level": "2", "aqi": 50}, False),
        ({"quality_level": "2", "aqi": 51}, True),
        ({"quality_level": "6", "aqi": 301}, True),
        ({"quality_level": "5", "aqi": 301}, False),
        ({"quality_level": "5", "aqi": None}, None),
        ({"quality_level": None, "aqi": None}, None),
    ],
    "primary_pollutant_stated": [
        ({"aqi": 50, "primary_pollutant": None}, True),
        ({"aqi": 51, "primary_pollutant": None}, False),
        ({"aqi": 51, "primary_pollutant": "PM10"}, True),
        ({"aqi": None, "primary_pollutant": None}, None),
    ],
    "pm2_5_within_pm10": [
        ({"pm2_5": "60", "pm10": "60"}, True),
        ({"pm2_5": "60.001", "pm10": "60"}, False),
        ({"pm2_5": "60", "pm10": None}, None),
    ],
}  # fmt: skip


def cases_of(ref, rule):
    """Rows that keep or break a rule: those above, or an agency's file in right_and_wrong/."""
    agency, dataset = ref.split("/")
    path = Path(__file__).parent / "right_and_wrong" / f"{agency}.yaml"
    cases = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return cases.get(dataset, {}).get(rule.id) or RIGHT_AND_WRONG[rule.id]


def typed(text, element):
    match element.type:
        case ElementType.TEXT | ElementType.CODE:
            return text
        case ElementType.DATE:
            return text.str.to_date()
        case ElementType.DATETIME:
            return text.str.to_datetime(time_unit="us")
        case ElementType.INTEGER:
            return text.cast(pl.Int64)
        case ElementType.DECIMAL:
            return text.cast(pl.Decimal(38, element.scale))
        case ElementType.BOOLEAN:
            return text == "true"


def typed_rows(ref, rows):
    """The rows as the standard layer types them; columns that a row leaves out are null."""
    columns = []
    for column in CATALOG.datasets[ref].columns:
        element = CATALOG.element_of(ref, column.id)
        values = [row.get(column.id) for row in rows]
        text = pl.Series(column.id, [None if v is None else str(v) for v in values], pl.String)
        columns.append(typed(text, element))
    return pl.DataFrame(columns)


@pytest.mark.parametrize(("ref", "rule"), RULES)
def test_a_rule_means_the_same_to_both_engines(ref, rule, tmp_path):
    cases = cases_of(ref, rule)
    assert {holds for _, holds in cases} >= {True, False}
    rows = typed_rows(ref, [row for row, _ in cases])
    rows.write_parquet(tmp_path / "rows.parquet")
    polars = rows.select(pl.sql_expr(rule.check).alias("holds"))["holds"].to_list()
    query = f"select {rule.check} from read_parquet('{tmp_path}/rows.parquet')"
    with duckdb.connect() as connection:
        duck = [holds for (holds,) in connection.execute(query).fetchall()]
    expected = [holds for _, holds in cases]
    assert (polars, duck) == (expected, expected)
