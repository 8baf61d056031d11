"""What a base table must be like, derived from its declaration and the catalogue.

Belongs here: expectations of any `BaseTable`. Does not belong here: judging
(`quality.expectations.tables`) and Dagster's checks (`assets.suites`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assets.base_tables import stored_schema
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable
from quality.expectations.batch import Question
from quality.expectations.expected import Expected, Origin
from quality.expectations.judgements import violations
from quality.rules.derive import rules_of
from warehouse.engine import duckdb_type, quoted


def expected_of(catalog: Catalog, table: BaseTable, rows: int, as_of: date) -> Expected:
    """Expectations of the table's history, its builds having written this number of rows.

    A build writes a subject once at most.
    """
    schema = stored_schema(catalog, table)
    return Expected(
        name=table.lake_name,
        columns={name: duckdb_type(kind) for name, kind in schema.items()},
        key=(*table.keys, "_build"),
        fewest=rows,
        most=rows,
        may_lack=True,
        origins=tuple(
            Origin(column.id, f"{quoted(column.id)} IS NOT NULL") for column in table.columns
        ),
        questions=tuple(_questions(catalog, table, as_of)),
    )


def _questions(catalog: Catalog, table: BaseTable, as_of: date) -> Iterator[Question]:
    """What a source is asked about its values, asked of the table's: of the first source that gives
    its column as it is. A value worked out from another is asked nothing."""
    for column in table.columns:
        plain = [each for each in column.sources if not (each.value or each.of_key)]
        if not plain or column.type:
            continue
        ref, _, name = table.place_of(plain[0]).partition(".")
        asked = catalog.datasets[ref].column(name)
        kinds = {
            rule.kind for rule in rules_of(catalog, ref) if not rule.check and name in rule.columns
        }
        own = asked.model_copy(update={"id": column.id, "derived": None})
        yield Question(own, tuple(violations(catalog, own, as_of, frozenset(kinds))))
