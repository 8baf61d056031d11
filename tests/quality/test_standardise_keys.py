from __future__ import annotations

from typing import Any

from quality.standardise import KEY_SEPARATOR


def test_the_key_joins_the_standard_values_of_its_columns(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of(
        [{"id": "name"}, {"id": "birth_date"}, {"id": "visited_at"}, {"id": "days"}],
        key=["name", "birth_date", "visited_at", "days"],
    )
    whole = {
        "name": "张　三",
        "birth_date": "19800131",
        "visited_at": "2018-02-20 7:00",
        "days": "03",
    }
    frame = staged(catalog, [whole, {**whole, "birth_date": "?"}, {**whole, "name": "无"}])
    assert frame["_key"].to_list() == [
        KEY_SEPARATOR.join(("张三", "1980-01-31", "2018-02-20T07:00:00", "3")),
        None,
        None,
    ]


def test_a_key_part_that_fails_its_check_still_identifies_its_row(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    catalog = catalog_of([{"id": "uscc"}], key=["uscc"])
    frame = staged(catalog, [{"uscc": "91110000600037342l"}])
    assert frame["_key"].to_list() == ["91110000600037342L"]
    assert failed(catalog, frame) == [["uscc.check_digit"]]


def test_the_first_identifier_that_has_a_value_identifies_and_may_be_absent(
    catalog_of: Any, staged: Any
) -> None:
    columns = [{"id": "name"}, {"id": "uscc", "required": True}, {"id": "organization_code"}]
    first = {"first_of": ["uscc", "organization_code"]}
    rows = [
        {"name": "甲", "uscc": "91110000600037341L", "organization_code": "71526726X"},
        {"name": "甲", "uscc": "无", "organization_code": "71526726X"},
        {"name": "甲"},
        {"uscc": "91110000600037341L"},
    ]
    strict = staged(catalog_of(columns, key=["name", first]), rows)
    lenient = staged(catalog_of(columns, key=["name", {**first, "may_be_absent": True}]), rows)
    assert strict["_key"].to_list() == [
        "甲\x1f91110000600037341L", "甲\x1f71526726X", None, None,
    ]  # fmt: skip
    assert lenient["_key"].to_list() == [
        "甲\x1f91110000600037341L", "甲\x1f71526726X", "甲\x1f", None,
    ]  # fmt: skip


def test_the_key_cannot_be_forged_with_its_separator(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of([{"id": "name"}, {"id": "ward"}], key=["name", "ward"])
    frame = staged(
        catalog, [{"name": "甲\x1f乙", "ward": "丙"}, {"name": "甲", "ward": "乙\x1f丙"}]
    )
    assert frame["_key"].to_list() == ["甲乙\x1f丙", "甲\x1f乙丙"]
