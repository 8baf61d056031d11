"""The page of figures, `docs/benchmarks.md`: one section for each command.

Belongs here: replacing a section, forming a table. No figure is written there by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import ROOT, machine

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`, never by hand. Wall times are of whole commands, start of Python included.
"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_section(title: str, text: str, page: Path = PAGE) -> None:
    """Replaces the section of this title, or adds it at the end, with date and machine."""
    today = datetime.now(UTC).date().isoformat()
    section = f"## {title}\n\n{text}\n\nMeasured on {today}: {machine()}.\n"
    before = page.read_text(encoding="utf-8") if page.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", before)
    named = {part.split("\n", 1)[0]: part.rstrip() + "\n" for part in sections}
    named[f"## {title}"] = section
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join([head.rstrip() + "\n", *named.values()]), encoding="utf-8")
