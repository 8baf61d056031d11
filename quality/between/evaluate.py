"""Runs rules between datasets over what is current.

Belongs here: running a rule's query, and telling apart what it found, what nothing can be said
about, and our own failures. Does not belong here: what becomes of the findings (`quality.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import duckdb

from catalog.entries import Catalog
from quality.between.model import BetweenRule
from quality.between.reference import fill

FINDINGS = "between_findings"
"""Temporary table of a connection: one row a finding: `rule`, the columns of a rule's query, and
`kind`, the ledger's."""

_COLUMNS = {
    "dataset": "varchar",
    "agency": "varchar",
    "key": "varchar",
    "column": "varchar",
    "delivery": "varchar",
    "row": "bigint",
    "value": "varchar",
    "detail": "varchar",
}
_FEW = 20
"""So many rows of a dataset may always be accused: of a small one any share is soon too large."""


class State(StrEnum):
    """How asking a rule ended."""

    JUDGED = "judged"
    LACKING = "lacking"
    """A dataset it needs has no rows."""
    IMPLAUSIBLE = "implausible"
    """It would accuse too large a share of a dataset's rows."""
    FAILED = "failed"
    """Its query could not be run: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking one rule gave."""

    rule: BetweenRule
    state: State
    findings: int = 0
    reason: str = ""
    """Why it was not judged: the datasets it lacks or would accuse, or the kind of failure; values
    never."""


def evaluate(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, rules: Iterable[BetweenRule]
) -> list[Outcome]:
    """Asks each rule and fills table `between_findings` with what the judged ones found.

    `con` has the engine's names; the table is its own. A rule that cannot be asked, or whose answer
    is not plausible, leaves nothing in it and is no reason for the others to stop.
    """
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
    con.execute(f"create or replace temp table {FINDINGS} (rule varchar, {columns}, kind varchar)")
    fill(con, catalog)
    return [_ask(con, rule) for rule in rules]


def _ask(con: duckdb.DuckDBPyConnection, rule: BetweenRule) -> Outcome:
    try:
        lacking = [ref for ref in rule.needs if not _rows(con, ref)]
        if lacking:
            return Outcome(rule, State.LACKING, reason=", ".join(lacking))
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        con.execute(f"create or replace temp table asked as select {names} from ({rule.query})")
        return _kept(con, rule)
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise  # the machine's trouble, not the rule's
    except duckdb.Error as error:
        # The message may quote values of the data: the kind of failure says enough.
        return Outcome(rule, State.FAILED, reason=type(error).__name__)


def _kept(con: duckdb.DuckDBPyConnection, rule: BetweenRule) -> Outcome:
    counts = con.execute('select dataset, "column", count(*) from asked group by all').fetchall()
    declared = {(each.dataset, each.column) for each in rule.accused}
    strangers = sorted({f"{ref}.{name}" for ref, name, _ in counts if (ref, name) not in declared})
    if strangers:
        return Outcome(rule, State.FAILED, reason=f"accuses {', '.join(strangers)}")
    by_dataset: dict[str, int] = {}
    for ref, _, count in counts:
        by_dataset[ref] = by_dataset.get(ref, 0) + count
    doubtful = [
        f"{ref}: {count} of {rows}"
        for ref, count in sorted(by_dataset.items())
        for rows in (_rows(con, ref),)
        if count > max(_FEW, rule.plausible * rows)
    ]
    if doubtful:
        return Outcome(rule, State.IMPLAUSIBLE, reason=", ".join(doubtful))
    con.execute(f"insert into {FINDINGS} select $1, *, 'between' from asked", [rule.id])
    return Outcome(rule, State.JUDGED, sum(by_dataset.values()))


def _rows(con: duckdb.DuckDBPyConnection, ref: str) -> int:
    agency, name = ref.split("/")
    row = con.execute(f'select count(*) from standard."{agency}"."{name}"').fetchone()
    return int(row[0]) if row else 0
