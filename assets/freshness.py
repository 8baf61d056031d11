"""What each product was made from, so that nothing is made again that nothing changed.

Belongs here: the fingerprint of a product's inputs (versions of lake tables, definitions) and the
note of the one it was last made from. Does not belong here: making it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from assets.base.build import definition_of, inputs_of
from assets.base.deriving import definition_of as definition_of_derived
from assets.base.reference import PREFIX
from assets.derived_tables import derived_tables
from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from catalog.geography import geography_files
from quality.between.model import BetweenRule, between_rules
from quality.punctuality import lapses
from quality.scores.compute import METHOD

REPORTS = "quality/reports"
WAREHOUSE = "published/warehouse"
BETWEEN = "quality/between"
SCORES = "quality/scores"
PUNCTUALITY = "punctuality"
"""What was not delivered: part of what BETWEEN makes."""
_TOLD = ("quality/defect_events", "quality/delivery_events")
"""What agencies are told of, and scored by."""
_ROOT = Path(__file__).parent.parent


def products(catalog: Catalog) -> tuple[str, ...]:
    """All products in the order in which they are made."""
    base = tuple(table.lake_name for table in catalog.base.values())
    derived = tuple(table.lake_name for table in derived_tables())
    return (*base, *derived, BETWEEN, SCORES, REPORTS, WAREHOUSE)


def fingerprint(lakehouse: Lakehouse, product: str) -> str:
    """Hash of everything the product depends on."""
    if product.startswith("base/"):
        return _of_base(lakehouse, product.removeprefix("base/").replace("/", "."))
    if product == BETWEEN:
        rules = "".join(fingerprint_of_rule(lakehouse, rule) for rule in between_rules())
        return _hash(lakehouse, (), (), rules, fingerprint(lakehouse, PUNCTUALITY))
    if product == PUNCTUALITY:
        today = lakehouse.clock.now().date()
        missing = lapses(lakehouse.catalog, lakehouse.log.deliveries, today)
        return _hash(lakehouse, (), (), repr(missing))
    if product == SCORES:
        tables = [*_TOLD, "quality/between_outcomes"]
        return _hash(lakehouse, tables, [_ROOT / "quality/scores/scores.yaml"], str(METHOD))
    if product == REPORTS:
        return _hash(lakehouse, [*_TOLD, SCORES], ())
    standard = [name for name in lakehouse.schemas if name.startswith("standard/")]
    quality = [name for name in lakehouse.schemas if name.startswith("quality/")]
    base = [name for name in lakehouse.schemas if name.startswith("base/")]
    declared = [*_definitions("assets/published"), *_definitions("warehouse/publish"), *_macros()]
    return _hash(lakehouse, [*standard, *quality, *base], declared, _day(lakehouse))


def _of_base(lakehouse: Lakehouse, ref: str) -> str:
    table = lakehouse.catalog.base.get(ref)
    if table is not None:
        return _told([definition_of(lakehouse, table), json.dumps(inputs_of(lakehouse, table))])
    (derived,) = (each for each in derived_tables() if each.ref == ref)
    stored = [read for read in derived.reads if not read.startswith(PREFIX)]
    codes = [read.removeprefix(PREFIX) for read in derived.reads if read.startswith(PREFIX)]
    return _told(
        [
            definition_of_derived(derived),
            *(f"{name}={lakehouse.lake.version(name)}" for name in stored),
            *(lakehouse.catalog.version for _ in codes[:1]),
            *(_texts(geography_files(lakehouse.catalog.root)) if "geography" in codes else ()),
        ]
    )


def fingerprint_of_rule(lakehouse: Lakehouse, rule: BetweenRule) -> str:
    """Hash of everything that a rule between datasets depends on."""
    read = {*rule.sources, *rule.needs} & set(lakehouse.catalog.datasets)
    tables = [f"standard/{ref}" for ref in read]
    machinery = sorted((_ROOT / "quality" / "between").glob("*.py"))
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
    geography = geography_files(lakehouse.catalog.root)
    return _hash(lakehouse, tables, [*machinery, *_macros(), *geography], told)


def _day(lakehouse: Lakehouse) -> str:
    """The day, where what may be published depends on it."""
    return lakehouse.clock.now().date().isoformat() if _by_day(lakehouse.catalog) else ""


def _by_day(catalog: Catalog) -> bool:
    tables = any(table.published_while for table in catalog.base.values())
    return tables or any(d.publication.published_while for d in catalog.datasets.values())


def _definitions(folder: str) -> list[Path]:
    """The SQL and the Python that say what a product is."""
    return [path for path in (_ROOT / folder).rglob("*") if path.suffix in (".sql", ".py")]


def _macros() -> list[Path]:
    return list((_ROOT / "warehouse" / "macros").glob("*.sql"))


def _hash(
    lakehouse: Lakehouse, tables: Iterable[str], definitions: Iterable[Path], *words: str
) -> str:
    told = [lakehouse.catalog.version, *words]
    told += [f"{name}={lakehouse.lake.version(name)}" for name in sorted(tables)]
    return _told([*told, *_texts(definitions)])


def _texts(files: Iterable[Path]) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(files)]


def _told(told: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def stale(lakehouse: Lakehouse) -> list[str]:
    """Products whose inputs are not those they were last made from, in order.

    What follows from the ledger or tells scores is stale with what writes them: by what they say
    then, it would be a run too late.
    """
    known = noted(lakehouse)
    order = products(lakehouse.catalog)
    changed = {name for name in order if known.get(name) != fingerprint(lakehouse, name)}
    if BETWEEN in changed:
        changed.add(SCORES)
    if SCORES in changed:
        changed |= {REPORTS, WAREHOUSE}
    # What is computed from others is stale with them: by what they hold then, a run too late.
    for derived in derived_tables():
        if changed.intersection(derived.reads):
            changed.add(derived.lake_name)
    if any(name.startswith("base/") for name in changed):
        changed.add(WAREHOUSE)
    return [name for name in order if name in changed]


def made(lakehouse: Lakehouse, product: str) -> None:
    """Notes that the product now stands for its present inputs."""
    note(lakehouse, {product: fingerprint(lakehouse, product)})


def note(lakehouse: Lakehouse, fingerprints: Mapping[str, str]) -> None:
    """Keeps these beside the ones noted before."""
    path = _note(lakehouse)
    building = path.with_suffix(".building")
    building.write_text(json.dumps({**noted(lakehouse), **fingerprints}, indent=1))
    os.replace(building, path)


def _note(lakehouse: Lakehouse) -> Path:
    return lakehouse.home.root / "made.json"


def noted(lakehouse: Lakehouse) -> dict[str, str]:
    """What was noted, by product and rule."""
    try:
        known: dict[str, str] = json.loads(_note(lakehouse).read_text())
    except FileNotFoundError:
        return {}
    return known
