"""Tickets on the terminal.

Belongs here: a table of tickets and one ticket in full. Counts and words of rules, no values.
"""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.table import Table

from assets.lakehouse import Lakehouse
from quality.tickets import tickets
from warehouse.engine import Engine

_STATES = {"open": "待更正", "closed": "已关闭"}
_SEVERITIES = {"error": "错误", "query": "疑问"}
_FIELDS = {
    "ticket": "工单",
    "state": "状态",
    "severity": "类别",
    "agency_name": "单位",
    "dataset_name": "数据集",
    "column_name": "数据项",
    "message": "问题",
    "open_count": "待更正",
    "closed_count": "已更正并核验",
    "relapses": "复发",
    "opened_at": "首次发现",
    "due_on": "办理期限",
    "standard": "依据",
    "how_to_correct": "如何更正",
    "example": "正确示例",
    "proof_delivery": "核验批次",
    "harms": "影响的表",
}


def ticket_table(lakehouse: Lakehouse, engine: Engine, agency: str | None, closed: bool) -> Table:
    """One row a ticket: open ones first, errors before queries, most defects first."""
    table = Table(title="工单", title_justify="left")
    for name in ("工单", "状态"):
        table.add_column(name, no_wrap=True)
    for name in ("数据集 / 单位", "问题"):
        table.add_column(name, overflow="fold")
    for name in ("待更正", "已更正", "期限"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in tickets(engine.con, lakehouse.catalog).iter_rows(named=True):
        if (agency is None or row["agency"] == agency) and (closed or row["state"] == "open"):
            table.add_row(
                row["ticket"],
                f"{_SEVERITIES[row['severity']]}\n{_STATES[row['state']]}",
                f"{row['dataset_name']}\n{row['agency_name']}",
                row["message"],
                f"{row['open_count']:,}",
                f"{row['closed_count']:,}",
                "" if row["due_on"] is None else f"{row['due_on']}",
            )
    return table


def show_ticket(console: Console, lakehouse: Lakehouse, engine: Engine, ticket: str) -> None:
    """Prints one ticket in full; KeyError when there is none of that id."""
    found = tickets(engine.con, lakehouse.catalog).filter(pl.col("ticket") == ticket)
    if found.is_empty():
        raise KeyError(f"there is no ticket {ticket}")
    row = found.row(0, named=True)
    row["state"], row["severity"] = _STATES[row["state"]], _SEVERITIES[row["severity"]]
    for field, label in _FIELDS.items():
        if row[field] not in (None, ""):
            console.print(f"{label}：{row[field]}", markup=False, highlight=False)
    if row["due_provisional"]:
        console.print("办理期限跨入尚未公布放假安排的年度，公布后将重新计算。")
