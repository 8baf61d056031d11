"""How much is asked of each column, as reports on coverage tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quality.rule_coverage import Asked, elements_never_checked, rule_coverage, share_asked
from tests.this_catalog import this_catalog

REASON = "自由文字，没有统一的写法"


def test_each_column_tells_how_much_is_asked_of_it(catalog_of: Any) -> None:
    columns = [
        {"id": "uscc"}, {"id": "name", "required": True}, {"id": "deposit"},
        {"id": "other", "element": "name"},
    ]  # fmt: skip
    catalog = catalog_of(columns, key=["uscc"])
    name = catalog.elements["name"].model_copy(update={"unchecked": REASON})
    found = rule_coverage(replace(catalog, elements={**catalog.elements, "name": name}))
    assert [(each.column, each.asked, each.reason) for each in found] == [
        ("uscc", Asked.VALUE, ""),
        ("name", Asked.PRESENCE, REASON),
        ("deposit", Asked.TYPE, ""),
        ("other", Asked.TYPE, REASON),
    ]
    assert found[1].kinds == ("required",)
    assert share_asked(found) == 0.25
    # Another column of the same element being checked would check the element.
    assert elements_never_checked(found) == {"deposit": "", "name": REASON}
    assert share_asked([]) is None


def test_a_rule_between_datasets_asks_something_of_the_column_it_accuses() -> None:
    found = rule_coverage(this_catalog())
    (accused,) = (
        each
        for each in found
        if (each.dataset, each.column) == ("human_resources/benefits", "id_no")
    )
    assert (accused.asked, "between" in accused.kinds) == (Asked.VALUE, True)
