"""Whether what queries need is supplied: each is bound over the catalogue's tables, empty.

Belongs here: finding a column or table that a base table or a rule names and no dataset supplies,
before any data is there. Does not belong here: running them (`assets.base.build`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from assets.base.reference import provide
from assets.base.survivorship import query
from assets.derived_tables import derived_tables
from assets.lakehouse import base_keys, table_schemas
from catalog.entries import Catalog
from catalog.findings import Finding
from quality.between.model import BetweenRule, between_rules
from quality.between.reference import make
from warehouse import spatial
from warehouse.engine import Engine
from warehouse.home import Clock
from warehouse.lake import Lake
from warehouse.log import DeliveryLog

_ROOT = Path(__file__).resolve().parent.parent
_CURE = "由目录中的数据集提供，或改模型"


def unsupplied(catalog: Catalog) -> list[Finding]:
    """A finding for each model that names what no dataset supplies, and each such declared source.

    `file` is the model's path in the project.
    """
    with TemporaryDirectory(prefix="lakehouse-models-") as folder:
        lake = Lake(Path(folder) / "lake")
        engine = Engine(
            lake,
            DeliveryLog(lake, Clock()),
            table_schemas(catalog),
            Path(folder) / "spill",
            base_keys(catalog),
        )
        try:
            make(engine.con)
            provide(engine.con, catalog, ())
            if any(derived.spatial for derived in derived_tables()):
                spatial.load(engine.con)
            return [
                *(
                    fault
                    for table in catalog.base.values()
                    for fault in _misbound(
                        engine,
                        f"catalog/base/{table.database}/{table.id}.yaml",
                        query(catalog, table),
                    )
                ),
                *(
                    fault
                    for derived in derived_tables()
                    for fault in _misbound(
                        engine, derived.file.relative_to(_ROOT).as_posix(), derived.query
                    )
                ),
                *(fault for rule in between_rules() for fault in _unbound(engine, catalog, rule)),
            ]
        finally:
            engine.close()


def _unbound(engine: Engine, catalog: Catalog, rule: BetweenRule) -> Iterator[Finding]:
    """What a rule between datasets names and no dataset supplies."""
    declared = "quality/between/rules.yaml"
    named = [(each.dataset, each.column) for each in rule.accused]
    for ref, column in [*named, *((ref, None) for ref in rule.needs)]:
        dataset = catalog.datasets.get(ref)
        if dataset is None or (column and column not in {each.id for each in dataset.columns}):
            place = f"{ref}.{column}" if column else ref
            yield Finding(declared, rule.name, f"{place} 不在目录中", _CURE, 14)
    yield from _misbound(engine, rule.file.relative_to(_ROOT).as_posix(), rule.query)


def _misbound(engine: Engine, file: str, query: str) -> Iterator[Finding]:
    try:
        engine.con.execute(f"EXPLAIN {query}")
    except (duckdb.BinderException, duckdb.CatalogException) as fault:
        yield Finding(file, "", str(fault).splitlines()[0], _CURE, 14)
