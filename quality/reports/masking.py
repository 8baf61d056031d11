"""How a report shows keys and values: SQL expressions masked by the catalogue's grades.

Belongs here: which columns a shown text may come from. How a mask is made stands in
`warehouse/macros/masking.sql`, whether one applies in `warehouse.publish.masking`.
"""

from __future__ import annotations

from catalog.entries import Catalog
from catalog.models.datasets import Dataset, FirstOf
from quality.ledger.session import raw_expression
from quality.rules.model import Rule
from warehouse.engine import literal
from warehouse.publish.masking import column_protection, strictest


def value_expression(catalog: Catalog, dataset: Dataset, rule: Rule) -> str:
    """SQL over a raw row: the value a rule is about; of several columns, each with its name."""
    shown = {column: _as_delivered(catalog, dataset, column) for column in rule.columns}
    if len(shown) == 1:
        return next(iter(shown.values()))
    parts = ", ".join(
        f"{literal(dataset.column(column).name + '：')} || coalesce({expression}, '（空）')"
        for column, expression in shown.items()
    )
    return f"concat_ws('；', {parts})" if parts else "null"


def _as_delivered(catalog: Catalog, dataset: Dataset, column: str) -> str:
    """The text that was delivered, which may be anything: stray numbers are blanked in any case."""
    way = column_protection(catalog, dataset, column).way
    return f"mask_as({literal(way)}, {raw_expression(dataset, column)})"


def key_expression(catalog: Catalog, dataset: Dataset, key: str) -> str:
    """SQL for a record key: its parts, each masked as its column is, ` / ` between."""
    parts = [
        strictest(
            *(
                column_protection(catalog, dataset, column)
                for column in (part.first_of if isinstance(part, FirstOf) else (part,))
            )
        )
        for part in dataset.key
    ]
    ways = ", ".join(literal(protection.way) for protection in parts)
    return f"mask_key([{ways}], {literal(strictest(*parts).way)}, {key})"
