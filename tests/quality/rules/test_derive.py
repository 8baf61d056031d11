from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quality.rules.derive import UnassignedRule, normalisations_of, rules_of
from quality.standards.formats import FORMATS

REF = "health/visits"


def by_id(catalog: Any) -> dict[str, Any]:
    return {rule.id: rule for rule in rules_of(catalog, REF)}


def test_every_rule_follows_from_its_element(catalog_of: Any) -> None:
    columns = [
        {"id": "uscc", "required": True},
        {"id": "sex"},
        {"id": "ward"},
        {"id": "fee"},
        {"id": "birth_date"},
        {"id": "valid_to"},
        {"id": "name"},
    ]
    rules = rules_of(catalog_of(columns, key=["uscc"]), REF)
    assert [rule.id for rule in rules] == [
        "uscc.null_word", "uscc.required", "uscc.length", "uscc.alphabet", "uscc.check_digit",
        "uscc.inner_check", "uscc.department",
        "sex.null_word", "sex.code",
        "ward.null_word", "ward.pattern",
        "fee.null_word", "fee.unreadable", "fee.range",
        "birth_date.null_word", "birth_date.unreadable", "birth_date.sentinel_date",
        "birth_date.future_date",
        "valid_to.null_word", "valid_to.unreadable", "valid_to.sentinel_date",
        "name.null_word", "name.max_length",
        "row.duplicate_key",
    ]  # fmt: skip
    assert [rule.bit for rule in rules] == list(range(24))


def test_what_real_codes_can_fail_is_a_query_and_not_an_error(catalog_of: Any) -> None:
    rules = by_id(catalog_of([{"id": "uscc"}, {"id": "ward"}], key=["uscc"]))
    queries = {rule.id for rule in rules.values() if rule.severity == "query"}
    assert queries == {"uscc.inner_check", "uscc.department", "ward.pattern"}


def test_a_list_of_codes_and_a_period_have_the_rules_of_their_parts(catalog_of: Any) -> None:
    rules = by_id(catalog_of([{"id": "sexes"}, {"id": "month"}, {"id": "planned"}], key=["month"]))
    assert list(rules) == [
        "sexes.null_word", "sexes.code",
        "month.null_word", "month.form", "month.range", "month.future_date",
        "planned.null_word", "planned.form", "planned.range",
        "row.duplicate_key",
    ]  # fmt: skip
    assert rules["sexes.code"].message == "列sexes的各项不全是“sex代码”中现行的代码或名称"


def test_a_value_outside_an_incomplete_code_table_is_a_query(catalog_of: Any) -> None:
    columns = [{"id": "sex"}]
    closed = by_id(catalog_of(columns, key=["sex"]))
    opened = by_id(catalog_of(columns, key=["sex"], open_tables=frozenset({"sex"})))
    assert (closed["sex.code"].severity, opened["sex.code"].severity) == ("error", "query")


def test_a_null_word_in_a_required_column_is_a_matter_of_completeness(catalog_of: Any) -> None:
    rules = by_id(catalog_of([{"id": "name", "required": True}, {"id": "sex"}], key=["name"]))
    assert rules["name.null_word"].dimension == "completeness"
    assert rules["sex.null_word"].dimension == "conformity"


def test_every_rule_tells_a_clerk_in_chinese_what_is_wrong_by_which_standard_and_what_to_do(
    catalog_of: Any,
) -> None:
    columns = [{"id": name} for name in ("uscc", "id_no", "fee", "days", "deposit", "visited_at")]
    for rule in rules_of(catalog_of(columns, key=["uscc"]), REF):
        assert "{" not in rule.message
        assert any("一" <= character <= "鿿" for character in rule.message)
        assert rule.standard
        assert rule.how_to_correct
    rules = by_id(catalog_of(columns, key=["uscc"]))
    assert rules["uscc.length"].message == "列uscc应为18位"
    assert rules["uscc.length"].standard == "GB 32100-2015 第4章"
    assert rules["fee.range"].message == "列fee不在0至1000.5之间"
    assert rules["days.range"].message == "列days小于1天"


def test_divisions_are_asked_only_where_the_catalogue_has_them(catalog_of: Any) -> None:
    assert "id_no.division" not in by_id(catalog_of([{"id": "id_no"}], key=["id_no"]))


def test_cross_field_rules_and_the_duplicate_key_come_last(catalog_of: Any) -> None:
    rule = {
        "id": "dates_in_order",
        "check": "birth_date <= valid_to",
        "columns": ["valid_to", "birth_date"],
        "message": "有效期早于出生日期",
        "dimension": "consistency",
        "severity": "error",
        "how_to_correct": "核对两个日期",
        "version": 3,
    }
    columns = [{"id": "birth_date"}, {"id": "valid_to"}]
    *_, crossing, duplicate = rules_of(
        catalog_of(columns, key=["birth_date", "valid_to"], rules=[rule]), REF
    )
    assert (crossing.id, crossing.kind) == ("row.dates_in_order", "cross_field")
    assert (crossing.check, crossing.version) == ("birth_date <= valid_to", 3)
    assert (duplicate.id, duplicate.columns) == ("row.duplicate_key", ("birth_date", "valid_to"))


def test_assigned_bits_order_the_rules(catalog_of: Any) -> None:
    bits = {REF: {"sex.null_word": 5, "sex.code": 2, "row.duplicate_key": 70, "sex.retired": 3}}
    rules = rules_of(catalog_of([{"id": "sex"}], key=["sex"], rule_bits=bits), REF)
    assert [(rule.id, rule.bit) for rule in rules] == [
        ("sex.code", 2),
        ("sex.null_word", 5),
        ("row.duplicate_key", 70),
    ]
    assert (rules[2].mask_column, rules[2].mask_value) == ("_failed_2", 1 << 7)


def test_a_rule_without_a_bit_names_the_command_that_gives_it_one(catalog_of: Any) -> None:
    catalog = catalog_of([{"id": "sex"}], key=["sex"], rule_bits={REF: {"sex.code": 0}})
    with pytest.raises(UnassignedRule, match=r"sex\.null_word.*catalog register"):
        rules_of(catalog, REF)


def test_normalisations_name_every_change_that_can_occur(catalog_of: Any) -> None:
    found = normalisations_of(catalog_of([{"id": "sex"}, {"id": "name"}], key=["sex"]), REF)
    assert [(n.id, n.bit) for n in found] == [
        ("sex.invisible_characters", 0),
        ("sex.fullwidth", 1),
        ("sex.blanks", 2),
        ("sex.upper_case", 3),
        ("sex.name_to_code", 4),
        ("name.invisible_characters", 5),
        ("name.fullwidth", 6),
        ("name.blanks", 7),
    ]
    assert found[4].message == "列sex：名称转为代码"


def test_the_version_of_a_formats_check_is_the_rules(
    catalog_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = tuple(replace(check, version=4) for check in FORMATS["uscc"].checks)
    monkeypatch.setitem(FORMATS, "uscc", replace(FORMATS["uscc"], checks=stricter))
    rules = by_id(catalog_of([{"id": "uscc"}], key=["uscc"]))
    assert (rules["uscc.length"].version, rules["uscc.null_word"].version) == (4, 1)


def test_a_code_judged_by_the_date_of_its_row_has_another_version(catalog_of: Any) -> None:
    columns = [{"id": "sex", "dated_by": "birth_date"}, {"id": "birth_date"}, {"id": "list"}]
    rules = by_id(catalog_of(columns, key=["sex"]))
    assert (rules["sex.code"].version, rules["list.code"].version) == (2, 1)
