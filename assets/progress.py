"""Telling whoever watches how far a delivery has got.

Belongs here: the one listener of this process. What it shows stands in `pipelines`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warehouse.log import Delivery

Listener = Callable[[Delivery, str, int], None]
"""Told the delivery, the stage it is in, and how many bytes more of its file have been read."""

_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Calls `listener` while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(delivery: Delivery, stage: str, done: int = 0) -> None:
    """Tells the listeners."""
    for listener in _listeners:
        listener(delivery, stage, done)
