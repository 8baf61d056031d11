"""Deliveries as the log knows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from warehouse.log import Delivery, State


def delivery_of(number: int, came: str, as_of: str | None = None, **more: Any) -> Delivery:
    """The `number`-th delivery of hotline tickets; each has contents of its own."""
    seen = datetime.fromisoformat(came)
    dated = datetime.fromisoformat(as_of) if as_of else None
    facts: dict[str, Any] = {
        "delivery": f"d{number:06d}", "state": State.APPLIED, "dataset": "hotline/tickets",
        "agency": "hotline", "file": f"{number}.csv", "source": f"hotline/tickets/{number}.csv",
        "mtime_ns": 1, "size": 1, "sha256": f"{number:064d}", "seq": number,
        "ordered_at": dated or seen, "first_seen": seen, "as_of": dated, "mode": "increment",
        "accepted": 100,
    }  # fmt: skip
    return Delivery(**{**facts, **more})


@pytest.fixture(scope="session")
def delivery() -> Callable[..., Delivery]:
    """Makes deliveries."""
    return delivery_of
