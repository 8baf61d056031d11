"""A finding between datasets ends by what changed since its rule was last asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality.ledger.small_look import DEATHS, INSURED, PAID, Event, SmallLook


@pytest.fixture
def look(tmp_path: Path) -> SmallLook:
    """A person is dead and insured, and the rule has said so: deliveries 1 and 2."""
    small = SmallLook(tmp_path)
    small.deliver(DEATHS, "A")
    small.deliver(INSURED, "A")
    assert small.ask({"A": "死亡"}) == [Event("opened", "applied", "d000002", 1)]
    return small


def test_the_row_delivered_anew_closes_in_the_very_second(look: SmallLook) -> None:
    look.deliver(INSURED, "B", "A")
    assert look.ask({}) == [Event("closed", "applied", "d000003", 2)]


def test_a_declared_deletion_closes(look: SmallLook) -> None:
    look.deliver(INSURED, "A", op="delete")
    assert look.ask({}) == [Event("closed", "applied", "d000003", None)]


def test_what_the_agency_corrected_beside_the_row_closes(look: SmallLook) -> None:
    look.deliver(PAID, "A")
    assert look.ask({}) == [Event("closed", "applied", "d000003", None)]


def test_what_others_corrected_withdraws(look: SmallLook) -> None:
    look.deliver(DEATHS, "A")
    assert look.ask({}) == [Event("withdrawn", "asked", "d000002", None)]


def test_a_delivery_that_the_rule_has_seen_already_corrects_nothing(look: SmallLook) -> None:
    look.deliver(PAID, "A")
    look.ask({"A": "死亡"})
    assert look.ask({}) == [Event("withdrawn", "asked", "d000002", None)]


def test_another_version_of_the_rule_credits_no_correction_beside_the_row(look: SmallLook) -> None:
    look.deliver(PAID, "A")
    assert look.ask({}, version=2) == [Event("withdrawn", "asked", "d000002", None)]


def test_the_row_that_failed_last_is_the_one_to_be_corrected(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    assert look.ask({"A": "死亡"}) == []
    look.deliver(DEATHS, "A")
    assert look.ask({}) == [Event("withdrawn", "asked", "d000003", None)]


def test_the_row_that_failed_last_is_the_one_that_is_taken_back(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    look.ask({"A": "死亡"})
    look.decide("d000003", "withdrawn")
    assert look.ask({}) == [Event("withdrawn", "withdrawn", "d000003", None)]


def test_a_first_row_taken_back_hides_no_correction_of_the_last(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    look.ask({"A": "死亡"})
    look.decide("d000002", "withdrawn")
    look.deliver(INSURED, "A")
    assert look.ask({}) == [Event("closed", "applied", "d000004", 1)]


@pytest.mark.parametrize("undone", [DEATHS, PAID])
def test_a_source_that_was_undone_withdraws_whatever_else_came(
    look: SmallLook, undone: str
) -> None:
    source = look.deliver(undone, "A")
    look.ask({"A": "死亡"})
    look.decide(source, "withdrawn")
    look.deliver(PAID, "B")
    assert look.ask({}) == [Event("withdrawn", "asked", "d000002", None)]


def test_what_came_and_went_between_two_askings_was_never_a_source(look: SmallLook) -> None:
    look.decide(look.deliver(DEATHS, "A"), "withdrawn")
    look.deliver(PAID, "A")
    assert look.ask({}) == [Event("closed", "applied", "d000004", None)]


def test_a_delivery_let_through_since_is_one_that_came_since(look: SmallLook) -> None:
    held = look.deliver(INSURED, "A", state="held")
    look.ask({"A": "死亡"})
    look.decide(held, "applied")
    assert look.ask({}) == [Event("closed", "applied", "d000003", 1)]


def test_killed_before_the_ledger_has_it_what_ended_ends_by_the_same_proof(
    look: SmallLook,
) -> None:
    look.deliver(PAID, "A")
    proof = look.ask({}, killed=True)
    assert look.details() == [("A", "死亡")]
    assert look.ask({}) == proof == [Event("closed", "applied", "d000003", None)]
    assert look.ask({}) == []
    assert look.details() == []


def test_what_a_finding_is_held_against_is_kept_as_of_the_last_asking(look: SmallLook) -> None:
    assert look.ask({"A": "死亡登记有变"}) == []
    assert look.details() == [("A", "死亡登记有变")]


def test_what_other_rules_found_is_kept_while_they_are_not_asked(look: SmallLook) -> None:
    look.miss({PAID: "逾期"})
    assert look.details() == [("", "逾期"), ("A", "死亡")]


def test_the_row_delivered_wrong_again_is_a_relapse(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    look.ask({})
    look.deliver(INSURED, "A")
    assert look.ask({"A": "死亡"}) == [Event("reopened", "applied", "d000004", 1)]
    assert look.relapses() == 1


def test_the_key_delivered_wrong_again_after_its_deletion_is_a_relapse(look: SmallLook) -> None:
    look.deliver(INSURED, "A", op="delete")
    look.ask({})
    look.deliver(INSURED, "A")
    look.ask({"A": "死亡"})
    assert look.relapses() == 1


def test_the_corrected_row_that_others_make_wrong_is_no_relapse(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    look.ask({})
    look.deliver(DEATHS, "A")
    assert look.ask({"A": "死亡"}) == [Event("reopened", "asked", "d000003", 1)]
    assert look.relapses() == 0


def test_the_corrected_row_that_a_changed_rule_finds_is_no_relapse(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    look.ask({})
    look.ask({"A": "死亡"}, version=2)
    assert look.relapses() == 0


def test_what_an_undone_correction_brings_back_is_no_relapse(look: SmallLook) -> None:
    corrected = look.deliver(INSURED, "A")
    look.ask({})
    look.decide(corrected, "withdrawn")
    assert look.ask({"A": "死亡"}) == [Event("reopened", "asked", "d000002", 1)]
    assert look.relapses() == 0


def test_an_absence_ends_by_what_came_since_and_not_by_what_had_come(tmp_path: Path) -> None:
    look = SmallLook(tmp_path)
    old = look.deliver(PAID, "A")
    assert look.miss({PAID: "逾期"}) == [Event("opened", "asked", "", None)]
    new = look.deliver(PAID, "A", state="held")
    assert look.miss({}, new) == [Event("closed", "held", new, None)]
    assert look.miss({PAID: "又逾期"}) == [Event("reopened", "asked", "", None)]
    assert look.relapses() == 0
    assert look.miss({}, old) == [Event("withdrawn", "asked", "", None)]


def test_nothing_is_said_of_a_rule_that_was_not_asked(look: SmallLook) -> None:
    look.deliver(INSURED, "A")
    assert look.ask({}, rule="between.other") == []
    assert look.ask({}) == [Event("closed", "applied", "d000003", 1)]
