"""The report as JSON, described by `schema/quality-report.schema.json`.

Belongs here: names and shape of the document. It holds what the workbook holds, without the forms.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from quality.reports.model import Report

SCHEMA_FILE = Path(__file__).parent / "schema" / "quality-report.schema.json"
SCHEMA_ID = "urn:lakehouse:quality-report:1"
"""Names the document's form and version; every document says it in `$schema`."""

_TICKET_FIELDS = (
    "ticket", "severity", "dimension", "dataset", "dataset_name", "rule", "kind", "column",
    "column_name", "message", "standard", "how_to_correct", "example", "open_count",
    "closed_count", "withdrawn_count", "relapses", "opened_at", "open_since", "due_on",
    "due_provisional", "harms",
)  # fmt: skip


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values: times as ISO text of Asia/Shanghai, without zone."""
    plain = {
        "$schema": SCHEMA_ID,
        "agency": report.agency,
        "agency_name": report.agency_name,
        "bureau_name": report.bureau_name,
        "date": report.date,
        "at": report.at,
        "since": report.since,
        "catalog_version": report.catalog_version,
        "last_event_no": report.last_event_no,
        "open_errors": report.open_defects("error"),
        "open_queries": report.open_defects("query"),
        "deliveries": [asdict(known) for known in report.deliveries],
        "tickets": [{name: row[name] for name in _TICKET_FIELDS} for row in report.tickets],
        "finished": [asdict(row) for row in report.finished],
        "datasets": [
            {
                "dataset": section.dataset,
                "dataset_name": section.dataset_name,
                "total": section.total,
                "shown": section.shown,
                "defects": [asdict(row) for row in section.defects],
                "rejects": [asdict(row) for row in section.rejects],
            }
            for section in report.sections
        ],
    }
    return {name: _json(value) for name, value in plain.items()}


def _json(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_json(item) for item in value]
    return value


def write_document(report: Report, path: Path) -> None:
    """Writes `quality-report.json`."""
    text = json.dumps(document(report), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
