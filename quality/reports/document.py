"""The report as JSON, described by `schema/quality-report.schema.json`.

Belongs here: names and shape of the document. It holds what the workbook holds, without the forms.
"""

from __future__ import annotations

import json
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
    return {
        "$schema": SCHEMA_ID,
        "agency": report.agency,
        "agency_name": report.agency_name,
        "bureau_name": report.bureau_name,
        "date": _plain(report.date),
        "at": _plain(report.at),
        "since": _plain(report.since),
        "catalog_version": report.catalog_version,
        "last_event_no": report.last_event_no,
        "open_errors": report.open_defects("error"),
        "open_queries": report.open_defects("query"),
        "scores": [_fields(score) for score in report.scores],
        "deliveries": [_fields(known) for known in report.deliveries],
        "tickets": [{name: _plain(row[name]) for name in _TICKET_FIELDS} for row in report.tickets],
        "finished": [_fields(row) for row in report.finished],
        "datasets": [
            {
                "dataset": section.dataset,
                "dataset_name": section.dataset_name,
                "total": section.total,
                "shown": section.shown,
                "defects": [_fields(row) for row in section.defects],
                "rejects": [_fields(row) for row in section.rejects],
            }
            for section in report.sections
        ],
        "divergences": {
            "total": report.divergences.total,
            "listed": [_fields(each) for each in report.divergences.listed],
        },
    }


def _fields(part: object) -> dict[str, Any]:
    """The fields of one part, which holds no further parts."""
    return {name: _plain(getattr(part, name)) for name in part.__slots__}  # type: ignore[attr-defined]


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def write_document(report: Report, path: Path) -> None:
    """Writes `quality-report.json`."""
    # No indent: with one, json leaves its fast encoder, and ten thousand rows take seconds.
    path.write_text(json.dumps(document(report), ensure_ascii=False) + "\n", encoding="utf-8")
