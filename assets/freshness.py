"""What each product was made from, so that nothing is made again that nothing changed.

Belongs here: the fingerprint of a product's inputs (versions of lake tables, definitions) and
whether it is the one noted when it was last made. Does not belong here: making it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from assets.lakehouse import Lakehouse
from assets.notes import note, noted
from assets.soundness import unsound
from quality.between.model import BetweenRule, between_rules
from quality.punctuality import lapses

ENTITY = "base/legal_person/entity"
REPORTS = "quality/reports"
WAREHOUSE = "published/warehouse"
BETWEEN = "quality/between"
SCORES = "quality/scores"
PUNCTUALITY = "punctuality"
"""What was not delivered: part of what BETWEEN makes."""
PRODUCTS = (ENTITY, BETWEEN, SCORES, REPORTS, WAREHOUSE)
"""In the order in which they are made."""

_ENTITY_INPUTS = (
    "standard/market_supervision/business_entities",
    "standard/development_reform/dishonest_entities",
)
_TOLD = ("quality/defect_events", "quality/delivery_events")
"""What agencies are told of, and scored by."""

_ROOT = Path(__file__).parent.parent
_RULES = (
    "quality/between/**/*", "quality/deliveries/*", "quality/ledger/**/*", "quality/rules/*",
    "quality/scores/*", "quality/standards/*", "warehouse/macros/*",
)  # fmt: skip
"""Rules, their words, and what their findings are worth."""
_TOLD_BY = (*_RULES, "quality/tickets.*", "quality/working_days.py")
DEFINED_BY: Mapping[str, tuple[str, ...]] = {
    ENTITY: ("assets/base/**/*", "warehouse/macros/*"),
    BETWEEN: ("quality/between/*.py", "quality/ledger/**/*", "warehouse/macros/*"),
    SCORES: _RULES,
    REPORTS: (*_TOLD_BY, "quality/reports/**/*", "warehouse/publish/masking.py"),
    WAREHOUSE: (
        *_TOLD_BY, "assets/base/**/*", "assets/published/**/*", "quality/profiles/*",
        "quality/rule_coverage.py", "warehouse/publish/*",
    ),
}  # fmt: skip
"""Product → what says how it is made and what it tells, as patterns of files below the repository.
Of BETWEEN each rule's own query and words count besides."""
_DEFINING = frozenset({".csv", ".json", ".py", ".sql", ".yaml"})


def fingerprint(lakehouse: Lakehouse, product: str) -> str:
    """Hash of everything the product depends on."""
    if product == BETWEEN:
        rules = fingerprints_of_rules(lakehouse, between_rules()).values()
        return _hash(lakehouse, (), *rules, fingerprint(lakehouse, PUNCTUALITY))
    if product == PUNCTUALITY:
        today = lakehouse.clock.now().date()
        missing = lapses(lakehouse.catalog, lakehouse.log.deliveries, today)
        return _hash(lakehouse, (), repr(missing))
    return _hash(lakehouse, _tables_of(lakehouse, product), _digest(definitions(product)))


def fingerprints_of_rules(lakehouse: Lakehouse, rules: Iterable[BetweenRule]) -> dict[str, str]:
    """Id of each rule between datasets → hash of everything that it depends on."""
    geography = sorted((lakehouse.catalog.root / "geography").glob("*"))
    machinery = _digest([*definitions(BETWEEN), *geography])
    return {rule.id: _of_rule(lakehouse, rule, machinery) for rule in rules}


def definitions(product: str) -> list[Path]:
    """The files that DEFINED_BY names, sorted."""
    found = {path for pattern in DEFINED_BY[product] for path in _ROOT.glob(pattern)}
    return sorted(path for path in found if path.suffix in _DEFINING)


def _of_rule(lakehouse: Lakehouse, rule: BetweenRule, machinery: str) -> str:
    read = {*rule.sources, *rule.needs} & set(lakehouse.catalog.datasets)
    told = f"{rule.model_dump_json()}\n{rule.query}"
    if "quality.main.deliveries" in rule.query:
        # A snapshot that changed nothing tells how far what is known reaches.
        told += repr(
            [
                (known.delivery, known.state, known.ordered_at)
                for known in lakehouse.log.deliveries
                if known.dataset in read
            ]
        )
    return _hash(lakehouse, [f"standard/{ref}" for ref in read], machinery, told)


def _tables_of(lakehouse: Lakehouse, product: str) -> Iterable[str]:
    """Tables of the lake that the product is made of, those aside that its own run writes first."""
    if product == ENTITY:
        return _ENTITY_INPUTS
    if product == SCORES:
        return (*_TOLD, "quality/between_outcomes")
    if product == REPORTS:
        return (*_TOLD, SCORES)
    layers = ("standard/", "quality/")
    return [*(name for name in lakehouse.schemas if name.startswith(layers)), ENTITY]


def _digest(paths: Iterable[Path]) -> str:
    """Hash of the files' contents."""
    told = hashlib.sha256()
    for path in paths:
        told.update(path.read_bytes() + b"\0")
    return told.hexdigest()


def _hash(lakehouse: Lakehouse, tables: Iterable[str], *words: str) -> str:
    told = [lakehouse.catalog.version, *words]
    told += [f"{name}={lakehouse.lake.version(name)}" for name in sorted(tables)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def stale(lakehouse: Lakehouse) -> list[str]:
    """Products whose inputs are not those they were last made from, in order.

    What follows from a base table or the ledger, or tells scores, is stale with what writes them:
    by what they say then, it would be a run too late. A base table that did not pass is made anew.
    """
    known = noted(lakehouse)
    changed = {name for name in PRODUCTS if known.get(name) != fingerprint(lakehouse, name)}
    changed |= set(unsound(lakehouse, [ENTITY]))
    if BETWEEN in changed:
        changed.add(SCORES)
    if SCORES in changed:
        changed |= {REPORTS, WAREHOUSE}
    if ENTITY in changed:
        changed.add(WAREHOUSE)
    return [name for name in PRODUCTS if name in changed]


def made(lakehouse: Lakehouse, product: str) -> None:
    """Notes that the product now stands for its present inputs."""
    note(lakehouse, {product: fingerprint(lakehouse, product)})
