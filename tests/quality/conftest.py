"""A small catalogue as models, rows as intake writes them, and what the pass makes of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from catalog.load import Catalog
from catalog.models.code_tables import Code, CodeTable
from catalog.models.datasets import Dataset
from catalog.models.elements import Element
from quality.rules.derive import normalisations_of, rules_of
from quality.standardise import standardise

REF = "health/visits"

ELEMENTS: dict[str, dict[str, Any]] = {
    "id_no": {"type": "text", "format": "id_no", "example": "11010519491231002X"},
    "uscc": {"type": "text", "format": "uscc", "example": "91110000600037341L"},
    "organization_code": {"type": "text", "format": "organization_code"},
    "name": {"type": "text", "format": "person_name", "max_length": 5},
    "birth_date": {"type": "date", "earliest": "1890-01-01", "example": "1980-01-31"},
    "visited_at": {"type": "datetime", "earliest": "1949-10-01"},
    "valid_to": {"type": "date", "future_allowed": True},
    "sex": {"type": "code", "code_table": "sex", "example": "1"},
    "ward": {"type": "text", "pattern": "[A-Z][0-9]{2}", "severity": "query"},
    "fee": {"type": "decimal", "scale": 2, "minimum": 0, "maximum": 1000.5, "example": "12.50"},
    "deposit": {"type": "decimal", "format": "money", "scale": 2},
    "currency": {"type": "code", "code_table": "currency"},
    "days": {"type": "integer", "minimum": 1, "unit": "天", "example": "3"},
    "list": {"type": "code", "code_table": "lists"},
    "sexes": {"type": "code", "format": "code_list", "code_table": "sex"},
    "month": {"type": "text", "format": "period"},
    "planned": {"type": "text", "format": "period", "future_allowed": True},
    **{
        name: {"type": "text", "format": name}
        for name in (
            *("document_no", "subject_no", "food_license_no", "license_identifier"),
            *("discharge_permit_no", "cas_no", "real_estate_unit_no", "icd10", "plate_no"),
        )
    },
}

CODES: dict[str, tuple[Code, ...]] = {
    "sex": (
        Code(code="1", name="男", aliases=("男性",)),
        Code(code="2", name="女"),
        Code(code="9", name="未说明", valid_to="2020-12-31"),
    ),
    "currency": (Code(code="CNY", name="人民币"), Code(code="USD", name="美元")),
    "lists": (Code(code="a", name="甲表"), Code(code="b", name="乙表")),
}


def small_catalog(
    columns: list[dict[str, Any]],
    *,
    key: list[Any],
    rules: list[dict[str, Any]] | None = None,
    shapes: list[dict[str, Any]] | None = None,
    rule_bits: Mapping[str, Mapping[str, int]] | None = None,
    open_tables: frozenset[str] = frozenset(),
) -> Catalog:
    """A catalogue with the dataset `health/visits` of these columns; a column's element is its
    id unless it says otherwise."""
    dataset = Dataset.model_validate(
        {
            "agency": "health",
            "id": "visits",
            "name": "就诊",
            "description": "就诊记录",
            "subject": "none",
            "key": key,
            "deliverers": ["health"],
            "mode": "snapshot",
            "publication": {"database": "health", "table": "visits"},
            "columns": [
                {"name": f"列{column['id']}", "element": column["id"], **column}
                for column in columns
            ],
            "rules": rules or [],
            "shapes": shapes or [],
        }
    )
    elements = {
        name: Element.model_validate(
            {
                "id": name,
                "name": name,
                "definition": name,
                "data_class": "测试",
                "grade": 1,
                "example": "",
                "how_to_correct": "请核对后改正",
                **facts,
            }
        )
        for name, facts in ELEMENTS.items()
    }
    tables = {
        name: CodeTable(id=name, name=f"{name}代码", origin="测试", open=name in open_tables)
        for name in CODES
    }
    return Catalog(
        root=Path("/nonexistent"),
        agencies={},
        elements=elements,
        code_tables=tables,
        datasets={REF: dataset},
        limits=(),
        base={},
        rule_bits=rule_bits or {},
        _codes=dict(CODES),
    )


TECHNICAL: dict[str, Any] = {
    "_extra": None,
    "_op": "upsert",
    "_line": None,
    "_shape": None,
    "_delivery": "d000001",
    "_seq": 7,
    "_agency": "health",
}


def raw_of(catalog: Catalog, ref: str, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    """Raw rows as intake writes them; what a row doesn't say is null."""
    columns = {column.id: None for column in catalog.datasets[ref].columns}
    whole = [
        {**columns, **TECHNICAL, "_row": position, **row} for position, row in enumerate(rows, 1)
    ]
    schema = {name: pl.String for name in (*columns, *TECHNICAL)} | {
        name: pl.Int64 for name in ("_row", "_line", "_seq")
    }
    return pl.LazyFrame(whole, schema=schema)


def stage(
    catalog: Catalog, rows: list[dict[str, Any]], *, ref: str = REF, as_of: date = date(2026, 11, 1)
) -> pl.DataFrame:
    """Staged rows, made by the streaming engine."""
    frame = standardise(raw_of(catalog, ref, rows), catalog, ref, as_of)
    return frame.collect(engine="streaming")


def failed_rules(catalog: Catalog, frame: pl.DataFrame, ref: str = REF) -> list[list[str]]:
    """The ids of the rules that each row failed, read from the masks."""
    rules = rules_of(catalog, ref)
    return [
        [rule.id for rule in rules if row[rule.mask_column] & rule.mask_value]
        for row in frame.iter_rows(named=True)
    ]


def normalisations(catalog: Catalog, frame: pl.DataFrame, ref: str = REF) -> list[list[str]]:
    """The ids of the normalisations that changed each row, read from the masks."""
    found = normalisations_of(catalog, ref)
    return [
        [n.id for n in found if row[n.mask_column] & n.mask_value]
        for row in frame.iter_rows(named=True)
    ]


@pytest.fixture(scope="session")
def catalog_of() -> Callable[..., Catalog]:
    """Builds small catalogues."""
    return small_catalog


@pytest.fixture(scope="session")
def raw() -> Callable[..., pl.LazyFrame]:
    """Raw rows of a dataset from what each row says."""
    return raw_of


@pytest.fixture(scope="session")
def staged() -> Callable[..., pl.DataFrame]:
    """What the pass makes of raw rows."""
    return stage


@pytest.fixture(scope="session")
def failed() -> Callable[..., list[list[str]]]:
    """The ids of the rules that each staged row failed."""
    return failed_rules


@pytest.fixture(scope="session")
def normalised() -> Callable[..., list[list[str]]]:
    """The ids of the normalisations that changed each staged row."""
    return normalisations
