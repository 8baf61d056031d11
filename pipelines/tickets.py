"""Tickets on the terminal.

Belongs here: tables of tickets and one ticket in full. Counts and words of rules, no values.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table

from assets.lakehouse import Lakehouse
from pipelines.layout import compact_table
from quality.reports.texts import due_text
from quality.tickets import TicketDetail, ticket, tickets
from warehouse.engine import Engine

_STATES = {"open": "待更正", "closed": "已办结"}
_SEVERITIES = {"error": "错误", "query": "疑问"}
_EVENTS = {"opened": "发现", "reopened": "再次出现", "closed": "已更正", "withdrawn": "撤回"}
_FIELDS = {
    "ticket": "工单",
    "state": "状态",
    "severity": "性质",
    "agency_name": "单位",
    "dataset_name": "数据集",
    "column_name": "栏目",
    "message": "问题",
    "standard": "依据",
    "how_to_correct": "如何更正",
    "example": "正确示例",
    "open_count": "待更正",
    "closed_count": "已更正并核验",
    "relapses": "反复",
    "opened_at": "首次发现",
    "due_on": "办理期限",
    "proof_delivery": "核验批次",
    "harms": "影响的表",
}


def show_tickets(
    console: Console, lakehouse: Lakehouse, engine: Engine, agency: str | None, closed: bool
) -> None:
    """Prints a table for each deliverer and dataset: open tickets first, errors before queries."""
    found = [
        row
        for row in tickets(engine.con, lakehouse.catalog).iter_rows(named=True)
        if agency in (None, row["agency"]) and (closed or row["state"] == "open")
    ]
    if not found:
        console.print("没有工单。" if closed else "没有待更正的工单。")
        return

    def owner(row: dict[str, Any]) -> tuple[str, str]:
        return row["agency_name"], row["dataset_name"]

    for (agency_name, dataset_name), rows in groupby(sorted(found, key=owner), owner):
        console.print(_table(f"{agency_name}  {dataset_name}", list(rows)))
    count = sum(row["open_count"] for row in found)
    console.print(
        f"共 {len(found):,} 张工单，待更正问题 {count:,} 个。"
        "逐张查看：lakehouse tickets show 工单编号"
    )


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = compact_table(title)
    for name in ("工单", "性质"):
        table.add_column(name, no_wrap=True)
    table.add_column("问题", overflow="fold")
    for name in ("待更正", "已更正", "期限"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row["ticket"],
            _SEVERITIES[row["severity"]],
            row["message"],
            f"{row['open_count']:,}",
            f"{row['closed_count']:,}",
            _STATES["closed"] if row["state"] == "closed" else due_text(row["due_on"], False),
        )
    return table


def show_ticket(console: Console, lakehouse: Lakehouse, engine: Engine, ticket_id: str) -> None:
    """Prints one ticket in full; KeyError when there is none of that id."""
    detail = ticket(engine.con, lakehouse.catalog, ticket_id)
    row = detail.ticket | {
        "state": _STATES[detail.ticket["state"]],
        "severity": _SEVERITIES[detail.ticket["severity"]],
        "opened_at": _moment(detail.ticket["opened_at"]),
        "due_on": due_text(detail.ticket["due_on"], detail.ticket["due_provisional"]),
    }
    for name, label in _FIELDS.items():
        if row[name] not in (None, ""):
            console.print(f"{label}：{row[name]}", markup=False, highlight=False)
    if detail.ticket["due_provisional"]:
        console.print("办理期限跨入尚未公布放假安排的年度，公布后将重新计算。")
    _show_course(console, detail)


def _show_course(console: Console, detail: TicketDetail) -> None:
    console.print("经过：")
    for at, event, delivery, reason, defects in detail.history.iter_rows():
        told = f"  {_moment(at)}  {delivery}  {_EVENTS[event]} {defects:,} 个  {reason or ''}"
        console.print(told.rstrip(), markup=False, highlight=False)
    if detail.places.height:
        shown, total = detail.places.height, detail.ticket["open_count"]
        console.print(f"待更正之处（共 {total:,} 处，列出 {shown:,} 处）：")
    for delivery, file, sheet, row, line, _ in detail.places.iter_rows():
        within = f"工作表“{sheet}”" if sheet else ""
        place = f"第 {line} 行" if line is not None else f"第 {row} 条" if row is not None else ""
        told = "  ".join(part for part in (delivery, file, within, place) if part)
        console.print(f"  {told}", markup=False, highlight=False)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
