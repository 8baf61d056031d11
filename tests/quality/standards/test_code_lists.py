from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models.code_tables import Code

HOLDERS = (
    Code(code="01", name="企业", aliases=("公司",)),
    Code(code="02", name="港、澳、台居民"),
    Code(code="0A", name="无"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("01", "01"),
        ("01;02", "01;02"),
        ("02；01", "02;01"),
        ("企业、0A", "01;0A"),
        ("公司,0a", "01;0A"),
        ("01，0A", "01;0A"),
        ("港、澳、台居民", "02"),
        ("企业、港、澳、台居民、港、澳、台居民、无", "01;02;0A"),
        (" 01 ; 02 ;", "01;02"),
        ("01;01", "01"),
        ("无", "0A"),
    ],
)
def test_codes_and_names_become_codes_each_once_in_the_order_delivered(
    read: Any, text: str, value: str
) -> None:
    (found,) = read("code_list", [text], codes=HOLDERS)
    assert (found.value, found.failure) == (value, None)


def test_what_changed_is_noted_and_what_did_not_is_not(read: Any) -> None:
    found = read("code_list", ["01;02", "01、02", "01；01"], codes=HOLDERS)
    assert [r.changes for r in found] == [(), ("code_form",), ("code_form",)]


def test_unknown_parts_and_bare_separators_stay_for_the_rule_to_report(read: Any) -> None:
    found = read(
        "code_list", ["01;未知", "非港、澳、台居民", "、", "、/", "暂无", ""], codes=HOLDERS
    )
    assert [r.value for r in found] == ["01;未知", "非港;澳;台居民", "、", "、/", None, None]
    assert [r.failure for r in found] == [None, None, None, None, "null_word", None]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=6),
    st.sampled_from(";；、,，"),
    st.booleans(),
)
def test_names_and_codes_mean_the_same_and_a_standard_value_stays(
    read: Any, chosen: list[Code], mark: str, by_name: bool
) -> None:
    text = mark.join(code.name if by_name else code.code for code in chosen)
    expected = ";".join(dict.fromkeys(code.code for code in chosen))
    (found,) = read("code_list", [text], codes=HOLDERS)
    assert found.value == expected
    (again,) = read("code_list", [expected], codes=HOLDERS)
    assert (again.value, again.changes) == (expected, ())
