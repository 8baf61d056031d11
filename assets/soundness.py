"""Which stored tables passed our own checks as they lie now, so that nothing is made of any other.

Belongs here: the note of what passed, and refusing what did not. Does not belong here: the checks
(`assets.checks`, `assets.suites`). A blocking check stops what comes after it in its own run; the
note stops it in every later one, until the check has passed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from assets.lakehouse import Lakehouse
from assets.notes import note, noted
from catalog.entries import Catalog
from warehouse.log import State

_NOTE = "sound/"


class Unsound(Exception):
    """Tables that did not pass, or were not asked since they changed; the message names them."""


def checked_tables(catalog: Catalog) -> list[str]:
    """Names in the lake of all tables of which blocking checks are asked."""
    standard = [f"standard/{ref}" for ref in catalog.datasets]
    return [*standard, *(table.lake_name for table in catalog.base.values())]


def judged(lakehouse: Lakehouse, table: str, passed: bool) -> None:
    """Notes how the blocking checks of a table ended, for its contents as they are now."""
    contents = _contents(lakehouse, [table])[table] if passed else ""
    note(lakehouse, {_NOTE + table: contents})


def unsound(lakehouse: Lakehouse, tables: Iterable[str]) -> list[str]:
    """Those of the tables that exist and whose present contents have not passed, in order."""
    known = noted(lakehouse)
    return [
        table
        for table, contents in _contents(lakehouse, tables).items()
        if known.get(_NOTE + table) != contents
    ]


def require_sound(lakehouse: Lakehouse, tables: Iterable[str]) -> None:
    """Unsound, unless all of the tables that exist have passed."""
    if wrong := unsound(lakehouse, tables):
        raise Unsound(f"materialise first, until their checks pass: {', '.join(wrong)}")


def _contents(lakehouse: Lakehouse, tables: Iterable[str]) -> dict[str, str]:
    """What tells the contents of each table that exists from any others it had.

    The checks of a dataset hold its rows against what the log says of the deliveries that count.
    """
    applied: dict[str, list[str]] = defaultdict(list)
    for known in lakehouse.log.deliveries:
        if known.state is State.APPLIED:
            applied[f"standard/{known.dataset}"].append(repr(known))
    return {
        table: hashlib.sha256("\n".join([str(version), *applied[table]]).encode()).hexdigest()
        for table in tables
        if (version := lakehouse.lake.version(table)) is not None
    }
