"""The verdict on a stored table: its shape, volume, key, provenance and values.

Belongs here: how DuckDB and Great Expectations count what breaks an expectation. Does not belong
here: what can be expected (`quality.expectations.expected`), what is expected of which table
(`assets`), and the verdict on a delivery, rule by rule beside the masks
(`quality.expectations.verdict`). Counts only, no values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from quality.expectations.batch import create_code_tables, create_enum, first_fault
from quality.expectations.expected import Aspect, Expected, provenance_faults, rules_of_rows
from quality.expectations.scope import JudgementFailed
from warehouse.engine import MACROS, connect, quoted, reading

if TYPE_CHECKING:
    from catalog.load import Catalog

FACTS = "facts"
JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """Counts of a table. An aspect is absent where it could not be judged: for a wrong shape, or
    for a fault of ours."""

    rows: int | None
    """None where the key's columns are not there to count by."""
    counts: Mapping[Aspect, Mapping[str, int]] = field(default_factory=dict)
    """Rule → columns (shape) or rows that break it; 1 for a number of rows out of its bounds."""

    def holds(self, aspect: Aspect) -> bool:
        """Whether the aspect was judged and nothing breaks it."""
        return aspect in self.counts and not any(self.counts[aspect].values())


def judge_table(
    files: Sequence[str], expected: Expected, catalog: Catalog, as_of: date, spill: Path
) -> TableVerdict:
    """Judges the Parquet files of a table as they lie, apart from the engine's views of them.

    Codes in force and future dates are judged by `as_of`. Memory is bounded by LAKEHOUSE_MEMORY;
    what exceeds it lies in the folder `spill` meanwhile.
    Raises JudgementFailed where shape, volume or key cannot be judged.
    """
    con = connect(spill)
    try:
        return _judge(con, _relation(files, expected), expected, catalog, as_of)
    finally:
        con.close()


def _judge(
    con: duckdb.DuckDBPyConnection, relation: str, expected: Expected, catalog: Catalog, as_of: date
) -> TableVerdict:
    from quality.expectations.counting import counts_of  # noqa: PLC0415 - takes seconds
    from quality.expectations.table_suite import of_facts, of_rows  # noqa: PLC0415

    stored = {row[0]: row[1] for row in con.execute(f"DESCRIBE {relation}").fetchall()}
    wrong = wrong_columns(stored, expected)
    keyed = set(expected.key) <= set(stored)
    keys = _keys(con, relation, expected.key) if keyed else None
    _create_facts(con, wrong, keys)
    facts = tuple(of_facts(expected, keyed))
    of_values = () if wrong or keys is None else tuple(rules_of_rows(expected))
    counts: dict[str, int] | None = None
    if of_values and keys is not None and keys.rows:
        try:
            _create_judged(con, relation, expected, catalog, as_of)
            counts = counts_of(con, JUDGED, expected.name, (*facts, *of_rows(expected)))
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except (duckdb.Error, JudgementFailed):
            # Our fault, which the missing aspects show; the error's text may quote values.
            pass
    if counts is None:
        counts = counts_of(con, FACTS, expected.name, facts)
        if keys is not None and not keys.rows:
            counts |= dict.fromkeys(of_values, 0)
    # Great Expectations says whether a fact is out of bounds; how far, the fact itself says.
    far = {"shape:columns": wrong}
    if keys is not None:
        far |= {"volume:rows": 1, "key:unique": keys.doubled, "key:not_null": keys.keyless}
    counts |= {rule: count if counts[rule] else 0 for rule, count in far.items()}
    return TableVerdict(keys.rows if keys else None, _by_aspect(counts))


def _by_aspect(counts: Mapping[str, int]) -> dict[Aspect, dict[str, int]]:
    grouped: dict[Aspect, dict[str, int]] = {}
    for name, count in counts.items():
        aspect, _, rule = name.partition(":")
        grouped.setdefault(Aspect(aspect), {})[rule] = count
    return grouped


def _relation(files: Sequence[str], expected: Expected) -> str:
    """SQL: the rows of the files, by name; none of the declared columns where there is no file."""
    if files:
        return f"SELECT * FROM {reading(files)}"
    columns = ", ".join(
        f"CAST(NULL AS {kind}) AS {quoted(c)}" for c, kind in expected.columns.items()
    )
    return f"SELECT {columns} WHERE false"


def wrong_columns(stored: Mapping[str, str], expected: Expected) -> int:
    """How many columns are missing, of another type, or declared nowhere."""
    declared = expected.columns
    missing = 0 if expected.may_lack else sum(column not in stored for column in declared)
    return missing + sum(_plain(declared.get(c, "")) != _plain(stored[c]) for c in stored)


def _plain(kind: str) -> str:
    """A type as DuckDB and `duckdb_type` both write it."""
    return kind.replace('"', "").replace(", ", ",")


@dataclass(frozen=True, slots=True)
class _Keys:
    """Rows of a table; those beyond the first of each key; those whose key is null in part."""

    rows: int
    doubled: int
    keyless: int


def _keys(con: duckdb.DuckDBPyConnection, relation: str, key: Sequence[str]) -> _Keys:
    named = ", ".join(quoted(column) for column in key)
    keyed = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in key)
    rows, keyless, different = _numbers(
        con,
        f"SELECT count(*), count(*) FILTER (NOT ({keyed})),"
        f" count(DISTINCT hash({named})) FILTER ({keyed}) FROM ({relation})",
    )
    if different < rows - keyless:
        # Equal keys have equal hashes, in a third of the memory; two keys may share one, too.
        different = _numbers(
            con, f"SELECT count(*) FROM (SELECT DISTINCT {named} FROM ({relation}) WHERE {keyed})"
        )[0]
    return _Keys(rows, rows - keyless - different, keyless)


def _numbers(con: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = con.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _create_facts(con: duckdb.DuckDBPyConnection, wrong: int, keys: _Keys | None) -> None:
    """The table `facts`, one row; all but wrong_columns null where there are no `keys`."""
    con.execute(
        f"CREATE TEMP TABLE {FACTS} AS SELECT $1::BIGINT AS wrong_columns,"
        " $2::BIGINT AS rows, $3::BIGINT AS doubled, $4::BIGINT AS keyless",
        [wrong, keys and keys.rows, keys and keys.doubled, keys and keys.keyless],
    )


def _create_judged(
    con: duckdb.DuckDBPyConnection, relation: str, expected: Expected, catalog: Catalog, as_of: date
) -> None:
    """The table `judged`: for each row its first fault by column, its faults of provenance, and
    the facts of the whole."""
    for file in sorted(MACROS.glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    elements = [catalog.elements[question.column.element] for question in expected.questions]
    create_code_tables(con, catalog, elements, as_of)
    kinds = {violation.kind for each in expected.questions for violation in each.violations}
    create_enum(con, "fault", sorted(kinds) or ["none"])
    told = [first_fault(question) for question in expected.questions]
    told += [f"({sql}) IS TRUE AS {quoted(name)}" for name, sql in provenance_faults(expected)]
    con.execute(
        f"CREATE TEMP TABLE {JUDGED} AS SELECT {FACTS}.*, {', '.join(told)}"
        f" FROM ({relation}) CROSS JOIN {FACTS}"
    )
