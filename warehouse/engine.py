"""The SQL engine over the lake: one DuckDB connection in which every table has its name.

Belongs here: connecting, naming the lake's tables, and the views that say what is current. Does
not belong here: models and queries (`assets`, `quality`) and the published files
(`warehouse.publish`).

Names: `raw.<agency>.<dataset>` (rows as delivered, of deliveries not withdrawn),
`history.<agency>.<dataset>` (the standard table as stored), `held_by.<agency>.<dataset>` (current
rows, one for a deliverer and key), `standard.<agency>.<dataset>` (current rows, one for a key),
`base.<database>.<table>` (present rows of a base table), `base.<database>.<table>_history` (all
that its builds wrote), `quality.main.<table>` and `quality.main.deliveries`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl

from warehouse.lake import Lake
from warehouse.log import Delivery, DeliveryLog, State

MACROS = Path(__file__).parent / "macros"
_DATABASES = ("raw", "history", "held_by", "standard", "base", "quality")


def memory_limit() -> str:
    """DuckDB's memory limit: LAKEHOUSE_MEMORY, default 1GB; beyond it DuckDB spills to disk."""
    return os.environ.get("LAKEHOUSE_MEMORY", "1GB")


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """A bare connection: no downloads, no progress bar, bounded memory, spilling to `spill`."""
    return duckdb.connect(
        config={
            "memory_limit": memory_limit(),
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
    )


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A SQL string."""
    return "'" + text.replace("'", "''") + "'"


def reading(files: Iterable[str]) -> str:
    """A table function over Parquet files; columns that older files lack are null."""
    listed = ", ".join(literal(file) for file in files)
    return f"read_parquet([{listed}], union_by_name = true)"


def duckdb_type(kind: pl.DataType) -> str:
    """The DuckDB type in which Parquet of this Polars type is read."""
    if isinstance(kind, pl.Decimal):
        return f"DECIMAL({kind.precision or 38}, {kind.scale})"
    if isinstance(kind, pl.List):
        inner = kind.inner
        return duckdb_type(inner if isinstance(inner, pl.DataType) else inner()) + "[]"
    if isinstance(kind, pl.Struct):
        parts = (
            f"{quoted(field.name)} "
            + duckdb_type(field.dtype if isinstance(field.dtype, pl.DataType) else field.dtype())
            for field in kind.fields
        )
        return f"STRUCT({', '.join(parts)})"
    return _SIMPLE_TYPES[type(kind)]


_SIMPLE_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Int32: "INTEGER",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
    pl.Boolean: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What a dataset's deliveries say about the views of its tables."""

    gone: tuple[str, ...] = ()
    """Of raw: deliveries whose rows don't count."""
    once: bool = True
    """Of standard: every key has one version."""
    several: bool = False
    """Of standard: more than one deliverer has rows."""
    key: tuple[str, ...] = ()
    """Of a base table that keeps its history: the columns that name a subject."""


def one_version_each(applied: Sequence[Delivery]) -> bool:
    """Whether the log says that a deliverer's key stands once in the history: none was replaced
    or removed."""
    return all(not known.replaced and not known.removed for known in applied)


def _told(layer: str, deliveries: Sequence[Delivery]) -> _Told:
    if layer == "raw":
        gone = (State.WITHDRAWN, State.HELD)
        return _Told(gone=tuple(known.delivery for known in deliveries if known.state in gone))
    if layer != "standard":
        return _Told()
    applied = [known for known in deliveries if known.state is State.APPLIED]
    return _Told(
        once=one_version_each(applied),
        several=len({known.agency for known in applied}) > 1,
    )


def _without(rows: str, gone: Sequence[str]) -> str:
    listed = ", ".join(literal(delivery) for delivery in gone)
    return f"SELECT * FROM ({rows}) WHERE _delivery NOT IN ({listed})" if gone else rows


def _present(history: str, key: Sequence[str], once: bool) -> str:
    """What stands of a base table; a single build wrote each subject once."""
    if once:
        return f"SELECT * EXCLUDE (_op) FROM {history}"
    named = ", ".join(quoted(column) for column in key)
    latest = f"QUALIFY row_number() OVER (PARTITION BY {named} ORDER BY _build DESC) = 1"
    return f"SELECT * EXCLUDE (_op) FROM (SELECT * FROM {history} {latest}) WHERE _op = 'upsert'"


class Engine:
    """A connection whose views stand for the lake at the moment it was opened or refreshed."""

    def __init__(
        self,
        lake: Lake,
        log: DeliveryLog,
        schemas: Mapping[str, pl.Schema],
        spill: Path,
        keys: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`schemas` names every table of the lake with its columns, written or not; `keys` the base
        tables that keep their history, with the columns that name a subject."""
        self._lake = lake
        self._log = log
        self._schemas = schemas
        self._keys = keys if keys is not None else {}
        self._shown: dict[str, tuple[list[str], _Told]] = {}
        self.con = connect(spill)
        for database in _DATABASES:
            self.con.execute(f"ATTACH ':memory:' AS {database}")
        for script in sorted(MACROS.glob("*.sql")):
            self.con.execute(script.read_text(encoding="utf-8"))
        self.refresh(schemas)

    def refresh(self, names: Iterable[str]) -> None:
        """Points the views of these tables at the lake's present files.

        A table whose files and deliveries are as they were is left alone.
        """
        deliveries: dict[str, list[Delivery]] = {}
        for known in self._log.deliveries:
            deliveries.setdefault(known.dataset, []).append(known)
        for name in names:
            layer, _, place = name.partition("/")
            files = self._lake.files(name)
            told = replace(_told(layer, deliveries.get(place, [])), key=self._keys.get(name, ()))
            if self._shown.get(name) == (files, told):
                continue
            self._show(name, files, told)
            self._shown[name] = (files, told)

    def _show(self, name: str, files: list[str], told: _Told) -> None:
        layer, schema, *table = name.split("/")
        if layer == "quality":
            self._view(f"quality.main.{quoted(schema)}", self._rows(name, files))
            if schema == "delivery_events":
                self._deliveries()
            return
        place = f"{quoted(schema)}.{quoted(table[0])}"
        for each in ("history", "held_by", "standard") if layer == "standard" else (layer,):
            self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {each}.{quoted(schema)}")
        if layer == "standard":
            self._view(f"history.{place}", self._rows(name, files))
            self._current(place, told)
        elif told.key:
            past = f"{quoted(schema)}.{quoted(table[0] + '_history')}"
            self._view(f"{layer}.{past}", self._rows(name, files))
            self._view(f"{layer}.{place}", _present(f"{layer}.{past}", told.key, len(files) <= 1))
        else:
            self._view(f"{layer}.{place}", _without(self._rows(name, files), told.gone))

    def _view(self, name: str, query: str) -> None:
        self.con.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def _rows(self, name: str, files: list[str]) -> str:
        columns = ", ".join(
            f"CAST(NULL AS {duckdb_type(kind)}) AS {quoted(column)}"
            for column, kind in self._schemas[name].items()
        )
        if not files:
            return f"SELECT {columns} WHERE false"
        return f"SELECT {columns} WHERE false UNION ALL BY NAME SELECT * FROM {reading(files)}"

    def _current(self, table: str, told: _Told) -> None:
        """The views of what is current; they skip the sort while every key has one version."""
        latest = (
            "QUALIFY row_number() OVER "
            "(PARTITION BY _agency, _key ORDER BY _seq DESC, _row DESC NULLS LAST) = 1"
        )
        self._view(
            f"held_by.{table}",
            f"SELECT * FROM history.{table}"
            if told.once
            else f"SELECT * FROM (SELECT * FROM history.{table} {latest}) WHERE _op = 'upsert'",
        )
        self._view(
            f"standard.{table}",
            f"SELECT * FROM held_by.{table}"
            + (
                " QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _seq DESC, _agency) = 1"
                if told.several
                else ""
            ),
        )

    def _deliveries(self) -> None:
        """`quality.main.deliveries`: one row a delivery, each field's last value."""
        events = self._schemas["quality/delivery_events"]
        kept = [c for c in events if c not in ("delivery", "event_no", "event", "at", "actor")]
        folded = ", ".join(
            f"arg_max({quoted(c)}, event_no) FILTER ({quoted(c)} IS NOT NULL) AS {quoted(c)}"
            for c in kept
        )
        self._view(
            "quality.main.deliveries",
            f'SELECT delivery, {folded}, min("at") AS received_at, max("at") AS decided_at, '
            "max(event_no) AS last_event FROM quality.main.delivery_events GROUP BY delivery",
        )

    def close(self) -> None:
        """Closes the connection."""
        self.con.close()
