"""What the registry finds in a catalogue beyond its own files: models, rules and the register.

Belongs here: the one list that `lakehouse catalog check` and the asset check `registry` both tell.
Does not belong here: finding the single faults, nor what was never delivered (`quality.coverage`).
"""

from __future__ import annotations

from collections.abc import Iterator

from assets.models import unsupplied
from catalog.entries import Catalog
from catalog.findings import Finding
from catalog.register import unregistered
from quality.rules.bits import unassigned
from quality.rules.coverage import columns_without_rule

_CURE = "运行 lakehouse catalog register 登记"


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
