"""Work that was finished after its deadline."""

from __future__ import annotations

from tests.quality.between.tables import Tables

DANGERS, TICKETS = "emergency/hidden_dangers", "hotline/tickets"


def test_what_was_done_after_the_day_it_was_due_is_late() -> None:
    house = Tables("deadline_missed")
    house.put(
        DANGERS,
        """danger_no | found_on   | deadline   | closed_on
           late      | 2026-05-01 | 2026-05-20 | 2026-05-21
           in_time   | 2026-05-01 | 2026-05-20 | 2026-05-20
           open      | 2026-05-01 | 2026-05-20 |
           no_limit  | 2026-05-01 |            | 2026-05-21
           no_start  |            | 2026-05-20 | 2026-05-21
           backward  | 2026-05-01 | 2026-04-20 | 2026-05-21
           future    | 2026-05-01 | 2026-05-20 | 2027-05-21
           sentinel  | 2026-05-01 | 2026-05-20 | 9999-12-31""",
    )
    house.put(
        TICKETS,
        """ticket_no | called_at           | due_at              | replied_at
           late      | 2026-05-01 09:00:00 | 2026-05-08 18:00:00 | 2026-05-09 08:00:00
           evening   | 2026-05-01 09:00:00 | 2026-05-08 18:00:00 | 2026-05-08 23:00:00
           open      | 2026-05-01 09:00:00 | 2026-05-08 18:00:00 |""",
    )
    assert house.found() == {(DANGERS, "late", "closed_on"), (TICKETS, "late", "replied_at")}
    assert house.details() == [
        ("2026-05-09 08:00:00", "办理期限为 2026-05-08"),
        ("2026-05-21", "整改期限为 2026-05-20"),
    ]


def test_lateness_is_asked_about_however_common_it_is() -> None:
    house = Tables("deadline_missed")
    late = "\n".join(f"n{n} | 2026-05-01 | 2026-05-20 | 2026-05-21" for n in range(21))
    house.put(DANGERS, f"danger_no | found_on | deadline | closed_on\n{late}")
    assert house.asked().findings == 21
