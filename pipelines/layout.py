"""How tables look on the terminal.

Belongs here: the one look they share. What stands in them belongs to the commands.
"""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table


def compact_table(title: str) -> Table:
    """An empty table without vertical lines, so that eighty characters hold Chinese sentences."""
    return Table(
        title=title, title_justify="left", title_style="bold",
        box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False,
    )  # fmt: skip
