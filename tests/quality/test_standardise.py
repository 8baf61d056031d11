from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from quality.standardise import staged_schema, standardise

REF = "health/visits"
DAY = date(2026, 11, 1)


def test_rows_come_out_typed_in_order_and_one_for_one(
    catalog_of: Any, staged: Any, failed: Any, normalised: Any
) -> None:
    catalog = catalog_of(
        [
            {"id": "id_no"},
            {"id": "birth_date"},
            {"id": "visited_at"},
            {"id": "fee"},
            {"id": "days"},
        ],
        key=["id_no"],
    )
    frame = staged(
        catalog,
        [
            {
                "id_no": "110105491231002",
                "birth_date": "1949年12月31日",
                "visited_at": "2018-02-20T07:00:00",
                "fee": "1,000.5",
                "days": "3",
            },
            {},
        ],
    )
    assert frame.schema == staged_schema(catalog, REF)
    assert frame.rows()[0][:5] == (
        "11010519491231002X",
        date(1949, 12, 31),
        datetime(2018, 2, 20, 7),
        Decimal("1000.50"),
        3,
    )
    assert frame["_row"].to_list() == [1, 2]
    assert frame.select("_op", "_delivery", "_seq", "_agency").rows()[0] == (
        "upsert", "d000001", 7, "health",
    )  # fmt: skip
    assert normalised(catalog, frame) == [
        ["id_no.id_15_to_18", "birth_date.date_form", "fee.thousands"],
        [],
    ]
    assert failed(catalog, frame) == [[], []]


def test_a_value_gets_the_first_rule_that_explains_it(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    catalog = catalog_of(
        [
            {"id": "name", "required": True},
            {"id": "birth_date", "required": True},
            {"id": "sex"},
            {"id": "ward"},
            {"id": "fee"},
            {"id": "valid_to"},
        ],
        key=["name"],
    )
    person = {"name": "张三", "birth_date": "1980-01-31"}
    rows: list[tuple[dict[str, Any], list[str]]] = [
        ({**person, "sex": "男", "ward": "A12", "fee": "0"}, []),
        ({"name": " ", "birth_date": None}, ["name.required", "birth_date.required"]),
        ({"name": "无", "birth_date": "N/A"}, ["name.null_word", "birth_date.null_word"]),
        (
            {"name": "张三李四王五", "birth_date": "2月30日"},
            ["birth_date.unreadable", "name.max_length"],
        ),
        ({"birth_date": "1900-01-01"}, ["name.required", "birth_date.sentinel_date"]),
        ({"birth_date": "1880-05-05"}, ["name.required", "birth_date.sentinel_date"]),
        ({"birth_date": "9999-12-31"}, ["name.required", "birth_date.sentinel_date"]),
        ({"birth_date": "2026-11-02"}, ["name.required", "birth_date.future_date"]),
        ({"birth_date": "2026-11-01"}, ["name.required"]),
        ({**person, "valid_to": "2036-01-01"}, []),
        ({**person, "valid_to": "2099-12-31"}, ["valid_to.sentinel_date"]),
        ({**person, "sex": "3"}, ["sex.code"]),
        ({**person, "ward": "12A"}, ["ward.pattern"]),
        ({**person, "ward": "A123"}, ["ward.pattern"]),
        ({**person, "fee": "-0.01"}, ["fee.range"]),
        ({**person, "fee": "1000.50"}, []),
        ({**person, "fee": "1000.51"}, ["fee.range"]),
    ]  # fmt: skip
    frame = staged(catalog, [row for row, _ in rows])
    assert [sorted(ids) for ids in failed(catalog, frame)] == [sorted(ids) for _, ids in rows]


def test_a_sentinel_date_stays_in_the_row_marked(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of([{"id": "birth_date"}], key=["birth_date"])
    assert staged(catalog, [{"birth_date": "1900-01-01"}])["birth_date"][0] == date(1900, 1, 1)


def test_codes_are_judged_as_of_the_delivery(catalog_of: Any, staged: Any, failed: Any) -> None:
    catalog = catalog_of([{"id": "sex"}], key=["sex"])
    then = staged(catalog, [{"sex": "未说明"}], as_of=date(2020, 12, 31))
    now = staged(catalog, [{"sex": "未说明"}], as_of=date(2021, 1, 1))
    assert then["sex"].to_list() == now["sex"].to_list() == ["9"]
    assert (failed(catalog, then), failed(catalog, now)) == ([[]], [["sex.code"]])


@pytest.mark.parametrize(
    ("dated_by", "in_force", "too_late"),
    [
        ("birth_date", "2020-12-31", "2021-01-01"),
        ("visited_at", "2020-12-31T23:59:59", "2021-01-01T00:00:00"),
        ("month", "2020-12", "2021-01"),
        ("month", "2020Q4", "2021Q1"),
        ("month", "2020", "2021"),
    ],
)
def test_a_code_is_judged_by_the_date_of_its_own_row(
    catalog_of: Any, staged: Any, failed: Any, dated_by: str, in_force: str, too_late: str
) -> None:
    catalog = catalog_of([{"id": "sex", "dated_by": dated_by}, {"id": dated_by}], key=["sex"])
    rows = [{"sex": "9", dated_by: day} for day in (in_force, too_late, None)]
    frame = staged(catalog, [*rows, {"sex": "3", dated_by: in_force}], as_of=date(2026, 11, 1))
    assert failed(catalog, frame) == [[], ["sex.code"], ["sex.code"], ["sex.code"]]


def test_a_derived_column_is_filled_where_the_delivery_has_no_value_of_its_own(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    catalog = catalog_of(
        [
            {"id": "deposit"},
            {
                "id": "currency",
                "required": True,
                "derived": {"column": "deposit", "part": "currency"},
            },
        ],
        key=["deposit"],
    )
    frame = staged(
        catalog,
        [
            {"deposit": "100万美元"},
            {"deposit": "100万美元", "currency": "人民币"},
            {"deposit": "1"},
            {"deposit": "100万欧元"},
        ],
    )
    assert frame["currency"].to_list() == ["USD", "CNY", None, "EUR"]
    # EUR is not in the code table, but it was never the agency's to correct in this column.
    assert failed(catalog, frame) == [
        [], [], ["deposit.unreadable", "currency.required"], [],
    ]  # fmt: skip


def test_parts_are_derived_from_sound_values_alone(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of(
        [
            {"id": "uscc"},
            {
                "id": "organization_code",
                "derived": {"column": "uscc", "part": "organization_code"},
            },
        ],
        key=["uscc"],
    )
    frame = staged(
        catalog,
        [
            {"uscc": "91110000600037341L"},
            {"uscc": "91110000600037342L"},
            {"uscc": "91110000600037341L", "organization_code": "71526726-X"},
        ],
    )
    assert frame["organization_code"].to_list() == ["600037341", None, "71526726X"]


def test_a_shapes_constants_stand_in_for_columns_that_it_lacks(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    catalog = catalog_of(
        [{"id": "list", "required": True}, {"id": "name"}],
        key=["list", "name"],
        shapes=[
            {"id": "first", "requires": ["name"], "constants": {"list": "a"}},
            {"id": "second", "requires": ["name"], "constants": {"list": "乙表"}},
        ],
    )
    frame = staged(
        catalog,
        [
            {"_shape": "first", "name": "甲"},
            {"_shape": "second", "name": "甲"},
            {"_shape": "first", "list": "b", "name": "甲"},
            {"_shape": None, "name": "甲"},
        ],
    )
    assert frame["list"].to_list() == ["a", "b", "b", None]
    assert failed(catalog, frame)[3] == ["list.required"]


IN_ORDER = {
    "id": "in_order",
    "check": "birth_date <= valid_to",
    "columns": ["valid_to"],
    "message": "次序不对",
    "dimension": "consistency",
    "severity": "error",
    "how_to_correct": "核对",
}


def test_a_condition_over_several_columns_fails_where_it_is_false_and_not_where_it_is_null(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    catalog = catalog_of(
        [{"id": "birth_date"}, {"id": "valid_to"}], key=["birth_date"], rules=[IN_ORDER]
    )
    frame = staged(
        catalog,
        [
            {"birth_date": "2000-01-01", "valid_to": "1999-01-01"},
            {"birth_date": "2000-01-01", "valid_to": "2000-01-01"},
            {"birth_date": "2000-01-01"},
        ],
    )
    assert failed(catalog, frame) == [["row.in_order"], [], []]


@pytest.mark.parametrize("despite_errors", [False, True])
def test_a_condition_is_not_asked_of_what_is_an_error_by_itself(
    catalog_of: Any, staged: Any, failed: Any, despite_errors: bool
) -> None:
    """A date in the future is told once, not as a wrong order too."""
    catalog = catalog_of(
        [{"id": "birth_date"}, {"id": "valid_to"}],
        key=["birth_date"],
        rules=[{**IN_ORDER, "despite_errors": despite_errors}],
    )
    row = {"birth_date": "2099-01-01", "valid_to": "1999-01-01"}
    also = ["row.in_order"] if despite_errors else []
    assert failed(catalog, staged(catalog, [row])) == [["birth_date.sentinel_date", *also]]


def test_a_condition_is_asked_of_what_is_only_in_question(
    catalog_of: Any, staged: Any, failed: Any
) -> None:
    rule = {**IN_ORDER, "id": "ward_of_list", "check": "ward = 'A01'", "columns": ["ward"]}
    catalog = catalog_of([{"id": "ward"}], key=["ward"], rules=[rule])
    frame = staged(catalog, [{"ward": "1楼"}])
    assert failed(catalog, frame) == [["ward.pattern", "row.ward_of_list"]]


def test_a_deletion_keeps_its_key_alone(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of([{"id": "uscc"}, {"id": "name", "required": True}], key=["uscc"])
    frame = staged(catalog, [{"_op": "delete", "uscc": "9111000060003734２L", "name": "无"}, {}])
    (deleted, other) = frame.rows(named=True)
    assert (deleted["_op"], deleted["_key"]) == ("delete", "91110000600037342L")
    assert (deleted["uscc"], deleted["name"]) == (None, None)
    assert (deleted["_failed"], deleted["_normalised"]) == (0, 0)
    assert other["_failed"] != 0


def test_bits_beyond_sixty_three_stand_in_further_mask_columns(
    catalog_of: Any, staged: Any, failed: Any, normalised: Any
) -> None:
    ids = [f"text_{n}" for n in range(30)]
    columns = [{"id": name, "element": "name", "required": True} for name in ids]
    catalog = catalog_of(columns, key=["text_0"])
    frame = staged(catalog, [{name: "　无" for name in ids}, {name: " 甲 乙" for name in ids}, {}])
    assert [name for name in frame.columns if name.startswith("_")] == [
        "_key", "_failed", "_failed_2", "_normalised", "_normalised_2",
        "_op", "_row", "_delivery", "_seq", "_agency",
    ]  # fmt: skip
    assert failed(catalog, frame) == [
        [f"{name}.null_word" for name in ids],
        [],
        [f"{name}.required" for name in ids],
    ]
    assert normalised(catalog, frame) == [[], [f"{name}.blanks" for name in ids], []]


def test_a_batch_of_any_size_gives_the_same_rows(catalog_of: Any, staged: Any) -> None:
    catalog = catalog_of(
        [{"id": "uscc"}, {"id": "deposit"}, {"id": "sex"}, {"id": "birth_date"}], key=["uscc"]
    )
    some = [
        {"uscc": "91110000600037341L", "deposit": "100万元", "sex": "男", "birth_date": "19800131"},
        {"uscc": "9111000060003734１l", "deposit": "-;", "sex": "无", "birth_date": "45322"},
        {"uscc": "x", "deposit": "5", "sex": None, "birth_date": "2月"},
    ]
    few = staged(catalog, some).drop("_row")
    many = staged(catalog, some * 40_000).drop("_row")
    assert many.equals(pl.concat([few] * 40_000))


def test_every_step_of_the_pass_streams(catalog_of: Any, raw: Any) -> None:
    columns = [{"id": name} for name in ("uscc", "deposit", "sex", "birth_date", "visited_at")]
    catalog = catalog_of(columns, key=["uscc"])
    plan = standardise(raw(catalog, REF, [{"uscc": "x"}]), catalog, REF, DAY).show_graph(
        plan_stage="physical", engine="streaming", raw_output=True
    )
    assert plan is not None
    _, nodes = plan.split("in-memory engine fallback", 1)
    operators = {line.split('label="')[1].split("\\n")[0] for line in nodes.splitlines()
                 if 'label="' in line}  # fmt: skip
    assert operators == {"in-memory-source", "with-columns", "select"}
