"""What a run's summary says: what was taken in, what is wrong, where to look.

Belongs here: words and tables for the terminal. File names and counts only, never a value of a row.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assets import freshness
from assets.lakehouse import Lakehouse
from assets.links import linked
from catalog.entries import Catalog
from pipelines.layout import compact_table
from pipelines.run import RunResult
from quality.tickets import tickets
from warehouse.log import Delivery, State

SHOWN_SINGLY = 20
"""Of more deliveries than this, a run's summary tells by dataset."""

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
        by_dataset = len(result.decided) > SHOWN_SINGLY
        form = dataset_table if by_dataset else delivery_table
        console.print(form(lakehouse.catalog, result.decided))
        if by_dataset:
            console.print(f"逐批查看：{_command()} deliveries list", highlight=False)
    for known in result.decided:
        if known.state in (State.REFUSED, State.HELD):
            told = escape(known.message or "")
            console.print(f"[red]{STATES[known.state]}[/red] {known.delivery}  {told}")
        if known.our_fault:
            again = f"lakehouse deliveries release {known.delivery}"
            console.print(f"[red]平台故障[/red] 修复后放行：{again} --by … --reason …")
    for misplaced in result.misplaced:
        console.print(f"[yellow]未识别[/yellow] {escape(misplaced.message)}")
    for waiting in result.waiting:
        console.print(f"[yellow]等待中[/yellow] {escape(waiting)}：文件仍在写入，下次运行时再接收")
    for step in result.failures:
        console.print(f"[red]平台故障[/red] 步骤 {step} 失败，详见 Dagster 运行记录（make ui）")
    _show_unjudged(console, result)
    if freshness.LINKS in result.made:
        _show_links(console, lakehouse)
    if not (result.decided or result.made or result.misplaced or result.waiting):
        console.print("没有新的交付，一切已是最新。")
    if result.decided or result.made:
        show_defects(console, lakehouse, result)
    show_places(console, lakehouse)


def _show_unjudged(console: Console, result: RunResult) -> None:
    for rule in result.unjudged:
        if rule.failed:
            told = (
                f"[red]平台故障[/red] 规则 {rule.rule} 无法比对（{rule.reason}），"
                "其已有问题保持原样，下次运行再比对"
            )
        else:
            told = (
                f"[yellow]暂不判定[/yellow] 规则 {rule.rule} 涉及的行过多（{rule.reason}），"
                "疑为所比对的数据不全，未追究任何单位"
            )
        console.print(told)


def _show_links(console: Console, lakehouse: Lakehouse) -> None:
    for each in linked(lakehouse):
        dataset = lakehouse.catalog.datasets.get(each.dataset)
        told = (
            f"对应主体  {dataset.name if dataset else each.dataset}："
            f"没有合格代码的 {each.records:,} 条，对应到登记主体 {each.linked:,} 条"
        )
        console.print(told, highlight=False)


def show_undone(console: Console, lakehouse: Lakehouse, done: Delivery, result: RunResult) -> None:
    """Prints what holding, releasing, withdrawing or replaying a delivery changed."""
    console.print(delivery_table(lakehouse.catalog, [done]))
    if done.message:
        console.print(done.message, markup=False)
    for step in result.failures:
        console.print(f"[red]平台故障[/red] 步骤 {step} 失败，详见 Dagster 运行记录（make ui）")
    show_defects(console, lakehouse, result)


def show_defects(console: Console, lakehouse: Lakehouse, result: RunResult) -> None:
    """One row a deliverer: what the run's events changed, and what is to be corrected now.

    Where a step failed, having found nothing says nothing, and so it isn't said.
    """
    with lakehouse.engine() as engine:
        changed = pl.DataFrame(
            engine.con.sql(
                "SELECT agency, count(*) FILTER (event IN ('opened', 'reopened')) AS opened, "
                "count(*) FILTER (event = 'closed') AS closed, "
                "count(*) FILTER (event = 'withdrawn') AS withdrawn "
                "FROM quality.main.defect_events WHERE event_no > $before GROUP BY agency",
                params={"before": result.events_before},
            )
        )
        known = tickets(engine.con, lakehouse.catalog).filter(state="open")
    standing = known.group_by("agency").agg(
        pl.col("open_count").filter(severity="error").sum().alias("errors"),
        pl.col("open_count").filter(severity="query").sum().alias("queries"),
        pl.len().alias("tickets"),
        pl.col("due_on").min(),
    )
    table = compact_table("问题")
    table.add_column("单位", overflow="fold")
    for name in ("新增", "已更正", "待更正", "待核实", "工单", "最近期限"):
        table.add_column(name, justify="right", no_wrap=True)
    counts, withdrawn = ("opened", "closed", "errors", "queries", "tickets"), 0
    for row in (
        changed.join(standing, on="agency", how="full", coalesce=True)
        .sort(pl.col("errors").fill_null(0), "agency", descending=[True, False])
        .iter_rows(named=True)
    ):
        withdrawn += row["withdrawn"] or 0
        agency = lakehouse.catalog.agencies.get(row["agency"])
        table.add_row(
            agency.name if agency else row["agency"],
            *(f"{row[name] or 0:,}" for name in counts),
            "" if row["due_on"] is None else f"{row['due_on']}",
        )
    if table.row_count:
        console.print(table)
        if withdrawn:
            console.print(f"另有 {withdrawn:,} 个问题因依据的交付或规则变化而撤回")
    elif not result.failures:
        console.print("没有发现问题。")


def delivery_table(catalog: Catalog, deliveries: list[Delivery]) -> Table:
    """One row a delivery: what it is, what became of it, and its balance in words."""
    table = compact_table("交付")
    for name in ("批次", "状态"):
        table.add_column(name, no_wrap=True)
    table.add_column("数据集 / 单位 / 文件", overflow="fold")
    table.add_column("条数", justify="right", no_wrap=True)
    table.add_column("去向", overflow="fold")
    for known in deliveries:
        dataset, agency = catalog.datasets.get(known.dataset), catalog.agencies.get(known.agency)
        table.add_row(
            known.delivery,
            STATES[known.state],
            f"{dataset.name if dataset else known.dataset}\n"
            f"{agency.name if agency else known.agency}\n{escape(known.file)}",
            "" if known.counted is None else f"{known.counted:,}",
            _balance([known]),
        )
    return table


def dataset_table(catalog: Catalog, deliveries: list[Delivery]) -> Table:
    """One row a dataset: how many deliveries in which state, and their balance together."""
    table = compact_table("交付")
    table.add_column("数据集", overflow="fold")
    table.add_column("批次", no_wrap=True)
    table.add_column("条数", justify="right", no_wrap=True)
    table.add_column("去向", overflow="fold")
    by_dataset: dict[str, list[Delivery]] = {}
    for known in deliveries:
        by_dataset.setdefault(known.dataset, []).append(known)
    for ref in sorted(by_dataset):
        batch = by_dataset[ref]
        states = Counter(STATES[known.state] for known in batch)
        dataset = catalog.datasets.get(ref)
        table.add_row(
            dataset.name if dataset else ref,
            "，".join(f"{name} {count}" for name, count in states.items()),
            f"{sum(known.counted or 0 for known in batch):,}",
            _balance(batch),
        )
    return table


def _balance(deliveries: list[Delivery]) -> str:
    """What became of the deliveries' rows, in words; what there is none of is left out."""
    parts = {
        "新增变更": sum(known.upserted or 0 for known in deliveries),
        "未变": sum(known.unchanged or 0 for known in deliveries),
        "重复": sum(known.duplicated or 0 for known in deliveries),
        "隔离": sum(known.quarantined or 0 for known in deliveries),
        "无法读取": sum(known.rejected or 0 for known in deliveries),
        "删除主键": sum(known.removed or 0 for known in deliveries),
    }
    return "，".join(f"{name} {count:,}" for name, count in parts.items() if count)


def show_places(console: Console, lakehouse: Lakehouse) -> None:
    """Prints where everything lies."""
    home = lakehouse.home
    published = home.published / "warehouse.duckdb"
    console.print("")
    if published.exists():
        console.print(f"数据仓库  duckdb -readonly {_shown(published)}")
    if any(home.outbox.iterdir()):
        console.print(
            f"质量报告  {_shown(home.outbox)}/<单位>/<日期>/quality-report.xlsx", highlight=False
        )
        console.print(f"工单      {_command()} tickets list", highlight=False)
    console.print(f"湖表      {_shown(home.lake)}")
    console.print("血缘运行  make ui")


def _command() -> str:
    """The command line as the reader can call it from here."""
    return "lakehouse" if shutil.which("lakehouse") else _shown(Path(sys.argv[0]).absolute())


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
