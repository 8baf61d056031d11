"""Bits of rules in the mask, assigned once and never reused.

Belongs here: finding rules without a bit and giving them the next one in `rule_bits.csv`. The file
is only ever appended to: a retired rule keeps its row, since old masks still hold its bit.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from quality.rules.derive import unnumbered_rules

if TYPE_CHECKING:
    from catalog.load import Catalog

HEADER = ("dataset", "rule", "bit")


def unassigned(catalog: Catalog) -> list[tuple[str, str]]:
    """(dataset, rule id) of every rule that has no bit yet, in the order of the catalogue."""
    return [
        (ref, rule.id)
        for ref in sorted(catalog.datasets)
        for rule in unnumbered_rules(catalog, ref)
        if rule.id not in catalog.rule_bits.get(ref, {})
    ]


def assign(catalog: Catalog, path: Path) -> list[tuple[str, str, int]]:
    """Appends a bit for every rule without one to `path` and returns the rows appended.

    The next bit is one above the highest ever given in the dataset, retired rules included.
    Reads the bits given from the file itself, so that assigning twice appends nothing.
    """
    given = _given(path)
    rows: list[tuple[str, str, int]] = []
    for ref in sorted(catalog.datasets):
        bits = given[ref]
        following = max(bits.values(), default=-1) + 1
        for rule in unnumbered_rules(catalog, ref):
            if rule.id not in bits:
                rows.append((ref, rule.id, following))
                following += 1
    if rows:
        _append(path, rows)
    return rows


def _given(path: Path) -> defaultdict[str, dict[str, int]]:
    given: defaultdict[str, dict[str, int]] = defaultdict(dict)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                given[row["dataset"]][row["rule"]] = int(row["bit"])
    return given


def _append(path: Path, rows: list[tuple[str, str, int]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists() or path.stat().st_size == 0:
        writer.writerow(HEADER)
    elif not path.read_bytes().endswith(b"\n"):
        text.write("\n")
    writer.writerows(rows)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
