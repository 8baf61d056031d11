"""The law of the ledger: after any sequence of deliveries, the events alone tell what is wrong.

The oracle keeps deliveries as plain dictionaries and knows nothing of events: what is wrong is what
the latest standing row of each key fails.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from quality.ledger import TWO_DELIVERERS
from tests.quality.ledger.small_lake import RULES, SmallLake

KEYS = ("1", "2", "3")
AGENCIES = ("bureau", "district")
rules_failed = st.sets(st.sampled_from([rule.id for rule in RULES]))


@dataclass(frozen=True)
class Step:
    """A delivery (keys → failed rules; None deletes), or the withdrawal of an earlier one."""

    agency: str
    snapshot: bool
    rows: dict[str, set[str] | None]
    withdraws: int | None


steps = st.builds(
    Step,
    st.sampled_from(AGENCIES),
    st.booleans(),
    st.dictionaries(st.sampled_from(KEYS), st.none() | rules_failed, max_size=3),
    st.none() | st.integers(0, 5),
)
Applied = tuple[str, Step]


def current(applied: list[Applied], agency: str) -> dict[str, tuple[str, set[str]]]:
    """Key → (delivery, failed rules) after the standing deliveries of one agency."""
    rows: dict[str, tuple[str, set[str]]] = {}
    for delivery, step in applied:
        if step.agency != agency:
            continue
        if step.snapshot:
            rows.clear()
        for key, failed in step.rows.items():
            if failed is None:
                rows.pop(key, None)
            else:
                rows[key] = (delivery, failed)
    return rows


def wrong_now(applied: list[Applied]) -> set[tuple[str, str, str]]:
    held = {agency: current(applied, agency) for agency in AGENCIES}
    wrong = {
        (agency, key, rule)
        for agency, rows in held.items()
        for key, (_, failed) in rows.items()
        for rule in failed
    }
    shared = held["bureau"].keys() & held["district"].keys()
    return wrong | {(agency, key, TWO_DELIVERERS) for agency in AGENCIES for key in shared}


def show(lake: SmallLake, applied: list[Applied]) -> None:
    """Makes the lake's current rows those that the standing deliveries leave."""
    lake.con.execute(f"delete from {lake.held}")
    for agency in AGENCIES:
        for key, (delivery, failed) in current(applied, agency).items():
            lake.put(delivery, {"number": key, "failed": failed}, agency=agency)


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, max_size=6))
def test_the_events_rebuild_what_is_wrong_after_any_sequence_of_deliveries(
    sequence: list[Step],
) -> None:
    lake = SmallLake()
    applied: list[Applied] = []
    for step in sequence:
        if step.withdraws is not None and step.withdraws < len(applied):
            delivery, undone = applied.pop(step.withdraws)
            lake.decide(delivery, "withdrawn")
            show(lake, applied)
            lake.reconcile(delivery, "withdrawn", agency=undone.agency)
        else:
            delivery = lake.delivery(step.agency, mode="snapshot" if step.snapshot else "increment")
            applied.append((delivery, step))
            show(lake, applied)
            lake.reconcile(delivery, agency=step.agency)
        assert lake.open() == wrong_now(applied)
    history = lake.con.execute(
        "select list(event order by event_no) from quality.main.defect_events group by defect"
    ).fetchall()
    for (of_one_defect,) in history:
        states = [event in ("opened", "reopened") for event in of_one_defect]
        assert of_one_defect[0] == "opened"
        assert all(one != other for one, other in itertools.pairwise(states))
