"""A progress bar for each delivery that is being taken in.

Belongs here: what a person at a terminal sees meanwhile; a log file gets nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from assets.progress import listening
from warehouse.log import Delivery


@contextmanager
def following(console: Console) -> Iterator[None]:
    """Shows a bar a delivery while the block runs: its file, its stage, the share read."""
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}
        whole = bars.add_task("更新数据", total=None)

        def show(delivery: Delivery, stage: str, done: int) -> None:
            if delivery.delivery not in tasks:
                tasks[delivery.delivery] = bars.add_task(delivery.file, total=delivery.size)
            task = tasks[delivery.delivery]
            bars.update(task, advance=done, description=f"{delivery.file}  {stage}")

        with listening(show):
            yield
        bars.update(whole, total=1, completed=1)
