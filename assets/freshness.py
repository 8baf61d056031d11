"""What each product was made from, so that nothing is made again that nothing changed.

Belongs here: the fingerprint of a product's inputs (versions of lake tables, definitions) and
whether it is the one noted when it was last made. Does not belong here: making it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from assets.base.build import definition_of, inputs_of
from assets.base.deriving import definition_of as definition_of_derived
from assets.base.reference import PREFIX
from assets.derived_tables import DerivedTable, derived_tables
from assets.lakehouse import Lakehouse
from assets.notes import note, noted
from assets.soundness import unsound
from catalog.entries import Catalog
from quality.between.model import BetweenRule, between_rules
from quality.ledger.between import STANDING_TABLE
from quality.linking.steps import datasets_read
from quality.linking.table import LINKS_TABLE
from quality.punctuality import lapses
from warehouse.queries import quality_tables

REPORTS = "quality/reports"
WAREHOUSE = "published/warehouse"
BETWEEN = "quality/between"
LINKS = LINKS_TABLE
SCORES = "quality/scores"
SOURCES = "quality/source_quality"
REFERENCE = "reference"
"""What derived tables read of the catalogue itself: part of what they are."""
PUNCTUALITY = "punctuality"
"""What was not delivered: part of what BETWEEN makes."""
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
    BETWEEN: ("quality/between/*.py", "quality/ledger/**/*", "warehouse/macros/*"),
    LINKS: ("assets/links.py", "quality/linking/**/*", "warehouse/macros/*"),
    REFERENCE: ("assets/base/reference.py", "quality/between/reference.py"),
    SCORES: _RULES,
    SOURCES: (*_RULES, "assets/source_quality.py", "assets/base/*.py", "quality/sources/*"),
    REPORTS: (
        *_TOLD_BY, "assets/base/*.py", "assets/reports.py", "quality/reports/**/*",
        "warehouse/publish/masking.py",
    ),
    WAREHOUSE: (
        *_TOLD_BY, "assets/base/**/*", "assets/base_tables.py", "assets/derived_tables.py",
        "assets/lineage.py", "assets/published/**/*", "quality/profiles/*",
        "quality/rule_coverage.py", "warehouse/publish/*",
    ),
}  # fmt: skip
"""Product, or part of one → what says how it is made and what it tells, as patterns of files below
the repository. Of BETWEEN each rule's own query and words count besides; of base tables, what their
query is."""
_DEFINING = frozenset({".csv", ".json", ".py", ".sql", ".yaml"})


def products(catalog: Catalog) -> tuple[str, ...]:
    """All products in the order in which they are made."""
    base = tuple(table.lake_name for table in catalog.base.values())
    derived = tuple(table.lake_name for table in derived_tables())
    return (LINKS, *base, *derived, BETWEEN, SCORES, SOURCES, REPORTS, WAREHOUSE)


def fingerprint(lakehouse: Lakehouse, product: str) -> str:
    """Hash of everything the product depends on."""
    if product.startswith("base/"):
        return _of_base(lakehouse, product.removeprefix("base/").replace("/", "."))
    if product == BETWEEN:
        rules = fingerprints_of_rules(lakehouse, between_rules()).values()
        return _hash(lakehouse, (), *rules, fingerprint(lakehouse, PUNCTUALITY))
    if product == PUNCTUALITY:
        today = lakehouse.clock.now().date()
        missing = lapses(lakehouse.catalog, lakehouse.log.deliveries, today)
        return _hash(lakehouse, (), repr(missing))
    told = _digest(definitions(product)), _day(lakehouse) if product == WAREHOUSE else ""
    return _hash(lakehouse, _tables_of(lakehouse, product), *told)


def _of_base(lakehouse: Lakehouse, ref: str) -> str:
    table = lakehouse.catalog.base.get(ref)
    if table is not None:
        return _told([definition_of(lakehouse, table), json.dumps(inputs_of(lakehouse, table))])
    (derived,) = (each for each in derived_tables() if each.ref == ref)
    stored = [read for read in derived.reads if not read.startswith(PREFIX)]
    told = [f"{name}={lakehouse.lake.version(name)}" for name in stored]
    if len(stored) < len(derived.reads):
        files = [*definitions(REFERENCE), *_geography(lakehouse)]
        told += [lakehouse.catalog.version, _digest(files)]
    return _told([definition_of_derived(derived), *told])


def fingerprints_of_rules(lakehouse: Lakehouse, rules: Iterable[BetweenRule]) -> dict[str, str]:
    """Id of each rule between datasets → hash of everything that it depends on."""
    machinery = _digest([*definitions(BETWEEN), *_geography(lakehouse)])
    return {rule.id: _of_rule(lakehouse, rule, machinery) for rule in rules}


def _geography(lakehouse: Lakehouse) -> list[Path]:
    """Files of the catalogue that its version does not tell of."""
    return sorted((lakehouse.catalog.root / "geography").glob("*"))


def definitions(product: str) -> list[Path]:
    """The files that DEFINED_BY names, sorted."""
    found = {path for pattern in DEFINED_BY[product] for path in _ROOT.glob(pattern)}
    return sorted(path for path in found if path.suffix in _DEFINING)


def _of_rule(lakehouse: Lakehouse, rule: BetweenRule, machinery: str) -> str:
    read = {*rule.sources, *rule.needs} & set(lakehouse.catalog.datasets)
    tables = [*(f"standard/{ref}" for ref in read), *({LINKS} & quality_tables(rule.query))]
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
    return _hash(lakehouse, tables, machinery, told)


def _tables_of(lakehouse: Lakehouse, product: str) -> Iterable[str]:
    """Tables of the lake that the product is made of, those aside that its own run writes first."""
    if product == SCORES:
        return (*_TOLD, "quality/between_outcomes")
    if product == REPORTS:
        return (*_TOLD, STANDING_TABLE, SCORES, *_of_layers(lakehouse, "base"))
    if product == LINKS:
        return [f"standard/{ref}" for ref in datasets_read()]
    if product == SOURCES:
        return (*_TOLD, *_of_layers(lakehouse, "standard", "base"))
    return _of_layers(lakehouse, "standard", "quality", "base")


def _of_layers(lakehouse: Lakehouse, *layers: str) -> list[str]:
    """The lake's tables of these layers."""
    return [name for name in lakehouse.schemas if name.partition("/")[0] in layers]


def _day(lakehouse: Lakehouse) -> str:
    """The day, where what may be published depends on it."""
    return lakehouse.clock.now().date().isoformat() if _by_day(lakehouse.catalog) else ""


def _by_day(catalog: Catalog) -> bool:
    tables = any(table.published_while for table in catalog.base.values())
    return tables or any(d.publication.published_while for d in catalog.datasets.values())


def _digest(paths: Iterable[Path]) -> str:
    """Hash of the files' contents."""
    told = hashlib.sha256()
    for path in paths:
        told.update(path.read_bytes() + b"\0")
    return told.hexdigest()


def _hash(lakehouse: Lakehouse, tables: Iterable[str], *words: str) -> str:
    told = [lakehouse.catalog.version, *words]
    told += [f"{name}={lakehouse.lake.version(name)}" for name in sorted(tables)]
    return _told(told)


def _told(told: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def stale(lakehouse: Lakehouse) -> list[str]:
    """Products whose inputs are not those they were last made from, in order.

    What follows from the links, a base table or the ledger, or tells scores, is stale with what
    writes them: by what they say then, it would be a run too late. A base table that did not pass
    is asked again.
    """
    known = noted(lakehouse)
    order = products(lakehouse.catalog)
    changed = {name for name in order if known.get(name) != fingerprint(lakehouse, name)}
    bases = (table.lake_name for table in lakehouse.catalog.base.values())
    changed |= set(unsound(lakehouse, bases))
    if LINKS in changed:
        changed |= {BETWEEN, *_linked(lakehouse.catalog)}
    if BETWEEN in changed:
        changed.add(SCORES)
    if SCORES in changed:
        changed |= {REPORTS, WAREHOUSE}
    # What is computed from others is stale with them: by what they hold then, a run too late.
    for derived in derived_tables():
        if changed.intersection(derived.reads):
            changed.add(derived.lake_name)
    if BETWEEN in changed or any(name.startswith("base/") for name in changed):
        changed |= {SOURCES, REPORTS}
    if SOURCES in changed:
        changed.add(WAREHOUSE)
    return [name for name in order if name in changed]


def touched(catalog: Catalog, datasets: Collection[str]) -> set[str]:
    """Products that other rows of these datasets (refs) may change; none where there are none."""
    if not datasets:
        return set()
    changed = {BETWEEN, SCORES, SOURCES, REPORTS, WAREHOUSE}
    if datasets_read().intersection(datasets):
        changed |= {LINKS, *_linked(catalog)}
    for table in catalog.base.values():
        if set(table.datasets).intersection(datasets):
            changed.add(table.lake_name)
    stored = {f"standard/{ref}" for ref in datasets}
    for derived in derived_tables():
        if (changed | stored).intersection(derived.reads) or told_by_deliveries(derived):
            changed.add(derived.lake_name)
    return changed


def told_by_deliveries(derived: DerivedTable) -> bool:
    """Whether it reads a table of quality: a delivery of any dataset may add to those, as each does
    to the delivery log."""
    return any(name.startswith("quality/") for name in derived.reads)


def _linked(catalog: Catalog) -> Iterator[str]:
    """Base tables that rows without an identifier contribute to."""
    for table in catalog.base.values():
        if any(each.linked for each in table.contributors):
            yield table.lake_name


def made(lakehouse: Lakehouse, product: str) -> None:
    """Notes that the product now stands for its present inputs."""
    note(lakehouse, {product: fingerprint(lakehouse, product)})
