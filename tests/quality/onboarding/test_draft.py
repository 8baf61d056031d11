"""What a draft says of what is decided and what is not."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import yaml

from catalog.models.attributes import OpeningType, SharingType
from quality.onboarding import Decisions, draft_dataset
from tests.this_catalog import this_catalog

CATALOG = this_catalog()
DAY = date(2026, 10, 1)


def _draft(decided: Decisions, *headers: str) -> str:
    records = pl.DataFrame({f"c{place}": ["甲", "乙"] for place in range(len(headers))})
    return draft_dataset(CATALOG, "ecology/things", headers, records, "xlsx", decided, DAY).dataset


def test_a_header_of_any_signs_stays_what_it_is():
    headers = ("收费标准\n(元/小时)", '所谓"甲"', "C:\\盘")
    columns = yaml.safe_load(_draft(Decisions(), *headers))["columns"]
    assert [column["name"] for column in columns] == list(headers)


@pytest.mark.parametrize("sharing", SharingType)
@pytest.mark.parametrize("opening", OpeningType)
def test_a_decided_attribute_stands_in_the_draft(sharing, opening):
    draft = yaml.safe_load(_draft(Decisions(sharing=sharing, opening=opening), "甲栏"))
    assert (draft["sharing"]["type"], draft["opening"]["type"]) == (sharing, opening)


def test_what_conditional_sharing_must_state_is_an_open_place():
    draft = _draft(Decisions(sharing=SharingType.CONDITIONAL), "甲栏")
    assert 'reason: ""  # 待定' in draft
    assert 'conditions: ""  # 待定' in draft


@pytest.mark.parametrize("database", [None, "geospatial"])
def test_nobody_has_reviewed_a_draft_even_if_its_database_is_decided(database):
    assert yaml.safe_load(_draft(Decisions(database=database), "甲栏"))["reviewed"] is False
