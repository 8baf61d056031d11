"""Standard tables as the engine shows them, filled by each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from catalog.load import Catalog, load_catalog
from quality.standardise import standard_schema
from warehouse.engine import MACROS, duckdb_type, quoted

REGISTERED = "market_supervision/business_entities"
LISTED = "development_reform/dishonest_entities"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


class Standard:
    """A connection with the engine's names; rows are given by the columns that matter."""

    def __init__(self, catalog: Catalog) -> None:
        self.con = duckdb.connect()
        for database in ("standard", "base"):
            self.con.execute(f"ATTACH ':memory:' AS {database}")
        for macros in sorted(MACROS.glob("*.sql")):
            self.con.execute(macros.read_text(encoding="utf-8"))
        for ref in (REGISTERED, LISTED):
            agency, dataset = ref.split("/")
            columns = ", ".join(
                f"{quoted(name)} {duckdb_type(kind)}"
                for name, kind in standard_schema(catalog, ref).items()
            )
            self.con.execute(f"CREATE SCHEMA standard.{agency}")
            self.con.execute(f"CREATE TABLE standard.{agency}.{dataset} ({columns})")
        self._rows = 0

    def _add(self, ref: str, row: dict[str, Any]) -> None:
        self._rows += 1
        row = {
            "_op": "upsert", "_seq": 1, "_delivery": "d000001", "_row": self._rows,
            "_agency": ref.split("/", maxsplit=1)[0], "_key": f"key {self._rows}",
        } | row  # fmt: skip
        table = ref.replace("/", ".")
        names = ", ".join(quoted(name) for name in row)
        marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
        self.con.execute(
            f"INSERT INTO standard.{table} ({names}) VALUES ({marks})", list(row.values())
        )

    def registered(self, **row: Any) -> None:
        """A row of the company registration."""
        self._add(REGISTERED, row)

    def listed(self, **row: Any) -> None:
        """A row of a dishonesty list."""
        self._add(LISTED, {"list": "ecommerce"} | row)


@pytest.fixture
def standard(catalog: Catalog) -> Iterator[Standard]:
    tables = Standard(catalog)
    yield tables
    tables.con.close()


@pytest.fixture
def entities(standard: Standard) -> Callable[[], list[dict[str, Any]]]:
    """Runs the model; afterwards `base.legal_person.entity` holds its rows."""
    from assets.base.legal_person.entity import ENTITY

    def run() -> list[dict[str, Any]]:
        con = standard.con
        con.execute("CREATE SCHEMA IF NOT EXISTS base.legal_person")
        con.execute(f"CREATE OR REPLACE TABLE base.legal_person.entity AS {ENTITY.model}")
        found = con.execute("FROM base.legal_person.entity ORDER BY entity_id")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return run
