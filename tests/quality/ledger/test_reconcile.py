"""Defects open with what is wrong now, and close by proof only."""

from __future__ import annotations

import polars as pl

from catalog.models.datasets import Shape
from quality.ledger import TWO_DELIVERERS, defect_id, ticket_id
from tests.quality.ledger.small_lake import DATASET, RULES, SmallLake

BAD = {"number": "1", "name": None, "city": "X", "failed": ["name.required", "city.code"]}
RULE_OF = {"held": "delivery.too_many_removals", "refused": "delivery.empty"}
GOOD = {"number": "1", "name": "甲", "city": "01"}


def events(frame: pl.DataFrame) -> list[tuple[str, str, str]]:
    return [
        (row["event"], row["key"], row["rule"])
        for row in frame.sort("event_no").iter_rows(named=True)
    ]


def test_each_failed_rule_of_a_row_opens_one_defect_with_place_and_text_as_delivered() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.put(first, {"number": "0", "name": "好", "city": "01"}, BAD)
    opened = lake.reconcile(first).sort("rule").to_dicts()
    assert [event["rule"] for event in opened] == ["city.code", "name.required"]
    code = opened[0]
    assert (code["event"], code["kind"], code["cause"]) == ("opened", "row", "applied")
    assert (code["key"], code["column"], code["value"]) == ("1", "city", "X")
    assert (code["delivery"], code["row"], code["line"]) == (first, 2, 3)
    assert opened[1]["value"] is None
    assert sorted(event["event_no"] for event in opened) == [1, 2]


def test_identities_are_the_same_in_sql_and_python() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.put(first, BAD)
    event = lake.reconcile(first).row(0, named=True)
    ref, column, rule = DATASET.ref, event["column"], event["rule"]
    assert event["defect"] == defect_id(ref, "bureau", "1", column, rule)
    assert event["ticket"] == ticket_id(ref, "bureau", rule)


def test_rules_of_the_second_mask_column_are_seen() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.put(first, GOOD | {"failed": ["city.pattern"]})
    assert events(lake.reconcile(first)) == [("opened", "1", "city.pattern")]


def test_the_same_defect_in_the_next_delivery_is_no_event() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    lake.reconcile("d000001")
    again = lake.delivery()
    lake.put(again, BAD | {"city": "Y"})
    assert lake.reconcile(again).is_empty()


def test_reconciling_twice_appends_nothing() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    assert lake.reconcile("d000001").height == 2
    assert lake.reconcile("d000001").is_empty()


def test_a_corrected_row_closes_its_defect_and_names_the_proving_delivery_and_row() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    lake.reconcile("d000001")
    second = lake.delivery()
    lake.put(second, GOOD)
    closed = lake.reconcile(second)
    assert events(closed) == [("closed", "1", "city.code"), ("closed", "1", "name.required")]
    row = closed.row(0, named=True)
    assert (row["delivery"], row["row"], row["value"]) == (second, 1, None)
    assert row["reason"] == "在批次 d000002 中已更正并通过校验"


def test_a_key_missing_from_an_increment_stays_open() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(mode="increment"), BAD)
    lake.reconcile("d000001")
    second = lake.delivery(mode="increment")
    lake.put(second, GOOD | {"number": "2"})
    assert lake.reconcile(second).is_empty()


def test_a_deleted_key_closes_its_defects_with_the_reason_of_the_delivery_mode() -> None:
    for mode, reason in (
        ("snapshot", "在快照批次 d000002 中已删除"),
        ("increment", "在批次 d000002 中已声明删除"),
    ):
        lake = SmallLake()
        lake.put(lake.delivery(), BAD)
        lake.reconcile("d000001")
        second = lake.delivery(mode=mode)
        lake.remove("1")
        closed = lake.reconcile(second)
        assert set(closed["event"]) == {"closed"}
        assert set(closed["reason"]) == {reason}
        assert set(closed["delivery"]) == {second}


def test_a_rule_that_the_catalogue_no_longer_has_neither_opens_nor_closes() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    lake.reconcile("d000001")
    second = lake.delivery()
    lake.put(second, GOOD, BAD | {"number": "2"})
    without = tuple(rule for rule in RULES if rule.id != "city.code")
    assert sorted(events(lake.reconcile(second, rules=without))) == [
        ("closed", "1", "name.required"),
        ("opened", "2", "name.required"),
    ]


def test_a_row_that_only_a_changed_rule_lets_pass_withdraws_the_accusation() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    lake.reconcile("d000001")
    lake.put("d000001", BAD | {"failed": ["name.required"]})
    assert events(lake.reconcile("d000001")) == [("withdrawn", "1", "city.code")]


def test_a_held_or_refused_delivery_closes_nothing() -> None:
    for state in ("held", "refused"):
        lake = SmallLake()
        lake.put(lake.delivery(), BAD)
        lake.reconcile("d000001")
        second = lake.delivery(state=state)
        lake.find(second, "delivery", RULE_OF[state])
        assert events(lake.reconcile(second, state)) == [("opened", "", RULE_OF[state])]


def test_a_defect_that_comes_back_is_reopened() -> None:
    lake = SmallLake()
    for row in (BAD, GOOD):
        lake.put(lake.delivery(), row)
        lake.reconcile(f"d{lake.deliveries:06d}")
    third = lake.delivery()
    lake.put(third, BAD)
    back = lake.reconcile(third)
    assert set(back["event"]) == {"reopened"}
    assert set(back["reason"]) == {"在批次 d000003 中再次出现"}


def test_withdrawing_a_delivery_withdraws_what_it_brought_and_reopens_what_it_closed() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), BAD)
    lake.reconcile("d000001")
    second = lake.delivery()
    lake.put(second, GOOD, BAD | {"number": "2"})
    lake.reconcile(second)
    lake.decide(second, "withdrawn")
    lake.put("d000001", BAD)
    lake.remove("2")
    undone = lake.reconcile(second, "withdrawn")
    assert sorted(events(undone)) == [
        ("reopened", "1", "city.code"),
        ("reopened", "1", "name.required"),
        ("withdrawn", "2", "city.code"),
        ("withdrawn", "2", "name.required"),
    ]
    assert set(undone["reason"]) == {
        "批次 d000002 被撤回，此前的更正不再有效",
        "批次 d000002 被撤回",
    }


def test_a_finding_without_key_stands_until_a_later_snapshot_no_longer_contains_it() -> None:
    lake = SmallLake()
    lake.find(lake.delivery(), "quarantine", "key.missing", "乙", row=3)
    opened = lake.reconcile("d000001").row(0, named=True)
    assert (opened["key"], opened["row"], opened["value"]) == ("乙", 3, "a;b")
    assert lake.reconcile(lake.delivery(mode="increment")).is_empty()
    again = lake.delivery()
    lake.find(again, "quarantine", "key.missing", "乙", row=9)
    assert lake.reconcile(again).is_empty()
    gone = lake.reconcile(lake.delivery())
    assert events(gone) == [("closed", "乙", "key.missing")]
    assert gone["reason"][0] == "快照批次 d000004 中已不再出现"


def test_a_late_older_snapshot_says_nothing_about_newer_findings() -> None:
    lake = SmallLake()
    lake.find(lake.delivery(seq=50), "reject", "record.ragged", "坏行")
    lake.reconcile("d000001")
    assert lake.reconcile(lake.delivery(seq=40)).is_empty()


def test_two_unreadable_records_with_the_same_text_are_one_defect() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.find(first, "reject", "record.ragged", "坏行", row=1)
    lake.find(first, "reject", "record.ragged", "坏行", row=2)
    assert lake.reconcile(first)["row"].to_list() == [1]


def test_a_snapshot_of_one_list_leaves_the_findings_of_the_other() -> None:
    dataset = DATASET.model_copy(
        update={
            "snapshot_scope": ("city",),
            "shapes": (
                Shape(id="east", requires=("name",), constants={"city": "东"}),
                Shape(id="west", requires=("name",), constants={"city": "西"}),
            ),
        }
    )
    lake = SmallLake(dataset=dataset)

    def deliver(shape: str) -> str:
        delivery = lake.delivery()
        lake.put(delivery, {"number": shape, "name": "甲"})
        lake.con.execute(
            "update raw.bureau.shops set _shape = $1 where _delivery = $2", [shape, delivery]
        )
        return delivery

    first = deliver("east")
    lake.find(first, "quarantine", "key.missing", "乙")
    lake.reconcile(first)
    assert lake.reconcile(deliver("west")).is_empty()
    assert events(lake.reconcile(deliver("east"))) == [("closed", "乙", "key.missing")]


def test_a_refusal_stands_until_any_later_delivery_is_applied() -> None:
    lake = SmallLake()
    refused = lake.delivery(state="refused", seq=90)
    lake.find(refused, "delivery", "delivery.empty")
    lake.reconcile(refused, "refused")
    assert lake.reconcile(lake.delivery(agency="district"), agency="district").is_empty()
    applied = lake.reconcile(lake.delivery(seq=80))
    assert events(applied) == [("closed", "", "delivery.empty")]
    assert applied["reason"][0] == "已由批次 d000003 更正入库"


def test_a_row_without_key_of_an_increment_goes_when_its_delivery_is_withdrawn() -> None:
    lake = SmallLake()
    first = lake.delivery(mode="increment")
    lake.find(first, "quarantine", "key.missing", "乙")
    lake.reconcile(first)
    assert lake.reconcile(lake.delivery(mode="increment")).is_empty()
    lake.decide(first, "withdrawn")
    assert events(lake.reconcile(first, "withdrawn")) == [("withdrawn", "乙", "key.missing")]


NOTED_RULE = "delivery.missing_column"


def test_what_was_noted_of_a_list_stands_until_that_list_comes_again() -> None:
    lake = SmallLake()
    east = lake.delivery(shape="east")
    lake.find(east, "delivery", NOTED_RULE)
    assert events(lake.reconcile(east)) == [("opened", "", NOTED_RULE)]
    assert lake.reconcile(lake.delivery(shape="west")).is_empty()
    assert events(lake.reconcile(lake.delivery(shape="east"))) == [("closed", "", NOTED_RULE)]


WRONG = "city.wrong_heading"


def wrong_heading() -> SmallLake:
    """A lake whose first delivery, an increment, has a column under the wrong heading."""
    lake = SmallLake()
    first = lake.delivery(mode="increment", shape="east")
    lake.find(first, "column", WRONG, column="city")
    lake.profile(first, "city")
    assert events(lake.reconcile(first)) == [("opened", "", WRONG)]
    return lake


def test_a_wrong_heading_ends_with_the_next_increment_that_has_the_column_right() -> None:
    lake = wrong_heading()
    second = lake.delivery(mode="increment", shape="east")
    lake.profile(second, "city", nulls=9)
    closed = lake.reconcile(second)
    assert events(closed) == [("closed", "", WRONG)]
    assert closed["reason"][0] == "批次 d000002 中该栏已无此情形"


def test_a_wrong_heading_that_is_repeated_stays_one_defect() -> None:
    lake = wrong_heading()
    second = lake.delivery(mode="increment", shape="east")
    lake.find(second, "column", WRONG, column="city")
    lake.profile(second, "city")
    assert lake.reconcile(second).is_empty()


def test_what_does_not_bring_the_column_proves_nothing_of_its_heading() -> None:
    lake = wrong_heading()
    without = lake.delivery(mode="increment", shape="east")
    lake.profile(without, "city", nulls=10, delivered=False)
    empty = lake.delivery(mode="increment", shape="east")
    lake.profile(empty, "city", nulls=10)
    other_list = lake.delivery(mode="increment", shape="west")
    lake.profile(other_list, "city")
    older = lake.delivery(mode="increment", shape="east", seq=-1)
    lake.profile(older, "city")
    held = lake.delivery(mode="increment", shape="east", state="held")
    lake.profile(held, "city")
    for delivery in (without, empty, other_list, older):
        assert lake.reconcile(delivery).is_empty()
    assert lake.reconcile(held, "held").is_empty()


def test_a_right_heading_that_is_withdrawn_proves_nothing_any_more() -> None:
    lake = wrong_heading()
    second = lake.delivery(mode="increment", shape="east")
    lake.profile(second, "city")
    lake.reconcile(second)
    lake.decide(second, "withdrawn")
    assert events(lake.reconcile(second, "withdrawn")) == [("reopened", "", WRONG)]


def test_a_held_delivery_that_is_released_explains_itself_no_more() -> None:
    lake = SmallLake()
    held = lake.delivery(state="held")
    lake.find(held, "delivery", "delivery.too_many_removals")
    lake.reconcile(held, "held")
    released = lake.reconcile(held, "applied")
    assert events(released) == [("closed", "", "delivery.too_many_removals")]
    assert released["reason"][0] == "批次 d000001 已放行入库"


def test_a_key_that_two_deliverers_hold_is_a_defect_of_both_until_one_gives_it_up() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(), GOOD)
    assert lake.reconcile("d000001").is_empty()
    second = lake.delivery(agency="district")
    lake.put(second, GOOD, agency="district")
    lake.reconcile(second, agency="district")
    assert lake.open() == {("bureau", "1", TWO_DELIVERERS), ("district", "1", TWO_DELIVERERS)}
    third = lake.delivery(agency="district")
    lake.remove("1", agency="district")
    assert set(lake.reconcile(third, agency="district")["event"]) == {"closed"}
    assert lake.open() == set()


def test_another_deliverers_defects_are_left_alone() -> None:
    lake = SmallLake()
    lake.put(lake.delivery(agency="district"), BAD, agency="district")
    assert lake.reconcile(lake.delivery()).is_empty()
