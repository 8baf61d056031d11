"""Measuring the sources that something changed, and appending what differs to the lake.

Belongs here: what they are measured from, and one commit for all of a run. Does not belong here:
what is counted and how it is judged (`quality.sources`); needs no Dagster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl

from assets.base.agreement import Agreement, agreements
from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from catalog.models.elements import Element
from quality.between.model import rules_told
from quality.ledger.present import view_defects
from quality.punctuality import last_arrived
from quality.sources.admission import judge
from quality.sources.entries import settled
from quality.sources.measure import measure
from quality.sources.table import (
    SOURCE_QUALITY,
    SOURCES_TABLE,
    Column,
    Line,
    Measure,
    row_of,
    stored_lines,
)
from warehouse.engine import Engine

METHOD = 1
"""Raised when something else is counted, or counted otherwise: then all is counted anew."""


def measure_sources(lakehouse: Lakehouse, engine: Engine) -> int:
    """Appends what is new to `quality/source_quality`; the number of lines, 0 where nothing is.

    Killed at any point and run again, it appends the same lines once.
    """
    lake, catalog = lakehouse.lake, lakehouse.catalog
    lake.ensure(SOURCES_TABLE, SOURCE_QUALITY, "标准源目录：各数据集各列的质量和认可状态")
    engine.refresh(lakehouse.schemas)
    view_defects(engine.con)
    before = stored_lines(lake)
    bases = _bases(lakehouse, engine, before)
    measured = _measured(engine, catalog, before, bases)
    arrived = last_arrived(lakehouse.log.deliveries)
    day = last_decision(engine.con)
    standard = {(source.dataset, source.column): element for element, source, _ in settled(catalog)}
    now = {
        column: _judged(
            catalog, replace(found, delivered_on=arrived.get(found.dataset)),
            standard.get(column), before.get(column), bases[found.dataset], day,
        )
        for column, found in measured.items()
    }  # fmt: skip
    new = [line for column, line in now.items() if line != before.get(column)]
    first = lake.rows(SOURCES_TABLE) + 1
    rows = [
        {"no": no, "catalog_version": catalog.version, **row_of(line)}
        for no, line in enumerate(new, start=first)
    ]
    lake.append(SOURCES_TABLE, pl.DataFrame(rows, schema=SOURCE_QUALITY), f"lines-{first}")
    engine.refresh([SOURCES_TABLE])
    return len(new)


def last_decision(con: duckdb.DuckDBPyConnection) -> date:
    """The day of the log's last event: what is stored follows from the deliveries, never from the
    clock. The first of days before any event."""
    found = con.execute('select max("at")::date from quality.main.delivery_events').fetchone()
    return found[0] if found and found[0] else date.min


def _bases(lakehouse: Lakehouse, engine: Engine, before: Mapping[Column, Line]) -> dict[str, str]:
    """Ref of each dataset that was ever delivered → hash of what its columns are measured from."""
    lake, catalog = lakehouse.lake, lakehouse.catalog
    events: Mapping[str, int] = dict(
        engine.con.execute(
            "select dataset, max(event_no) from quality.main.defect_events group by dataset"
        ).fetchall()
    )
    compared: dict[str, list[tuple[str, int | None, str]]] = {}
    for table in catalog.base.values():
        told = (table.ref, lake.version(table.lake_name), table.model_dump_json())
        for ref in table.datasets:
            compared.setdefault(ref, []).append(told)
    known = {ref for ref, _ in before}
    return {
        ref: _hash(
            lake.version(f"standard/{ref}"), catalog.dataset_version(ref), events.get(ref, 0),
            [(rule.id, rule.severity) for rule in rules_told(catalog, ref)], compared.get(ref),
        )
        for ref in catalog.datasets
        if ref in known or (lake.exists(f"standard/{ref}") and lake.rows(f"standard/{ref}"))
    }  # fmt: skip


def _measured(
    engine: Engine, catalog: Catalog, before: Mapping[Column, Line], bases: Mapping[str, str]
) -> dict[Column, Measure]:
    """Every column of the delivered datasets; those of an unchanged basis as they were."""
    kept = {
        column: line.measure
        for column, line in before.items()
        if bases.get(line.measure.dataset) == line.basis
    }
    unchanged = {ref for ref, _ in kept}
    due = [ref for ref in bases if ref not in unchanged]
    agreed: Mapping[Column, Agreement] = agreements(engine, catalog) if due else {}
    for ref in due:
        for found in measure(engine.con, catalog, ref):
            column = (ref, found.column)
            agreement = agreed.get(column, Agreement())
            kept[column] = replace(
                found, compared=agreement.compared, differing=agreement.differing
            )
    return kept


def _judged(
    catalog: Catalog,
    found: Measure,
    element: Element | None,
    before: Line | None,
    basis: str,
    day: date,
) -> Line:
    """The column's line; `element` where it is the standard source of one."""
    if element is None:
        return Line(found, None, (), (None, None, None), basis)
    known = before if before and before.measure.element == element.id else None
    dataset = catalog.datasets[found.dataset]
    judgement = judge(
        catalog, element, dataset, found.column, found, known.state if known else None, day
    )
    rests = judgement.suspension
    told = (rests.by, rests.on, rests.reason) if rests else (None, None, None)
    return Line(found, str(judgement.state), judgement.failing, told, basis)


def _hash(*told: object) -> str:
    return hashlib.sha256(repr((METHOD, *told)).encode()).hexdigest()[:16]
