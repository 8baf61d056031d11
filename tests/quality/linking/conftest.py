"""Standard tables that linking reads, filled by each test, and what is found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import polars as pl
import pytest

from catalog.load import Catalog
from quality.linking.steps import datasets_read, find_links
from quality.standardise import standard_schema
from tests.this_catalog import this_catalog
from warehouse.engine import MACROS, duckdb_type, quoted

FIRMS = "market_supervision/business_entities"
LISTED = "development_reform/dishonest_entities"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return this_catalog()


class Standard:
    """A connection with the engine's names; rows are given by the columns that matter."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.con = duckdb.connect()
        self.con.execute("ATTACH ':memory:' AS standard")
        for macros in sorted(MACROS.glob("*.sql")):
            self.con.execute(macros.read_text(encoding="utf-8"))
        for ref in sorted(datasets_read()):
            agency, dataset = ref.split("/")
            columns = ", ".join(
                f"{quoted(name)} {duckdb_type(kind)}"
                for name, kind in standard_schema(catalog, ref).items()
            )
            self.con.execute(f"CREATE SCHEMA IF NOT EXISTS standard.{agency}")
            self.con.execute(f"CREATE TABLE standard.{agency}.{dataset} ({columns})")

    def put(self, ref: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Adds rows of a dataset, keyed by their `_key` or number."""
        told = [
            {"_agency": ref.split("/", maxsplit=1)[0], "_key": f"key {number}", **row}
            for number, row in enumerate(rows)
        ]
        frame = pl.DataFrame(told, infer_schema_length=None)
        self.con.register("rows", frame.to_arrow())
        self.con.execute(f"INSERT INTO standard.{ref.replace('/', '.')} BY NAME FROM rows")

    def firms(self, *rows: Mapping[str, Any]) -> None:
        """Registered firms: uscc, name, address, ..."""
        self.put(FIRMS, rows)

    def listed(self, *rows: Mapping[str, Any]) -> None:
        """Entries of a dishonesty list."""
        self.put(LISTED, rows)

    def links(self) -> list[dict[str, Any]]:
        """What linking finds, by dataset, agency and key."""
        with self.con.cursor() as cursor:
            return find_links(cursor, self.catalog).rows(named=True)

    def link(self) -> dict[str, Any]:
        """What linking finds for the only record without identifier."""
        (found,) = self.links()
        return found


@pytest.fixture
def standard(catalog: Catalog) -> Standard:
    return Standard(catalog)
