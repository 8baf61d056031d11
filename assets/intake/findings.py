"""What a delivery brings that no row's mask can hold: rows without key, rejects, its own faults.

Belongs here: these findings as rows of `quality/findings`, and the counts of normalisations. Does
not belong here: row rules (`quality.standardise`) and what becomes of a finding (`quality.ledger`).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl

from assets.intake.settle import Repeated
from assets.lakehouse import FINDINGS, NORMALISATIONS
from catalog.load import Catalog
from catalog.models.datasets import Dataset, FirstOf
from quality.rules.derive import normalisations_of, rules_of
from quality.rules.model import DUPLICATE_KEY
from warehouse.engine import quoted, reading
from warehouse.log import Delivery

_VALUE_CHARACTERS = 500
"""Of a rejected record's text this much stands in a finding; all of it stands in rejects."""

LINES = 5
"""So many other lines of the same key are named."""

KEY_MISSING = "key.missing"
NOTE = "note"
"""Kind of a finding that says more of a defect that stands elsewhere."""
_LACKING = "_lacking"


def row_findings(
    catalog: Catalog, delivery: Delivery, raw: Path, staged: Path, rejects: Path
) -> pl.DataFrame:
    """Findings of one delivery: quarantined rows (from staged and raw) and rejects.

    A quarantined row is known again by a hash of its delivered cells, a reject by one of its text.
    """
    dataset = catalog.datasets[delivery.dataset]
    cells = [column.id for column in dataset.columns if column.derived is None]
    frames = [
        pl.scan_parquet(staged)
        .filter(pl.col("_key").is_null())
        .select("_row", _lacking(dataset).alias(_LACKING))
        .join(pl.scan_parquet(raw), on="_row")
        .select(
            pl.lit("quarantine").alias("kind"),
            pl.lit(KEY_MISSING).alias("rule"),
            pl.concat_str([pl.col(cell).fill_null("") for cell in cells], separator="\x1f").alias(
                "identity"
            ),
            pl.col("_row").alias("row"),
            pl.col("_line").alias("line"),
            pl.lit(None, pl.String).alias("value"),
            pl.format("{}为空或无法识别，无法确定是哪一条记录，该行已隔离", _LACKING).alias(
                "message"
            ),
        )
        .collect()
    ]
    if delivery.rejected:
        frames.append(
            pl.scan_parquet(rejects)
            .select(
                pl.lit("reject").alias("kind"),
                pl.col("reason").alias("rule"),
                pl.col("text").alias("identity"),
                "row",
                "line",
                pl.col("text").str.slice(0, _VALUE_CHARACTERS).alias("value"),
                "message",
            )
            .collect()
        )
    found = pl.concat(frames, how="vertical_relaxed")
    return (
        found.with_columns(
            identity=_sha256(found["identity"]),
            dataset=pl.lit(delivery.dataset),
            agency=pl.lit(delivery.agency),
            delivery=pl.lit(delivery.delivery),
            seq=pl.lit(delivery.seq, pl.Int64),
            column=pl.lit(""),
        )
        .select(FINDINGS.names())
        .cast(FINDINGS)
    )


def _lacking(dataset: Dataset) -> pl.Expr:
    """The names of the parts of the key that a staged row lacks."""
    lacking = []
    for part in dataset.key:
        columns = part.first_of if isinstance(part, FirstOf) else (part,)
        if isinstance(part, FirstOf) and part.may_be_absent:
            continue
        told = "、".join(dataset.column(column).name for column in columns)
        name = pl.lit(told if len(columns) == 1 else f"{told}（须有一项）")
        absent = pl.all_horizontal(pl.col(column).is_null() for column in columns)
        lacking.append(pl.when(absent).then(name))
    return pl.concat_str(lacking, separator="、", ignore_nulls=True)


def _sha256(texts: pl.Series) -> pl.Series:
    return pl.Series(
        [sha256(text.encode()).hexdigest() for text in texts.to_list()], dtype=pl.String
    )


def repetition_notes(
    catalog: Catalog, delivery: Delivery, repeated: Sequence[Repeated]
) -> pl.DataFrame:
    """What the report says of keys that came more than once: with which lines.

    The mask of the row that was taken holds the defect; a note is none of its own.
    """
    dataset = catalog.datasets[delivery.dataset]
    (rule,) = (each for each in rules_of(catalog, dataset.ref) if each.id == DUPLICATE_KEY)
    shared = {
        "dataset": delivery.dataset, "agency": delivery.agency, "delivery": delivery.delivery,
        "seq": delivery.seq, "kind": NOTE, "rule": rule.id, "column": rule.columns[0],
    }  # fmt: skip
    notes = [
        {**shared, "identity": each.key, "row": each.row, "line": each.line,
         "message": f"{rule.message}：与{_others(each)}重复"}
        for each in repeated
    ]  # fmt: skip
    return pl.DataFrame(notes, schema=FINDINGS)


def _others(repeated: Repeated) -> str:
    """Where the others stand: their lines, or their numbers where several stand in one line."""
    by_line = (repeated.other_lines, "行")
    places, unit = by_line if repeated.apart else (repeated.other_rows, "条")
    told = "、".join(str(place) for place in places)
    more = f"等 {repeated.others} {unit}" if repeated.others > len(places) else ""
    return f"第 {told} {unit}{more}"


def delivery_findings(delivery: Delivery, rule: str, message: str) -> pl.DataFrame:
    """The one finding about a delivery as a whole."""
    return pl.DataFrame(
        [
            {
                "dataset": delivery.dataset,
                "agency": delivery.agency,
                "delivery": delivery.delivery,
                "seq": delivery.seq,
                "kind": "delivery",
                "rule": rule,
                "identity": "",
                "row": None,
                "line": None,
                "column": "",
                "value": None,
                "message": message,
            }
        ],
        schema=FINDINGS,
    )


def normalisation_counts(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, delivery: Delivery, staged: Path
) -> pl.DataFrame:
    """Rows that each normalisation changed, in one pass; those that changed none are left out."""
    kinds = normalisations_of(catalog, delivery.dataset)
    if not kinds:
        return pl.DataFrame(schema=NORMALISATIONS)
    counted = ", ".join(
        f"count(*) FILTER ({quoted(kind.mask_column)} & {kind.mask_value} != 0)" for kind in kinds
    )
    row = con.execute(f"SELECT {counted} FROM {reading([str(staged)])}").fetchone()
    assert row is not None
    return pl.DataFrame(
        [
            {
                "delivery": delivery.delivery,
                "dataset": delivery.dataset,
                "column": kind.column,
                "kind": kind.kind,
                "rows": rows,
            }
            for kind, rows in zip(kinds, row, strict=True)
            if rows
        ],
        schema=NORMALISATIONS,
    )
