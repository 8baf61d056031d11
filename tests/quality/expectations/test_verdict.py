"""The second opinion: it counts for itself, and a wrong mask does not get past it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from catalog.load import Catalog
from catalog.models.code_tables import Code, CodeTable
from quality.expectations import RuleCount, verdict
from quality.expectations.scope import (
    MASKS_KNOWN,
    ONE_FOR_ONE,
    VALUES_KEPT,
    JudgementFailed,
    not_judged,
)
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from tests.quality.expectations.visits import (
    AS_OF,
    COLUMNS,
    REF,
    RIGHT,
    RULES,
    Judge,
    found,
    rule_of,
)
from tests.this_catalog import this_catalog

DEFECTS: dict[str, dict[str, str | None]] = {
    "uscc.required": {"uscc": None, "organization_code": "D2143569X"},
    "uscc.null_word": {"uscc": "N/A", "organization_code": "D2143569X"},
    "uscc.length": {"uscc": "9111000060003734", "organization_code": "D2143569X"},
    "uscc.alphabet": {"uscc": "91110000600037341O", "organization_code": "D2143569X"},
    "uscc.check_digit": {"uscc": "91110000600037342L", "organization_code": "D2143569X"},
    "uscc.inner_check": {"uscc": "91350100M000101Y4Q", "organization_code": "D2143569X"},
    "uscc.department": {"uscc": "97350100M000100Y4G"},
    "organization_code.form": {"organization_code": "D2143569"},
    "organization_code.check_digit": {"organization_code": "D2143569-0"},
    "organization_code.null_word": {"organization_code": "暂无"},
    "id_no.null_word": {"id_no": "“无”"},
    "id_no.length": {"id_no": "1101051949123100"},
    "id_no.alphabet": {"id_no": "110105194912310*2X"},
    "id_no.date": {"id_no": "110105194902300024"},
    "id_no.check_digit": {"id_no": "110105194912310021"},
    "name.required": {"name": "\u3000\u200b"},
    "name.null_word": {"name": "\u3000无 "},
    "name.max_length": {"name": "阿卜杜拉买买提"},
    "birth_date.null_word": {"birth_date": "-"},
    "birth_date.unreadable": {"birth_date": "1949-02-30"},
    "birth_date.sentinel_date": {"birth_date": "1900-01-01"},
    "birth_date.future_date": {"birth_date": "2026-11-02"},
    "visited_at.unreadable": {"visited_at": "上周"},
    "visited_at.sentinel_date": {"visited_at": "1948-01-01 00:00:00"},
    "visited_at.future_date": {"visited_at": "2026-11-02 00:00:00"},
    "valid_to.sentinel_date": {"valid_to": "9999-12-31"},
    "sex.required": {"sex": ""},
    "sex.null_word": {"sex": "NULL"},
    "sex.code": {"sex": "未说明"},
    "ward.pattern": {"ward": "1楼"},
    "fee.unreadable": {"fee": "十元"},
    "fee.range": {"fee": "1000.51"},
    "deposit.null_word": {"deposit": "－"},
    "deposit.unreadable": {"deposit": "若干"},
    "currency.code": {"currency": "EUR"},
    "days.unreadable": {"days": "1.5"},
    "days.range": {"days": "0"},
    "row.days_cost": {"days": "13"},
}
"""Rule → what a row says that breaks this rule and no other."""


def test_each_kind_of_defect_is_counted_by_both_and_under_the_rule_that_explains_it(
    judge: Judge,
) -> None:
    judged = judge([{**RIGHT, **defect} for defect in DEFECTS.values()])
    assert judged.disagreements == ()
    assert found(judged) == dict.fromkeys(DEFECTS, 1)
    assert judged.rows == len(DEFECTS)


def test_a_condition_over_columns_is_counted_by_both_where_none_of_them_is_an_error(
    catalog_of: Any, judge: Judge
) -> None:
    """Of each rule of its columns one row; the condition itself holds in none."""
    reads = [column["id"] for column in COLUMNS]
    never = {**RULES[0], "id": "never", "check": " and ".join(f"{name} is null" for name in reads)}
    catalog = catalog_of(COLUMNS, key=["name"], rules=[*RULES, never])
    queries = {rule.id for rule in rules_of(catalog, REF) if rule.severity == "query"}
    judged = judge([RIGHT, *({**RIGHT, **defect} for defect in DEFECTS.values())], catalog=catalog)
    assert judged.disagreements == ()
    assert found(judged)["row.never"] == 1 + len(queries & DEFECTS.keys())


def test_right_rows_break_no_rule(judge: Judge) -> None:
    judged = judge([RIGHT, {**RIGHT, "uscc": "91350100Ｍ000100y43 ", "sex": "男性", "fee": "1e2"}])
    assert judged.agrees
    assert found(judged) == {}


NASTY: dict[str, list[str | None]] = {
    "uscc": ["91350100M000100Y43", "９１110000600037341l", "91350100m000100y43", "'无'", "０"],
    "organization_code": ["D2143569-X", "d2143569x", "00000000-0", "--", "D2143569"],
    "id_no": ["110105491231002", "11010519491231002x", "440524188001010014", "1.10105E+17"],
    "name": ["张\u3000三", "暂 无", "无名氏", "Ｎ／Ａ", "买买提·阿不都热合曼", "\x00"],
    "birth_date": ["1949年12月31日", "44561", "1949.12.31", "暂 无", "0", "2099-01-01", "12/31/49"],
    "visited_at": ["20260131083000", "2026-01-31 24:00", "2026-01-31T08:30Z", "＃N/A"],
    "valid_to": ["2030-01-01", "1899-12-31", "长期"],
    "sex": ["男", "女", "9", "３", "2 ", "未知"],
    "ward": ["B１２", "b12", "A1", "/", "A01\u200b"],
    "fee": ["1,000.50", "1000.5", "1000.505", "１２", "-0.01", "1,00", "+5", "1e9", "'12'"],
    "deposit": ["1万元", "743.47(万)", "28,078.2910(万元人民币)", "100万美元", "5", "USD 5", "万"],
    "currency": ["人民币", "美元", "usd", "EUR", "-;"],
    "days": ["3.0", "２", "1,000", "9223372036854775808", "-1", "二"],
}
ANYWHERE: list[str | None] = [
    None, "", " ", "\u3000", "\u200b", '""', "-", "－", "——", "\\N", "NULL", "n/a", "#NUM!", "暂无",
    "无", " 无 ", "没有", "空", ";", "0", "null null", "(null)", "没 有",
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_both_agree_on_whatever_agencies_write(judge: Judge, seed: int) -> None:
    draw = random.Random(seed)
    rows = [
        {
            column: draw.choice(draw.choice([texts, texts, ANYWHERE, [RIGHT.get(column)]]))
            for column, texts in NASTY.items()
        }
        for _ in range(3000)
    ]
    judged = judge(rows)
    assert judged.disagreements == ()
    assert len(found(judged)) > 30


def test_one_wrong_bit_in_one_row_is_found_and_named(visits: Catalog, judge: Judge) -> None:
    rule = rule_of(visits, "uscc.check_digit")
    in_second = pl.when(pl.col("_row") == 2).then(rule.mask_value).otherwise(0)
    judged = judge(
        [RIGHT, RIGHT, {**RIGHT, "uscc": "91110000600037342L"}],
        spoil=lambda frame: frame.with_columns(pl.col(rule.mask_column) ^ in_second),
    )
    assert not judged.agrees
    assert judged.disagreements == (RuleCount("uscc.check_digit", 2, 1),)


def test_a_bit_that_is_missing_is_found_too(visits: Catalog, judge: Judge) -> None:
    rule = rule_of(visits, "name.required")
    judged = judge(
        [RIGHT, {**RIGHT, "name": ""}],
        spoil=lambda frame: frame.with_columns(pl.col(rule.mask_column) & ~rule.mask_value),
    )
    assert judged.disagreements == (RuleCount("name.required", 0, 1),)


def test_a_row_lost_or_doubled_between_raw_and_standard_is_found(judge: Judge) -> None:
    rows = [RIGHT] * 5
    assert RuleCount(ONE_FOR_ONE, 0, 1) in judge(rows, spoil=lambda f: f.tail(4)).disagreements
    doubled = judge(rows, spoil=lambda f: f.with_columns(_row=pl.col("_row").clip(2)))
    assert RuleCount(ONE_FOR_ONE, 0, 1) in doubled.disagreements


def test_a_deletion_lost_between_raw_and_standard_is_found(judge: Judge) -> None:
    rows = [RIGHT, {"name": "李四", "_op": "delete"}]
    judged = judge(rows, spoil=lambda frame: frame.filter(pl.col("_row") == 1))
    assert RuleCount(ONE_FOR_ONE, 0, 1) in judged.disagreements


@pytest.mark.parametrize(("sent", "kept"), [("upsert", "delete"), ("delete", "upsert")])
def test_an_operation_that_changes_on_the_way_is_found(judge: Judge, sent: str, kept: str) -> None:
    judged = judge(
        [RIGHT, {**RIGHT, "_op": sent}],
        spoil=lambda f: f.with_columns(
            _op=pl.when(pl.col("_row") == 2).then(pl.lit(kept)).otherwise("_op")
        ),
    )
    assert RuleCount(ONE_FOR_ONE, 0, 1) in judged.disagreements


@pytest.mark.parametrize("mask", [None, 1 << 62])
def test_a_mask_that_is_not_written_or_has_a_bit_of_no_rule_is_found(
    judge: Judge, mask: int | None
) -> None:
    judged = judge(
        [RIGHT, RIGHT],
        spoil=lambda f: f.with_columns(
            _failed=pl.when(pl.col("_row") == 1)
            .then(pl.lit(mask, pl.Int64))
            .otherwise(pl.col("_failed"))
        ),
    )
    assert judged.disagreements == (RuleCount(MASKS_KNOWN, 0, 1),)


@pytest.mark.parametrize("column", ["_failed", "_row", "_op"])
def test_a_staged_file_without_a_technical_column_has_no_verdict(judge: Judge, column: str) -> None:
    with pytest.raises(JudgementFailed, match=REF):
        judge([RIGHT], spoil=lambda frame: frame.drop(column))


def test_the_order_of_the_rows_does_not_matter(judge: Judge) -> None:
    rows = [{**RIGHT, **defect} for defect in DEFECTS.values()]
    assert judge(rows, spoil=lambda frame: frame.reverse()).agrees


def test_a_text_that_is_lost_on_the_way_is_found(judge: Judge) -> None:
    lost = judge([RIGHT, RIGHT], spoil=lambda f: f.with_columns(ward=pl.lit(None, pl.String)))
    assert lost.disagreements == (RuleCount(VALUES_KEPT, 0, 2),)


def test_an_empty_delivery_breaks_nothing(judge: Judge) -> None:
    judged = judge([])
    assert (judged.rows, judged.agrees, found(judged)) == (0, True, {})


def test_deletions_have_no_rules(judge: Judge) -> None:
    judged = judge([RIGHT, {"name": "李四", "_op": "delete"}])
    assert (judged.rows, judged.agrees, found(judged)) == (2, True, {})


def test_the_constant_of_a_shape_stands_in_for_a_column_it_lacks(
    catalog_of: Any, judge: Judge
) -> None:
    catalog = catalog_of(
        [{"id": "name"}, {"id": "list", "required": True}],
        key=["name"],
        shapes=[{"id": "short", "requires": ["name"], "constants": {"list": "a"}}],
    )
    rows = [{"name": "甲", "_shape": "short"}, {"name": "乙"}, {"name": "丙", "list": "c"}]
    judged = judge(rows, catalog=catalog)
    assert judged.agrees
    assert found(judged) == {"list.required": 1, "list.code": 1}


@pytest.mark.parametrize("dated_by", ["birth_date", "visited_at", "month"])
def test_codes_judged_by_the_date_of_their_row_are_counted_by_it(
    catalog_of: Any, judge: Judge, dated_by: str
) -> None:
    catalog = catalog_of(
        [{"id": "name"}, {"id": "sex", "dated_by": dated_by}, {"id": dated_by}], key=["name"]
    )
    days = ["2020-12-31", "2021-01-01", "2020-12", "2021-01", "2020Q4", "2021", "2020", "", "上月"]
    rows = [
        {"name": f"张{number}", "sex": sex, dated_by: day}
        for number, (sex, day) in enumerate(
            (sex, day) for sex in ("1", "9", "3", "", "暂无") for day in days
        )
    ]
    judged = judge(rows, catalog=catalog)
    assert judged.disagreements == ()
    assert found(judged)["sex.code"] > len(days)


def test_lists_of_codes_periods_and_documents_are_judged_and_retired_columns_are_not(
    catalog_of: Any, judge: Judge
) -> None:
    retired = {"on": "2026-01-01", "reason": "不再采集"}
    catalog = catalog_of(
        [
            {"id": "name"},
            {"id": "sexes"},
            {"id": "month"},
            {"id": "document_no"},
            {"id": "ward", "retired": retired},
            {"id": "days", "retired": retired},
        ],
        key=["name"],
    )
    rows = [
        {"name": "甲", "sexes": "男、女", "month": "2026年9月", "document_no": "e12345678"},
        {"name": "乙", "sexes": "1;9", "month": "2026-12", "document_no": "13812345678"},
        {"name": "丙", "sexes": "无", "month": "十月", "ward": "1楼", "days": "三"},
        {"name": "丁", "sexes": "、", "ward": "-", "days": "暂无"},
    ]
    judged = judge(rows, catalog=catalog)
    assert judged.agrees
    assert found(judged) == {
        "sexes.code": 2,
        "sexes.null_word": 1,
        "month.future_date": 1,
        "month.form": 1,
        "document_no.form": 1,
    }


def test_rules_beyond_the_first_63_are_read_from_the_second_mask(
    catalog_of: Any, visits: Catalog, judge: Judge
) -> None:
    bits = {REF: {rule.id: rule.bit + 40 for rule in rules_of(visits, REF)}}
    catalog = catalog_of(COLUMNS, key=["name"], rules=RULES, rule_bits=bits)
    judged = judge([{**RIGHT, **defect} for defect in DEFECTS.values()], catalog=catalog)
    assert judged.agrees
    assert found(judged) == dict.fromkeys(DEFECTS, 1)


def test_a_division_abolished_before_birth_is_a_query_for_both(
    visits: Catalog, judge: Judge
) -> None:
    divisions = (
        Code(code="110105", name="朝阳区"),
        Code(code="440524", name="潮阳县", valid_to="1993-04-08"),
    )
    catalog = replace(
        visits,
        code_tables={
            **visits.code_tables,
            "gbt2260": CodeTable(id="gbt2260", name="行政区划代码", origin="测试"),
        },
        _codes={**visits._codes, "gbt2260": divisions},
    )
    numbers = ("440524198001010013", "440524199304080013", "440524199304090019",
               "999999199001010016", "11010519491231002X")  # fmt: skip
    judged = judge([{**RIGHT, "id_no": number} for number in numbers], catalog=catalog)
    assert judged.disagreements == ()
    assert found(judged) == {"id_no.division": 2}


def test_every_rule_of_this_catalogue_but_the_one_settled_later_is_judged(
    raw: Any, staged: Any, tmp_path: Path
) -> None:
    catalog = this_catalog()
    files = tmp_path / "raw.parquet", tmp_path / "staged.parquet"
    for ref in catalog.datasets:
        raw(catalog, ref, []).collect().write_parquet(files[0])
        staged(catalog, [], ref=ref).write_parquet(files[1])
        judged = {count.rule for count in verdict(*files, catalog, ref, AS_OF).counts}
        rules = {rule.id for rule in rules_of(catalog, ref)}
        assert rules - judged == {DUPLICATE_KEY}, ref


def test_what_is_not_judged_says_why(catalog_of: Any, judge: Judge) -> None:
    columns = [
        {"id": "name"},
        {"id": "id_no"},
        {"id": "birth_date", "derived": {"column": "id_no", "part": "birth_date"}},
    ]
    catalog = catalog_of(columns, key=["name"])
    assert set(not_judged(catalog, REF)) == {DUPLICATE_KEY, "birth_date.unreadable"}
    rows = [{**RIGHT, "birth_date": "昨天"}, {**RIGHT, "birth_date": None}]
    assert judge(rows, catalog=catalog).agrees
