"""The standard-source catalogue (标准源目录) on the terminal, and as JSON.

Belongs here: showing it. Does not belong here: how entries are judged and proposed
(`quality.sources`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import typer
from rich.console import Console
from rich.table import Table

from catalog.load import Catalog
from pipelines.layout import compact_table
from quality.sources.admission import STATES, Judgement, State, percent
from quality.sources.entries import Entry, Use, entries
from quality.sources.evidence import Candidate, Unsettled, reasons, unsettled
from quality.sources.table import Column, Line, Measure


def show_sources(
    catalog: Catalog,
    lines: Mapping[Column, Line],
    today: date,
    element: str | None = None,
    as_json: bool = False,
) -> None:
    """Prints every entry, then each unsettled element with its evidence; or those of `element`."""
    wanted = [e for e in entries(catalog, lines, today) if element in (None, e.element.id)]
    open_ones = [u for u in unsettled(catalog, lines, today) if element in (None, u.element.id)]
    if as_json:
        told = {
            "entries": [_entry(catalog, entry) for entry in wanted],
            "unsettled": [_unsettled(each) for each in open_ones],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    if wanted:
        console.print(_entries_table(catalog, wanted))
        _counts(console, wanted)
    for each in open_ones:
        console.print(_evidence_table(catalog, each))
    if not wanted and not open_ones:
        console.print("该数据元的值由各数据集各自产生，不设标准源。")


def _counts(console: Console, shown: list[Entry]) -> None:
    states = [entry.judgement.state for entry in shown]
    told = "，".join(f"{name} {states.count(state)}" for state, name in STATES.items())
    proposed = sum(entry.judgement.proposes_suspension for entry in shown)
    console.print(f"共 {len(shown)} 项：{told}；建议暂停 {proposed}（是否暂停由人决定）")


def _entries_table(catalog: Catalog, shown: list[Entry]) -> Table:
    table = compact_table("标准源目录（《管理办法》第十八条）")
    for title in ("数据元", "责任单位", "标准源", "标准", "质量", "状态", "取用及取值次序"):
        table.add_column(title, overflow="fold")
    for entry in shown:
        standard = entry.element.standard
        table.add_row(
            f"{entry.element.name}\n{entry.element.id}",
            catalog.agencies[entry.dataset.agency].short_name,
            entry.source.place,
            standard.code if standard else "—",
            _quality(entry.measure),
            _state(entry.judgement),
            "\n".join(_use(catalog, use) for use in entry.uses) or "—",
        )
    return table


def _use(catalog: Catalog, use: Use) -> str:
    """The column, then the names of the datasets asked, in order."""
    asked = dict.fromkeys(place.partition(".")[0] for place in use.order)
    names = [catalog.datasets[ref].name for ref in asked]
    return f"{use.place}：{' → '.join(names) or '无来源可取'}"


def _quality(measure: Measure | None) -> str:
    if measure is None or not measure.rows:
        return "未测"
    told = [
        f"{measure.rows:,} 行",
        f"填写 {_share(measure.filled_share)}",
        f"正确 {_share(measure.valid_share)}",
    ]
    if measure.compared:
        told.append(f"一致 {_share(measure.agreement)}")
    if measure.delivered_on:
        told.append(f"最近交付 {measure.delivered_on}")
    return "\n".join(told)


def _share(share: float | None) -> str:
    return "—" if share is None else percent(share)


def _state(judgement: Judgement) -> str:
    told = [STATES[judgement.state]]
    if judgement.suspension:
        rests = judgement.suspension
        told.append(f"{rests.by}于 {rests.on} 暂停：{rests.reason}")
    if judgement.proposes_suspension:
        told.append("建议暂停")
    return "\n".join([*told, *map(str, judgement.shortcomings)])


def _evidence_table(catalog: Catalog, told: Unsettled) -> Table:
    table = compact_table(f"待定标准源：{told.element.name}（{told.element.id}），{told.why}")
    table.add_column("建议次序", justify="right", no_wrap=True)
    for title in ("责任单位", "来源", "质量", "理由"):
        table.add_column(title, overflow="fold")
    for place, candidate in enumerate(told.candidates):
        table.add_row(
            str(place + 1),
            catalog.agencies[candidate.dataset.agency].short_name,
            candidate.place,
            _quality(candidate.measure),
            reasons(told.candidates, place),
        )
    return table


def _entry(catalog: Catalog, entry: Entry) -> dict[str, object]:
    judgement, standard = entry.judgement, entry.element.standard
    rests = judgement.suspension if judgement.state is State.SUSPENDED else None
    return {
        "element": entry.element.id,
        "element_name": entry.element.name,
        "agency": entry.dataset.agency,
        "agency_name": catalog.agencies[entry.dataset.agency].name,
        "dataset": entry.source.dataset,
        "column": entry.source.column,
        "standard": standard.code if standard else None,
        "quality": _measured(entry.measure),
        "state": str(judgement.state),
        "state_name": STATES[judgement.state],
        "failing": list(judgement.failing),
        "reasons": [str(each) for each in judgement.shortcomings],
        "proposes_suspension": judgement.proposes_suspension,
        "suspension": rests.model_dump() if rests else None,
        "fallback": {use.place: list(use.order) for use in entry.uses},
    }


def _unsettled(told: Unsettled) -> dict[str, object]:
    return {
        "element": told.element.id,
        "element_name": told.element.name,
        "why": told.why,
        "proposal": [
            _candidate(candidate, place, told) for place, candidate in enumerate(told.candidates)
        ],
    }


def _candidate(candidate: Candidate, place: int, told: Unsettled) -> dict[str, object]:
    return {
        "place": place + 1,
        "agency": candidate.dataset.agency,
        "dataset": candidate.dataset.ref,
        "column": candidate.column,
        "quality": _measured(candidate.measure),
        "late_cycles": candidate.late,
        "reasons": reasons(told.candidates, place),
    }


def _measured(measure: Measure | None) -> dict[str, object] | None:
    if measure is None:
        return None
    day = measure.delivered_on
    return {
        "rows": measure.rows,
        "filled": measure.filled,
        "valid": measure.valid,
        "compared": measure.compared,
        "differing": measure.differing,
        "delivered_on": day.isoformat() if day else None,
    }
