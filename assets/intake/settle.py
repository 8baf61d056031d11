"""Settling a delivery: what of it is new, changed, gone, against what its deliverer held before.

Belongs here: one delivery's difference, as rows of the standard history. Does not belong here:
committing it (`assets.intake.apply`, `assets.intake.rebuild`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from quality.rules.model import Rule
from warehouse.engine import literal, quoted, reading
from warehouse.lake import LakeFile
from warehouse.log import Delivery

_PROVENANCE = ("_op", "_row", "_delivery", "_seq", "_agency")


class TooManyRemovals(Exception):
    """A snapshot would remove a larger share of its deliverer's keys than the dataset allows."""

    def __init__(self, removed: int, held: int, limit: float) -> None:
        self.removed, self.held, self.limit = removed, held, limit
        super().__init__(f"{removed} of {held} keys would be removed, limit {limit:.0%}")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A delivery's difference and how its accepted rows divide. Counts are rows or keys.

    accepted = upserted + unchanged + duplicated + quarantined + deleted.
    """

    file: LakeFile | None
    """Rows for the standard history; None when nothing differs."""
    upserted: int
    replaced: int
    unchanged: int
    duplicated: int
    quarantined: int
    deleted: int
    removed: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that several rows of a delivery have: the row that was taken, its line in the file, and
    rows and lines of the first of the `others`. `apart`: no two of them stand in one line."""

    key: str
    row: int
    line: int
    others: int
    apart: bool
    other_rows: list[int]
    other_lines: list[int]


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles deliveries of one dataset on one connection."""

    con: duckdb.DuckDBPyConnection
    columns: Sequence[str]
    """All columns of the standard table, in order."""
    duplicate_key: Rule
    scope: Sequence[str]
    limit: float | None
    """None where a named person has released the delivery from it."""
    key_rules: Sequence[Rule] = ()
    """Rules that a key fails by itself: its deliverer was told to replace it by another."""

    def settle(
        self, delivery: Delivery, staged: Path, before: Sequence[str], target: Path
    ) -> Settlement:
        """Writes the difference to `target`, or moves `staged` there when all of it is new.

        `before` lists the history files of the same deliverer's earlier deliveries. Raises
        TooManyRemovals before anything is written.
        """
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW staged AS FROM {reading([str(staged)])}")
        accepted, quarantined, deleted, keys = self._numbers(
            "SELECT count(*), count(*) FILTER (_key IS NULL), "
            "count(*) FILTER (_op = 'delete' AND _key IS NOT NULL), "
            "(SELECT count(*) FROM (SELECT _key FROM staged WHERE _key IS NOT NULL GROUP BY _key)) "
            "FROM staged"
        )
        repeated = accepted - quarantined - keys
        if not before and not (quarantined or deleted or repeated):
            staged.replace(target)
            return Settlement(LakeFile(target, accepted), accepted, 0, 0, 0, 0, 0, 0)
        self._prepare(before)
        removals = self._removals(delivery)
        self.con.execute(
            f"COPY ({self._difference(delivery)}) TO {literal(str(target))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        upserted, removed, replaced = self._numbers(
            "SELECT count(*) FILTER (_op = 'upsert'), count(*) FILTER (_op = 'delete'), "
            "count(*) FILTER (_op = 'upsert' AND _key IN (SELECT _key FROM earlier)) "
            f"FROM {reading([str(target)])}"
        )
        winners_deleted = self._numbers("SELECT count(*) FROM winners WHERE _op = 'delete'")[0]
        if not upserted and not removed:
            target.unlink()
        return Settlement(
            LakeFile(target, upserted + removed) if upserted or removed else None,
            upserted=upserted,
            replaced=replaced,
            unchanged=keys - winners_deleted - upserted,
            duplicated=repeated,
            quarantined=quarantined,
            deleted=winners_deleted,
            removed=max(removed, removals),
        )

    def repeated(self, raw: Path, most: int, places: int) -> list[Repeated]:
        """The first keys, at most `most`, that the settled delivery brought more than once,
        wrongly, each with at most `places` of its other rows. `raw` is its raw file."""
        found = self.con.execute(
            "SELECT _key, last, max(_line) FILTER (_row = last), count(*) - 1,"
            " count(DISTINCT _line) = count(*),"
            f" min(_row, {places}) FILTER (_row <> last),"
            f" arg_min(_line, _row, {places}) FILTER (_row <> last)"
            " FROM (SELECT s._key, s._row, r.last, coalesce(raw._line, s._row) AS _line"
            " FROM staged AS s JOIN"
            f" (FROM repeated WHERE wrongly ORDER BY last LIMIT {most}) AS r USING (_key)"
            f" JOIN {reading([str(raw)])} AS raw ON raw._row = s._row WHERE s._op = 'upsert')"
            " GROUP BY _key, last ORDER BY last"
        ).fetchall()
        return [Repeated(*each) for each in found]

    def _numbers(self, query: str) -> tuple[int, ...]:
        row = self.con.execute(query).fetchone()
        assert row is not None
        return tuple(row)

    def _prepare(self, before: Sequence[str]) -> None:
        """Views: `earlier` (what the deliverer held) and `winners` (a key's last row).

        A key that is deleted and delivered again is no duplicate: the last row tells.
        """
        named = ", ".join(quoted(column) for column in self.columns)
        self.con.execute(
            "CREATE OR REPLACE TEMP VIEW earlier AS "
            + (
                f"SELECT {named} FROM (SELECT * FROM {reading(before)} QUALIFY row_number() OVER "
                "(PARTITION BY _key ORDER BY _seq DESC, _row DESC NULLS LAST) = 1) "
                "WHERE _op = 'upsert'"
                if before
                else "FROM staged WHERE false"
            )
        )
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE repeated AS SELECT _key, max(_row) AS last, "
            "count(*) FILTER (_op = 'upsert') > 1 AS wrongly FROM staged "
            "WHERE _key IS NOT NULL GROUP BY _key HAVING count(*) > 1"
        )
        mask = quoted(self.duplicate_key.mask_column)
        self.con.execute(
            "CREATE OR REPLACE TEMP VIEW winners AS SELECT s.* REPLACE ("
            f"CASE WHEN r.wrongly THEN s.{mask} | {self.duplicate_key.mask_value}::BIGINT "
            f"ELSE s.{mask} END AS {mask}) "
            "FROM staged s LEFT JOIN repeated r ON s._key = r._key "
            "WHERE s._key IS NOT NULL AND (r._key IS NULL OR s._row = r.last)"
        )

    def _in_scope(self) -> str:
        if not self.scope:
            return "true"
        columns = ", ".join(quoted(column) for column in self.scope)
        return f"({columns}) IN (SELECT DISTINCT ({columns}) FROM staged)"

    def _removals(self, delivery: Delivery) -> int:
        """Number of keys that absence from a snapshot removes; checks the limit.

        A wrong key that gives way to a new one is a correction and no loss.
        """
        if delivery.mode != "snapshot":
            return 0
        gone = "_key NOT IN (SELECT _key FROM winners)"
        held, removed, wrong = self._numbers(
            f"SELECT count(*), count(*) FILTER ({gone}), "
            f"count(*) FILTER ({gone} AND ({self._wrong_key()})) "
            f"FROM earlier WHERE {self._in_scope()}"
        )
        if self.limit is not None and removed > (most := _most_removals(self.limit, held)):
            new = self._numbers(
                "SELECT count(*) FROM winners WHERE _op = 'upsert' "
                "AND _key NOT IN (SELECT _key FROM earlier)"
            )[0]
            if removed - min(wrong, new) > most:
                raise TooManyRemovals(removed, held, self.limit)
        return removed

    def _wrong_key(self) -> str:
        """The condition that a row's key fails a rule by itself."""
        masks: dict[str, int] = {}
        for rule in self.key_rules:
            masks[rule.mask_column] = masks.get(rule.mask_column, 0) | rule.mask_value
        failed = [f"{quoted(column)} & {mask}::BIGINT <> 0" for column, mask in masks.items()]
        return " OR ".join(failed) or "false"

    def _difference(self, delivery: Delivery) -> str:
        compared = [c for c in self.columns if c not in _PROVENANCE]
        same = " AND ".join(f"w.{quoted(c)} IS NOT DISTINCT FROM e.{quoted(c)}" for c in compared)
        named = ", ".join(f"w.{quoted(c)}" for c in self.columns)
        changed = (
            f"SELECT {named} FROM winners w LEFT JOIN earlier e ON w._key = e._key "
            f"WHERE w._op = 'upsert' AND (e._key IS NULL OR NOT ({same}))"
        )
        declared = (
            f"SELECT {self._deletion(delivery, 'w._row')} FROM earlier e "
            "JOIN winners w ON e._key = w._key WHERE w._op = 'delete'"
        )
        parts = [changed, declared]
        if delivery.mode == "snapshot":
            parts.append(
                f"SELECT {self._deletion(delivery, 'NULL::BIGINT')} FROM earlier e "
                f"ANTI JOIN winners w ON e._key = w._key WHERE {self._in_scope()}"
            )
        return " UNION ALL ".join(parts)

    def _deletion(self, delivery: Delivery, row: str) -> str:
        """The select list of a row that ends a key: nothing but the key and where it came from."""
        fixed = {
            "_key": "e._key",
            "_op": "'delete'",
            "_row": row,
            "_delivery": literal(delivery.delivery),
            "_seq": f"{delivery.seq}::BIGINT",
            "_agency": literal(delivery.agency),
        }
        return ", ".join(
            f"{fixed.get(c, '0::BIGINT' if c.startswith('_') else 'NULL')} AS {quoted(c)}"
            for c in self.columns
        )


def _most_removals(limit: float, held: int) -> float:
    """How many of the keys held may go at once.

    The limit is a share of many; of few it is exceeded by chance alone, so twice the spread of a
    count of that size comes on top. One key is never too many: a list of a dozen could not be kept
    up to date otherwise.
    """
    return max(1.0, limit * held + 2 * math.sqrt(limit * held))
