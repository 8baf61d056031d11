"""The disagreements planted in a city with defects, and which of them the base tables tell.

Belongs here: labels laid beside the base tables' divergences. What is right stands in `demo.truth`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from catalog.entries import Catalog

PLANTED_DIVERGENCES = ("holder_differs",)
"""Kinds of defects that make an agency say something else than the standard source."""


def put_labels(damaged: duckdb.DuckDBPyConnection, home: Path, labels: pl.DataFrame) -> None:
    """Makes `damaged_rows` (delivery, row, column, kind): where the labels lie."""
    log = pl.read_delta(str(home / "lake" / "quality" / "delivery_events"))
    source = log.filter(pl.col("source").is_not_null()).select("delivery", file="source").unique()
    told = labels.select("file", "row", "column", "kind")
    damaged.register("labels_given", told.to_arrow())
    damaged.register("files_given", source.to_arrow())
    damaged.execute(
        'CREATE TABLE damaged_rows AS SELECT DISTINCT delivery, row, "column", kind'
        " FROM labels_given JOIN files_given USING (file)"
    )


def divergences(
    damaged: duckdb.DuckDBPyConnection, catalog: Catalog
) -> tuple[int, int, list[tuple[str, str, int]]]:
    """How many disagreements were planted in rows that the base tables take up, how many are among
    the divergences of the column that they were planted in, and (kind, delivery, row) of the
    others."""
    rows, cells = [], []
    for table in catalog.base.values():
        if len(table.contributors) < 2:
            continue
        name = f"{table.database}_{table.id}"
        rows.append(
            f"SELECT source.delivery, source.row FROM"
            f" (SELECT unnest(_contributors) AS source FROM {name})"
        )
        asked = ", ".join(
            f"('{column.id}:{table.code(source.contributor)}', '{source.column}')"
            for column in table.columns
            for source in column.sources
        )
        cells.append(
            "SELECT refs.delivered, split_part(cell, ':', 3) AS delivery,"
            " split_part(cell, ':', 4)::BIGINT AS row"
            f" FROM (SELECT unnest(string_split(_differing, ',')) AS cell FROM {name})"
            f" JOIN (VALUES {asked}) AS refs(place, delivered)"
            " ON refs.place = split_part(cell, ':', 1) || ':' || split_part(cell, ':', 2)"
        )
    told = damaged.execute(
        f"""
        WITH told AS ({" UNION ".join(cells)}), taken AS ({" UNION ".join(rows)} UNION
            SELECT delivery, row FROM told)
        SELECT kind, damaged_rows.delivery, damaged_rows.row, told.delivered IS NOT NULL
        FROM damaged_rows JOIN taken USING (delivery, row)
            LEFT JOIN told ON told.delivery = damaged_rows.delivery
                AND told.row = damaged_rows.row AND told.delivered = damaged_rows."column"
        WHERE list_contains($1, kind)
        """,
        [list(PLANTED_DIVERGENCES)],
    ).fetchall()
    missed = [(kind, delivery, row) for kind, delivery, row, found in told if not found]
    return len(told), len(told) - len(missed), missed


def labels_of(damaged: duckdb.DuckDBPyConnection) -> int:
    """How many disagreements were planted at all."""
    row = damaged.execute(
        "SELECT count(*) FROM damaged_rows WHERE list_contains($1, kind)",
        [list(PLANTED_DIVERGENCES)],
    ).fetchone()
    return int(row[0]) if row else 0
