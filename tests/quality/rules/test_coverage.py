from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog.findings import Finding
from catalog.load import Catalog
from quality.rules.coverage import columns_without_rule

REF = "health/visits"
FILE = f"datasets/{REF}.yaml"
REASON = "自由文字，没有统一的写法"


def stating(catalog: Catalog, *elements: str) -> Catalog:
    """The catalogue with a reason for having no rule at these elements."""
    with_reason = {
        name: element.model_copy(update={"unchecked": REASON if name in elements else ""})
        for name, element in catalog.elements.items()
    }
    return replace(catalog, elements=with_reason)


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.file, finding.field) for finding in findings]


def test_a_column_of_which_nothing_is_asked_beyond_its_type_is_found(catalog_of: Any) -> None:
    catalog = catalog_of(
        [{"id": "uscc"}, {"id": "name"}, {"id": "deposit"}, {"id": "birth_date"}], key=["uscc"]
    )
    # A null word, an unreadable amount and a name too long are faults of every column of the type.
    found = columns_without_rule(catalog)
    assert places(found) == [(FILE, "columns[1](name)"), (FILE, "columns[2](deposit)")]
    assert all(finding.article is None for finding in found)
    assert found[0].found == "列name除类型和长度外没有任何规则"


def test_a_reason_answers_for_every_column_of_the_element(catalog_of: Any) -> None:
    columns = [{"id": "uscc"}, {"id": "name"}, {"id": "other", "element": "name"}]
    assert columns_without_rule(stating(catalog_of(columns, key=["uscc"]), "name")) == []


def test_a_rule_of_the_row_or_of_its_key_covers_the_columns_it_names(catalog_of: Any) -> None:
    rule = {
        "id": "some_rule",
        "check": "deposit >= 0",
        "columns": ["deposit"],
        "message": "押金为负",
        "dimension": "accuracy",
        "severity": "error",
        "how_to_correct": "核对",
    }
    catalog = catalog_of([{"id": "name"}, {"id": "deposit"}], key=["name"], rules=[rule])
    assert columns_without_rule(catalog) == []


def test_a_required_column_needs_no_reason_and_may_state_one(catalog_of: Any) -> None:
    catalog = catalog_of([{"id": "uscc"}, {"id": "name", "required": True}], key=["uscc"])
    assert columns_without_rule(catalog) == []
    assert columns_without_rule(stating(catalog, "name")) == []


def test_a_reason_where_the_value_is_asked_something_is_found(catalog_of: Any) -> None:
    catalog = stating(catalog_of([{"id": "uscc"}], key=["uscc"]), "uscc", "days")
    # No column holds `days`: nothing is known of it.
    assert places(columns_without_rule(catalog)) == [("elements", "uscc.unchecked")]


def test_a_reason_that_one_of_the_columns_needs_stays(catalog_of: Any) -> None:
    rule = {
        "id": "some_rule",
        "check": "length(name) > 1",
        "columns": ["name"],
        "message": "姓名太短",
        "dimension": "accuracy",
        "severity": "query",
        "how_to_correct": "核对",
    }
    columns = [{"id": "uscc"}, {"id": "name"}, {"id": "other", "element": "name"}]
    catalog = stating(catalog_of(columns, key=["uscc"], rules=[rule]), "name")
    assert columns_without_rule(catalog) == []
    alone = stating(catalog_of(columns[:2], key=["uscc"], rules=[rule]), "name")
    assert places(columns_without_rule(alone)) == [("elements", "name.unchecked")]


def test_retired_columns_and_datasets_are_asked_for_nothing(catalog_of: Any) -> None:
    retirement = {"on": "2026-01-01", "reason": "不再采集"}
    catalog = catalog_of([{"id": "uscc"}, {"id": "name", "retired": retirement}], key=["uscc"])
    assert columns_without_rule(catalog) == []
    used = catalog_of([{"id": "uscc"}, {"id": "name"}], key=["uscc"])
    retired = used.datasets[REF].model_validate(
        {**used.datasets[REF].model_dump(), "retired": retirement}
    )
    assert len(columns_without_rule(used)) == 1
    assert columns_without_rule(replace(used, datasets={REF: retired})) == []
