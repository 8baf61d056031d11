"""Faults of ours that show while a delivery is worked on, kept from everybody else's data.

Belongs here: telling them from what a delivery gets wrong and from the machine's own trouble, and
saying where they are without a word of the data. Does not belong here: what becomes of the delivery
(`assets.intake.apply`).
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from assets.intake.settle import TooManyRemovals
from warehouse.intake import StillWriting, Unusable

_ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = (Unusable, StillWriting, TooManyRemovals)
OF_THE_MACHINE = (OSError, MemoryError, duckdb.IOException, duckdb.OutOfMemoryException)
"""No disk, no memory: the next run does the delivery again."""


class OurFault(Exception):
    """Our code tripped over a delivery. Its text names the kind of error and the last place in our
    code, nothing else: an error's own text may hold values."""


@contextmanager
def as_our_fault() -> Iterator[None]:
    """Turns an unforeseen error into OurFault; all others pass."""
    try:
        yield
    except (*_NOT_OURS, *OF_THE_MACHINE):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        raise OurFault(f"{type(error).__name__}，{_place(error)}") from None


def _place(error: BaseException) -> str:
    """File and line in this project that the error came by last."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT)
        and ".venv" not in Path(frame.filename).parts
        and frame.name != "as_our_fault"
    ]
    last = ours[-1]
    return f"{Path(last.filename).relative_to(_ROOT)}:{last.lineno}"
