"""The verdict on a delivery: the masks' counts beside Great Expectations' own.

Belongs here: running the second opinion and comparing. Holds no rows and no values: counts only.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import duckdb

from quality.expectations.batch import VIEW, Question, create_batch, questions
from quality.expectations.scope import JudgementFailed
from quality.rules.derive import rules_of
from quality.rules.model import Rule
from warehouse.engine import connect, literal

if TYPE_CHECKING:
    from catalog.load import Catalog


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many rows of a delivery break a rule: by the mask, and by Great Expectations."""

    rule: str
    mask_count: int
    expectation_count: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The second opinion on a delivery of `rows` rows."""

    rows: int
    counts: tuple[RuleCount, ...]

    @property
    def disagreements(self) -> tuple[RuleCount, ...]:
        """The rules that the two count differently."""
        return tuple(count for count in self.counts if count.mask_count != count.expectation_count)

    @property
    def agrees(self) -> bool:
        """Whether all counts are equal."""
        return not self.disagreements


def prepare() -> None:
    """Begins to import Great Expectations beside other work; whoever needs it waits for the rest.

    Reading and standardising a delivery leave the interpreter alone for as long as that takes.
    """
    Thread(target=import_module, args=("quality.expectations.suite",), daemon=True).start()


def verdict(raw: Path, staged: Path, catalog: Catalog, ref: str, as_of: date) -> Verdict:
    """Judges a delivery anew and compares.

    `raw` and `staged` are Parquet files of one delivery, row for row; `as_of` is its date. Reads
    the masks for the comparison alone. Deletions have no rules and count nothing. Memory is
    bounded by LAKEHOUSE_MEMORY; what exceeds it lies beside `staged` meanwhile.
    Raises JudgementFailed, and UnassignedRule as `rules_of` does.
    """
    asked = questions(catalog, ref, as_of)
    with tempfile.TemporaryDirectory(prefix="verdict-", dir=staged.parent) as spill:
        con = connect(Path(spill))
        try:
            create_batch(con, raw, staged, catalog, ref, as_of, asked)
            judged = _expectation_counts(con, catalog, ref, as_of, asked)
            rules = [rule for rule in rules_of(catalog, ref) if rule.id in judged]
            rows, masked = _mask_counts(con, staged, rules)
        except duckdb.Error as error:
            raise JudgementFailed(f"{ref}: {type(error).__name__}") from None
        finally:
            con.close()
    return Verdict(
        rows,
        tuple(RuleCount(rule, masked.get(rule, 0), judged[rule]) for rule in judged),
    )


def _mask_counts(
    con: duckdb.DuckDBPyConnection, staged: Path, rules: list[Rule]
) -> tuple[int, dict[str, int]]:
    counts = "".join(
        f", count(*) FILTER (({rule.mask_column} & {rule.mask_value}) <> 0)" for rule in rules
    )
    row = con.execute(
        f"SELECT count(*){counts} FROM read_parquet({literal(str(staged))})"
    ).fetchone()
    assert row is not None
    return row[0], dict(zip((rule.id for rule in rules), row[1:], strict=True))


def _expectation_counts(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    ref: str,
    as_of: date,
    asked: tuple[Question, ...],
) -> dict[str, int]:
    from quality.expectations.counting import counts_of  # noqa: PLC0415 - takes seconds
    from quality.expectations.suite import expectations_of  # noqa: PLC0415

    return counts_of(con, VIEW, ref, expectations_of(catalog, ref, as_of, asked))
