"""What the registry finds in a catalogue beyond its own files: models, rules and the register.

Belongs here: the one list that `lakehouse catalog check` and the asset check `registry` both tell.
Does not belong here: finding the single faults, nor what was never delivered (`quality.coverage`).
"""

from __future__ import annotations

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
        *(Finding("rule_bits.csv", f"{ref} {rule}", "规则没有位号", _CURE)
          for ref, rule in unnumbered),
        *(Finding("register.csv", f"{kind} {name}", "条目未登记或开放属性有变", _CURE, 10)
          for kind, name, _ in unregistered(catalog)),
    ]  # fmt: skip
