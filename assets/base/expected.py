"""What a base table must be like, derived from its declaration and the catalogue.

Belongs here: expectations of any `BaseTable`. Does not belong here: judging
(`quality.expectations.tables`) and Dagster's checks (`assets.suites`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import prod

from assets.base.tables import BaseColumn, BaseTable
from catalog.entries import Catalog
from quality.expectations.batch import Question
from quality.expectations.expected import Expected, Origin
from quality.expectations.judgements import violations
from quality.rules.derive import rules_of
from quality.rules.model import Rule
from warehouse.engine import duckdb_type, quoted


def expected_of(
    catalog: Catalog, table: BaseTable, held: Mapping[str, int], as_of: date
) -> Expected:
    """Expectations of the table, its sources holding these numbers of keys.

    Each key is in a column that the key names as a source, so there are no more of them than their
    datasets have rows; where the standard source has rows, there is at least one.
    """
    keys = [column for column in table.columns if column.kind == "key"]
    rules = {ref: rules_of(catalog, ref) for ref in table.datasets}
    standard = _place(keys[0].sources[0])[0]
    return Expected(
        name=table.lake_name,
        columns={name: duckdb_type(kind) for name, kind in table.schema(catalog).items()},
        key=tuple(key.name for key in keys),
        fewest=min(1, held[standard]),
        most=prod(sum(held[_place(source)[0]] for source in key.sources) for key in keys),
        origins=tuple(Origin(column.name, _has_value(column)) for column in table.values),
        datasets=table.datasets,
        questions=tuple(
            _question(catalog, rules, column, as_of)
            for column in table.columns
            if column.kind == "value"
        ),
    )


def _has_value(column: BaseColumn) -> str:
    if column.kind == "flag":
        return f"coalesce({quoted(column.name)}, false)"
    return f"{quoted(column.name)} IS NOT NULL"


def _question(
    catalog: Catalog, rules: Mapping[str, Sequence[Rule]], column: BaseColumn, as_of: date
) -> Question:
    """What the column's source is asked about its values, asked of the table's.

    The source that calls its column by the same name tells the element, for a value may be a part
    of its standard source's; without one, the standard source does.
    """
    places = [_place(source) for source in column.sources]
    ref, name = next((place for place in places if place[1] == column.name), places[0])
    asked = catalog.datasets[ref].column(name)
    kinds = {rule.kind for rule in rules[ref] if rule.check is None and name in rule.columns}
    own = asked.model_copy(update={"id": column.name, "derived": None})
    return Question(own, tuple(violations(catalog, own, as_of, frozenset(kinds))))


def _place(source: str) -> tuple[str, str]:
    ref, _, column = source.partition(".")
    return ref, column
