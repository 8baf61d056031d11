"""Writing the agencies' reports into the outbox.

Belongs here: for whom, where to, and that no half report is ever seen.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from catalog.entries import Catalog
from quality.reports.collect import Previous, collect, latest_news, reporting
from quality.reports.digest import write_digest
from quality.reports.document import write_document
from quality.reports.model import NO_DIVERGENCES, Divergences, Report, ReportSummary
from quality.reports.workbook import write_correction_file, write_workbook
from quality.tickets import tickets

DOCUMENT = "quality-report.json"
_AT_ONCE = 2


def write_reports(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    outbox: Path,
    day: date,
    at: datetime,
    agencies: Iterable[str] | None = None,
    divergences: Mapping[str, Divergences] = MappingProxyType({}),
) -> list[ReportSummary]:
    """Writes `outbox/<agency>/<day>/` for each agency with something new or open, or with
    divergences.

    By default all agencies of the catalogue. What is new is counted from the agency's last report
    of an earlier day, so a second report of one day replaces the first and loses nothing.
    """
    all_tickets = tickets(con, catalog)
    concerned = set(all_tickets.filter(pl.col("state") == "open")["agency"])
    news = latest_news(con)
    waiting = deque[tuple[str, Previous, Divergences]]()
    for agency in sorted(catalog.agencies if agencies is None else agencies):
        previous = _previous(outbox / agency, day)
        differing = divergences.get(agency, NO_DIVERGENCES)
        if agency in concerned or differing.total or previous.precedes(news.get(agency)):
            waiting.append((agency, previous, differing))

    def write_waiting() -> list[ReportSummary]:
        written = []
        with reporting(con) as cursor:
            while waiting:
                agency, previous, differing = waiting.popleft()
                report = collect(
                    cursor, catalog, all_tickets, agency, day, at, previous, divergences=differing
                )
                written.append(_write(report, outbox / agency / day.isoformat()))
        return written

    # While one writes a workbook, which is Python's, DuckDB gathers the facts of the other.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        writing = [pool.submit(write_waiting) for _ in range(_AT_ONCE)]
    return sorted((each for done in writing for each in done.result()), key=attrgetter("agency"))


def _previous(folder: Path, day: date) -> Previous:
    """What the agency's last report of an earlier day had told."""
    documents = sorted(
        path for path in folder.glob(f"????-??-??/{DOCUMENT}") if path.parent.name < day.isoformat()
    )
    if not documents:
        return Previous()
    told = json.loads(documents[-1].read_text(encoding="utf-8"))
    # Reports of before there were scores have none.
    scores = {each["id"]: each["score"] for each in told.get("scores", ())}
    return Previous(datetime.fromisoformat(told["at"]), told["last_event_no"], scores)


def _write(report: Report, folder: Path) -> ReportSummary:
    """All files are finished under a hidden name before any is seen; the JSON comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / ".work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    write_workbook(report, work / "quality-report.xlsx")
    write_digest(report, work / "digest.md")
    corrections = _write_corrections(report, work)
    write_document(report, work / DOCUMENT)
    for outdated in folder.glob("correction-*"):
        if outdated.name not in corrections:
            outdated.unlink()
    for name in [*corrections, "quality-report.xlsx", "digest.md", DOCUMENT]:
        os.replace(work / name, folder / name)
    work.rmdir()
    return ReportSummary(
        agency=report.agency,
        folder=folder,
        errors=report.open_defects("error"),
        queries=report.open_defects("query"),
        corrected=sum(row.defects for row in report.finished if row.event == "closed"),
        withdrawn=sum(row.defects for row in report.finished if row.event == "withdrawn"),
        deliveries=len(report.deliveries),
    )


def _write_corrections(report: Report, work: Path) -> list[str]:
    """The correction sheets as files that can be delivered as they are, with their manifests."""
    names = []
    for section in report.sections:
        for form in section.corrections:
            agency, dataset = section.dataset.split("/")
            parts = ["correction", *([agency] if agency != report.agency else []), dataset]
            name = "-".join([*parts, *([form.shape] if form.shape else [])]) + ".xlsx"
            write_correction_file(report, form, work / name)
            manifest = json.dumps({"mode": "increment"}) + "\n"
            (work / f"{name}.manifest.json").write_text(manifest, encoding="utf-8")
            names += [name, f"{name}.manifest.json"]
    return names
