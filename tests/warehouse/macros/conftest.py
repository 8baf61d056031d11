"""A DuckDB with nothing but the macros."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pytest

from warehouse.engine import MACROS


@pytest.fixture(scope="module")
def shell() -> Iterator[duckdb.DuckDBPyConnection]:
    """A plain DuckDB with nothing but the macros."""
    with duckdb.connect() as con:
        for file in sorted(MACROS.glob("*.sql")):
            con.execute(file.read_text(encoding="utf-8"))
        yield con


@pytest.fixture(scope="module")
def answers(shell: duckdb.DuckDBPyConnection) -> Callable[[str, list[str]], list[object]]:
    """A macro's answers in the order of the values; one query."""

    def answers_of(macro: str, values: list[str]) -> list[object]:
        query = f"select {macro}(v) from (select unnest($1) v, unnest(range(len($1))) i) order by i"
        return [row[0] for row in shell.execute(query, [values]).fetchall()]

    return answers_of
