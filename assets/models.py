"""Whether what the SQL models need is supplied: each is bound over the catalogue's tables, empty.

Belongs here: finding a column or table that a model names and no dataset supplies, before any data
is there. Does not belong here: running models (`assets.base.build`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from assets.base.build import TABLES
from assets.base.tables import BaseTable
from assets.lakehouse import table_schemas
from catalog.entries import Catalog
from catalog.findings import Finding
from quality.between.model import BetweenRule, between_rules
from quality.between.reference import make
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
            lake, DeliveryLog(lake, Clock()), table_schemas(catalog), Path(folder) / "spill"
        )
        try:
            make(engine.con)
            return [
                *(fault for table in TABLES for fault in _faults(engine, catalog, table)),
                *(fault for rule in between_rules() for fault in _unbound(engine, catalog, rule)),
            ]
        finally:
            engine.close()


def _faults(engine: Engine, catalog: Catalog, table: BaseTable) -> Iterator[Finding]:
    file = (table.folder / f"{table.name}.sql").relative_to(_ROOT).as_posix()
    for column in table.columns:
        for source in column.sources:
            ref, _, name = source.partition(".")
            dataset = catalog.datasets.get(ref)
            if dataset is None or name not in {each.id for each in dataset.columns}:
                yield Finding(file, column.name, f"来源 {source} 不在目录中", _CURE, 14)
    yield from _misbound(engine, file, table.model)


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
