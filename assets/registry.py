"""What the registry finds in a catalogue beyond its own files: models, rules and the register.

Belongs here: the one list that `lakehouse catalog check` and the asset check `registry` both tell.
Does not belong here: finding the single faults, nor what was never delivered (`quality.coverage`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from assets.lakehouse import Lakehouse
from assets.models import unsupplied
from assets.notes import note, noted
from catalog.entries import Catalog
from catalog.findings import Finding
from catalog.load import check_catalog
from catalog.register import unregistered
from quality.rules.bits import unassigned
from quality.rules.coverage import columns_without_rule

_ROOT = Path(__file__).parent.parent
_READ = ("assets", "catalog", "quality", "warehouse")
"""Folders of the project whose files say what the registry finds."""
_NOTE = "registry"
_CURE = "运行 lakehouse catalog register 登记"


def standing_findings(lakehouse: Lakehouse) -> list[Finding]:
    """All that `lakehouse catalog check` tells, looked for again where a file changed since.

    Looking takes seconds, and finds the same until the catalogue or the project is another.
    """
    catalog = lakehouse.catalog
    basis = _digest([catalog.root, *(_ROOT / folder for folder in _READ)])
    known = json.loads(noted(lakehouse).get(_NOTE, "{}"))
    if known.get("basis") == basis:
        return [Finding(**found) for found in known["findings"]]
    findings = [*check_catalog(catalog.root), *registry_findings(catalog)]
    told = {"basis": basis, "findings": [asdict(found) for found in findings]}
    note(lakehouse, {_NOTE: json.dumps(told, ensure_ascii=False)})
    return findings


def _digest(folders: Sequence[Path]) -> str:
    told = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                told.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return told.hexdigest()


def registry_findings(catalog: Catalog) -> list[Finding]:
    """What a catalogue that can be used still lacks.

    Models that nothing supplies are looked for once every rule has its bit: without bits there
    are no tables to bind them over.
    """
    unnumbered = unassigned(catalog)
    return [
        *([] if unnumbered else unsupplied(catalog)),
        *columns_without_rule(catalog),
        *_unnumbered(unnumbered),
        *_unregistered(catalog),
    ]


def _unnumbered(rules: list[tuple[str, str]]) -> Iterator[Finding]:
    """One finding a dataset."""
    by_dataset: dict[str, list[str]] = {}
    for ref, rule in rules:
        by_dataset.setdefault(ref, []).append(rule)
    for ref, names in by_dataset.items():
        found = f"{len(names)} 条规则没有位号：{'、'.join(names)}"
        yield Finding("rule_bits.csv", ref, found, _CURE)


def _unregistered(catalog: Catalog) -> Iterator[Finding]:
    """One finding an entry; a new dataset stands for its columns too."""
    new = unregistered(catalog)
    datasets = {name for kind, name, _ in new if kind == "dataset"}
    for kind, name, _ in new:
        if kind != "column" or name.partition(".")[0] not in datasets:
            yield Finding("register.csv", f"{kind} {name}", "条目未登记或开放属性有变", _CURE, 10)
