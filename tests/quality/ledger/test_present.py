"""The ledger as it stands follows the ledger."""

from __future__ import annotations

from quality.ledger.present import OPEN, view_defects
from tests.quality.ledger.small_lake import SmallLake

BAD = {"number": "1", "name": None, "city": "X", "failed": ["name.required", "city.code"]}
HALF = {"number": "1", "name": None, "city": "01", "failed": ["name.required"]}


def present(lake: SmallLake) -> list[tuple[str, str, int, bool]]:
    view_defects(lake.con)
    return lake.con.execute(
        f"select rule, event, events, {OPEN} from quality.main.defects order by rule"
    ).fetchall()


def test_an_empty_ledger_has_no_defects() -> None:
    assert present(SmallLake()) == []


def test_each_defect_is_shown_once_as_its_last_event_left_it() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.put(first, BAD)
    lake.reconcile(first)
    assert present(lake) == [
        ("city.code", "opened", 1, True),
        ("name.required", "opened", 1, True),
    ]
    second = lake.delivery()
    lake.put(second, HALF)
    lake.reconcile(second)
    assert present(lake) == [
        ("city.code", "closed", 2, False),
        ("name.required", "opened", 1, True),
    ]


def test_what_the_ledger_gained_is_seen_by_a_cursor_of_the_same_connection() -> None:
    lake = SmallLake()
    first = lake.delivery()
    lake.put(first, BAD)
    assert present(lake) == []
    lake.reconcile(first)
    view_defects(lake.con.cursor())
    assert lake.con.execute("select count(*) from quality.main.defects").fetchone() == (2,)
