"""What has ever been registered: `register.csv`, which is only appended to.

Belongs here: reading it, and entering what is new. An entry that disappears, or opens less than it
did, shows against it (`catalog.checks.register`).

Columns: `kind` (agency, dataset, element, code_table, column), `id` (a column's is
`<agency>/<dataset>.<column>`), `opening` (a dataset's opening attribute when entered, else empty),
`registered_on` (ISO date). A dataset whose opening changes is entered again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from catalog.entries import Catalog

FILE = "register.csv"
HEADER = ("kind", "id", "opening", "registered_on")


@dataclass(frozen=True, slots=True)
class Registered:
    """One row of the register."""

    kind: str
    id: str
    opening: str
    registered_on: str


def read_register(root: Path) -> dict[tuple[str, str], Registered]:
    """The last row of each (kind, id); empty where the catalogue keeps no register."""
    return {(row.kind, row.id): row for row in register_rows(root)}


def datasets_since(root: Path) -> dict[str, date]:
    """The day on which each dataset was first registered, by ref; the register is sound."""
    since: dict[str, date] = {}
    for row in register_rows(root):
        if row.kind == "dataset":
            since.setdefault(row.id, date.fromisoformat(row.registered_on))
    return since


def register_rows(root: Path) -> list[Registered]:
    """All rows in the order they were entered; none where the catalogue keeps no register."""
    path = root / FILE
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [Registered(*(row[name] or "" for name in HEADER)) for row in csv.DictReader(lines)]


def declared(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """(kind, id, opening) of everything the catalogue declares."""
    for kind, entries in (
        ("agency", catalog.agencies),
        ("code_table", catalog.code_tables),
        ("element", catalog.elements),
    ):
        for name in entries:
            yield kind, name, ""
    for ref, dataset in catalog.datasets.items():
        yield "dataset", ref, dataset.opening.type if dataset.opening else ""
        for column in dataset.columns:
            yield "column", f"{ref}.{column.id}", ""


def unregistered(catalog: Catalog) -> list[tuple[str, str, str]]:
    """What is declared and not in the register as it is declared now."""
    known = read_register(catalog.root)
    return [
        (kind, name, opening)
        for kind, name, opening in declared(catalog)
        if (kind, name) not in known or known[kind, name].opening != opening
    ]


def register(catalog: Catalog, on: date) -> int:
    """Enters what is new; the number of rows appended."""
    new = unregistered(catalog)
    path = catalog.root / FILE
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists():
        writer.writerow(HEADER)
    writer.writerows((kind, name, opening, on.isoformat()) for kind, name, opening in new)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
    return len(new)
