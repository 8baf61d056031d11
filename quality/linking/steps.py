"""Finding links: the records that lack an identifier, and what each step decides for them.

Belongs here: running the queries of `sql/` in their order. Does not belong here: keeping what they
find (`assets.links`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

import duckdb
import polars as pl

from catalog.entries import Catalog
from quality.linking.settings import FOLDER, Weights, weights
from quality.linking.weigh import weigh
from warehouse.engine import literal
from warehouse.queries import standard_tables

_SQL = FOLDER / "sql"
_TOLD = {"told_records": "records", "told_registered": "registered"}
"""Views of the connection, with the query that each stands for."""


def datasets_read() -> frozenset[str]:
    """Refs of the datasets whose rows may lack an identifier, or are what they are linked to."""
    return frozenset().union(*(standard_tables(_sql(name)) for name in _TOLD.values()))


def find_links(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> pl.DataFrame:
    """A row for each record without a sound identifier: dataset, agency, key, base_table, linked,
    method, score, alternatives, evidence, local, in the order of the first three.

    `con` has the engine's names; temporary tables and macros of its own are left on it.
    """
    declared = weights()
    prepare(con, catalog, declared)
    con.execute(f"CREATE OR REPLACE TEMP TABLE linking_decided AS {_sql('by_code')}")
    con.execute(f"INSERT INTO linking_decided {_sql('by_name')}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE linking_asked AS {_sql('asked')}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE linking_weighed"
        " (no BIGINT, uscc VARCHAR, score DOUBLE, evidence VARCHAR)"
    )
    if con.execute("SELECT 1 FROM linking_asked LIMIT 1").fetchone():
        weigh(con, declared)
    return pl.DataFrame(con.sql(_sql("links")))


def prepare(con: duckdb.DuckDBPyConnection, catalog: Catalog, declared: Weights) -> None:
    """Makes the macros, `linking_records` and `linking_holders`."""
    divisions = _divisions(catalog)
    province_code = divisions[0][:2] + "0000"
    province = _named(catalog, "province", [province_code])
    city = _named(catalog, "division", divisions)
    settings = {
        "without_own_place(v)": f"regexp_replace(v, {literal(f'^({province}|{city})+')}, '')",
        "of_this_city(v)": f"regexp_matches(v, {literal(f'^({province})?({city})')})",
        "own_province()": literal(province_code),
        "common()": str(declared.common),
        "threshold()": str(declared.threshold),
        "near()": str(declared.near),
    }
    for name, told in settings.items():
        con.execute(f"CREATE OR REPLACE TEMP MACRO {name} AS {told}")
    con.execute(_sql("comparable"))
    for view, file in _TOLD.items():
        con.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {_sql(file)}")
    con.execute(_sql("prepare"))


def _sql(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _divisions(catalog: Catalog) -> list[str]:
    """Codes of the city and its counties and zones, the city first."""
    table = catalog.elements["division"].code_table
    assert table
    return sorted(code.code for code in catalog.codes(table) if len(code.code) == 6)


def _named(catalog: Catalog, element: str, wanted: Collection[str]) -> str:
    """A pattern of the names of these codes, the longest first."""
    table = catalog.elements[element].code_table
    assert table
    words = {
        word
        for code in catalog.codes(table)
        if code.code in wanted
        for word in (code.name, *code.aliases)
    }
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
