"""The SQL engine over the lake: one DuckDB connection in which every table has its name.

Belongs here: connecting, naming the lake's tables, and the views that say what is current. Does
not belong here: models and queries (`assets`, `quality`) and the published files
(`warehouse.publish`).

Names: `raw.<agency>.<dataset>` (rows as delivered, of deliveries not withdrawn),
`history.<agency>.<dataset>` (the standard table as stored), `held_by.<agency>.<dataset>` (current
rows, one for a deliverer and key), `standard.<agency>.<dataset>` (current rows, one for a key),
`base.<database>.<table>`, `quality.main.<table>` and `quality.main.deliveries`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import polars as pl

from warehouse.lake import Lake
from warehouse.log import DeliveryLog, State

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


class Engine:
    """A connection whose views stand for the lake at the moment it was opened or refreshed."""

    def __init__(
        self, lake: Lake, log: DeliveryLog, schemas: Mapping[str, pl.Schema], spill: Path
    ) -> None:
        """`schemas` names every table of the lake with its columns, written or not."""
        self._lake = lake
        self._log = log
        self._schemas = schemas
        self.con = connect(spill)
        for database in _DATABASES:
            self.con.execute(f"ATTACH ':memory:' AS {database}")
        for script in sorted(MACROS.glob("*.sql")):
            self.con.execute(script.read_text(encoding="utf-8"))
        self.refresh(schemas)

    def refresh(self, names: Iterable[str]) -> None:
        """Points the views of these tables at the lake's present files."""
        for name in names:
            layer, *place = name.split("/")
            if layer == "quality":
                self._view(f"quality.main.{quoted(place[0])}", self._rows(name))
                if place[0] == "delivery_events":
                    self._deliveries()
            else:
                schema, table = place
                database = "history" if layer == "standard" else layer
                for each in ("history", "held_by", "standard") if layer == "standard" else (layer,):
                    self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {each}.{quoted(schema)}")
                self._view(
                    f"{database}.{quoted(schema)}.{quoted(table)}",
                    self._not_withdrawn(name) if layer == "raw" else self._rows(name),
                )
                if layer == "standard":
                    self._current(schema, table)

    def _view(self, name: str, query: str) -> None:
        self.con.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def _rows(self, name: str) -> str:
        columns = ", ".join(
            f"CAST(NULL AS {duckdb_type(kind)}) AS {quoted(column)}"
            for column, kind in self._schemas[name].items()
        )
        files = self._lake.files(name)
        if not files:
            return f"SELECT {columns} WHERE false"
        return f"SELECT {columns} WHERE false UNION ALL BY NAME SELECT * FROM {reading(files)}"

    def _not_withdrawn(self, name: str) -> str:
        dataset = name.removeprefix("raw/")
        gone = [
            literal(known.delivery)
            for known in self._log.deliveries
            if known.dataset == dataset and known.state in (State.WITHDRAWN, State.HELD)
        ]
        rows = self._rows(name)
        return (
            f"SELECT * FROM ({rows}) WHERE _delivery NOT IN ({', '.join(gone)})" if gone else rows
        )

    def _current(self, agency: str, dataset: str) -> None:
        """The views of what is current; they skip the sort while every key has one version."""
        table = f"{quoted(agency)}.{quoted(dataset)}"
        applied = [
            known
            for known in self._log.deliveries
            if known.dataset == f"{agency}/{dataset}" and known.state is State.APPLIED
        ]
        once = all(not known.replaced and not known.removed for known in applied)
        latest = (
            "QUALIFY row_number() OVER "
            "(PARTITION BY _agency, _key ORDER BY _seq DESC, _row DESC NULLS LAST) = 1"
        )
        self._view(
            f"held_by.{table}",
            f"SELECT * FROM history.{table}"
            if once
            else f"SELECT * FROM (SELECT * FROM history.{table} {latest}) WHERE _op = 'upsert'",
        )
        several = len({known.agency for known in applied}) > 1
        self._view(
            f"standard.{table}",
            f"SELECT * FROM held_by.{table}"
            + (
                " QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _seq DESC, _agency) = 1"
                if several
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
