"""What a run's summary says: what was taken in, what is wrong, where to look.

Belongs here: words and tables for the terminal. File names and counts only, never a value of a row.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assets.lakehouse import Lakehouse
from pipelines.run import RunResult
from warehouse.log import Delivery, State

STATES = {
    State.RECEIVED: "待处理",
    State.APPLIED: "已接收",
    State.HELD: "已暂扣",
    State.REFUSED: "已退回",
    State.DUPLICATE: "重复交付",
    State.WITHDRAWN: "已撤回",
}


def show_run(console: Console, lakehouse: Lakehouse, result: RunResult) -> None:
    """Prints the summary of a run."""
    if result.decided:
        console.print(delivery_table(result.decided))
    for known in result.decided:
        if known.state in (State.REFUSED, State.HELD):
            told = escape(known.message or "")
            console.print(f"[red]{STATES[known.state]}[/red] {known.delivery}  {told}")
    for misplaced in result.misplaced:
        console.print(f"[yellow]未识别[/yellow] {escape(misplaced.message)}")
    for waiting in result.waiting:
        console.print(f"[yellow]等待中[/yellow] {escape(waiting)}：文件仍在写入，下次运行时再接收")
    for step in result.failures:
        console.print(f"[red]平台故障[/red] 步骤 {step} 失败，详见 Dagster 运行记录（make ui）")
    if not (result.decided or result.made or result.misplaced or result.waiting):
        console.print("没有新的交付，一切已是最新。")
    show_places(console, lakehouse)


def delivery_table(deliveries: list[Delivery]) -> Table:
    """One row a delivery: what it is, what became of it, and its balance in words."""
    table = Table(title="交付", title_justify="left")
    for name in ("批次", "状态"):
        table.add_column(name, no_wrap=True)
    table.add_column("数据集 / 文件", overflow="fold")
    table.add_column("条数", justify="right", no_wrap=True)
    table.add_column("去向", overflow="fold")
    for known in deliveries:
        parts = (
            ("新增变更", known.upserted),
            ("未变", known.unchanged),
            ("重复", known.duplicated),
            ("隔离", known.quarantined),
            ("无法读取", known.rejected),
            ("删除主键", known.removed),
        )
        owner = "" if known.dataset.startswith(f"{known.agency}/") else f"（{known.agency}）"
        table.add_row(
            known.delivery,
            STATES[known.state],
            escape(f"{known.dataset}{owner}\n{known.file}"),
            "" if known.counted is None else f"{known.counted:,}",
            "，".join(f"{name} {count:,}" for name, count in parts if count),
        )
    return table


def show_places(console: Console, lakehouse: Lakehouse) -> None:
    """Prints where everything lies."""
    home = lakehouse.home
    published = home.published / "warehouse.duckdb"
    console.print("")
    if published.exists():
        console.print(f"数据仓库  duckdb -readonly {_shown(published)}")
    if any(home.outbox.iterdir()):
        console.print(f"质量报告  {_shown(home.outbox)}/<单位>/<日期>/quality-report.xlsx")
    console.print(f"湖表      {_shown(home.lake)}")
    console.print("血缘与运行  make ui")


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
