"""One look at a dataset's rows: temporary views over the lake that the fixed SQL files read.

Belongs here: the few statements that depend on a dataset's name and columns. What is asked of
these views stands in `sql/*.sql`, beside each module that runs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from catalog.models.datasets import Dataset
from quality.rules.model import Rule
from warehouse.engine import literal, quoted

SQL = Path(__file__).parent / "sql"


@contextmanager
def session(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own to the same databases: its temporary tables are seen by nobody else.

    `defect_id` and `ticket_id` are defined in it.
    """
    cursor = con.cursor()
    try:
        cursor.execute((SQL / "identity.sql").read_text())
        yield cursor
    finally:
        cursor.close()


def view_row_rules(
    cursor: duckdb.DuckDBPyConnection, rules: Iterable[Rule], cells: Mapping[str, int]
) -> None:
    """Table `row_rules`: rule, column, its bit (word, value), its `cell` in `raw_cells`."""
    cursor.execute(
        "create or replace temp table row_rules "
        '(rule varchar, "column" varchar, word integer, mask_value bigint, cell integer)'
    )
    rows = [
        {
            "rule": rule.id,
            "column": rule.columns[0] if rule.columns else "",
            "word": _word(rule),
            "mask_value": rule.mask_value,
            "cell": cells.get(rule.id),
        }
        for rule in rules
    ]
    if rows:
        cursor.execute(
            "insert into row_rules select unnest($rules, recursive := true)", {"rules": rows}
        )


def _word(rule: Rule) -> int:
    suffix = rule.mask_column.removeprefix("_failed")
    return int(suffix.removeprefix("_")) if suffix else 1


def view_held(cursor: duckdb.DuckDBPyConnection, relation: str, rules: Iterable[Rule]) -> None:
    """Views `held_keys` (one row a deliverer and key), `held_masks` (one a mask column of it)."""
    place = "_agency, _key, _delivery, _row"
    cursor.execute(f"create or replace temp view held_keys as select {place} from {relation}")
    view_masks(cursor, "held_masks", relation, rules, place)


def view_masks(
    cursor: duckdb.DuckDBPyConnection, name: str, relation: str, rules: Iterable[Rule], place: str
) -> None:
    """View `name`: the columns of `place`, `word` and `mask`; one row a mask column of a row.

    Most rows fail nothing: they are dropped before the masks are laid out as rows.
    """
    words = sorted({(_word(rule), rule.mask_column) for rule in rules}) or [(1, "_failed")]
    masks = ", ".join(quoted(column) for _, column in words)
    numbers = ", ".join(str(word) for word, _ in words)
    failing = " or ".join(f"{quoted(column)} <> 0" for _, column in words)
    cursor.execute(
        f"create or replace temp view {name} as "
        f"select {place}, unnest([{numbers}]) as word, unnest([{masks}]) as mask "
        f"from {relation} where {failing}"
    )


def raw_expression(dataset: Dataset, column_id: str, alias: str = "") -> str:
    """SQL for a column's text as delivered; of a derived column, what it was derived from."""
    prefix = f"{alias}." if alias else ""
    column = dataset.column(column_id)
    own = f"{prefix}{quoted(column.id)}"
    if column.derived is None:
        return own
    return f"coalesce({own}, {prefix}{quoted(column.derived.column)})"


def view_raw_cells(
    cursor: duckdb.DuckDBPyConnection,
    relation: str,
    expressions: Sequence[str],
    deliveries: Iterable[str] | None = None,
) -> None:
    """View `raw_cells`: `_delivery`, `_row`, `_line` and `cells`, these expressions' texts.

    Rows of these deliveries alone, or all of them.
    """
    wanted = ", ".join(literal(delivery) for delivery in sorted(set(deliveries or ()))) or "''"
    of_these = f" where _delivery in ({wanted})" if deliveries is not None else ""
    cells = ", ".join(f"{expression}::varchar" for expression in expressions)
    cursor.execute(
        "create or replace temp view raw_cells as "
        f"select _delivery, _row, _line, [{cells}]::varchar[] as cells "
        f"from {relation}{of_these}"
    )


def relation(database: str, dataset: Dataset) -> str:
    """A dataset's table in one of the engine's databases, e.g. `held_by`."""
    return f"{database}.{quoted(dataset.agency)}.{quoted(dataset.id)}"
