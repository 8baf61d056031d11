"""Who may read what a finding was held against.

Belongs here: deciding it from what a rule tells and the catalogue's grades. How a value is masked
stands in `warehouse.publish.masking`; the accused row's own values are no concern of this module.
"""

from __future__ import annotations

from catalog.entries import Catalog
from quality.between.model import between_rules
from warehouse.publish.masking import column_protection


def rules_open_to(catalog: Catalog, reader: str | None) -> frozenset[str]:
    """Ids of the rules all of whose told columns `reader` may see unmasked; None: anybody.

    An agency may see what nobody but it delivers. A rule that is declared no more is none of them:
    nobody knows what it told.
    """
    return frozenset(
        rule.id
        for rule in between_rules()
        if all(_is_open(catalog, told, reader) for told in rule.tells)
    )


def _is_open(catalog: Catalog, told: str, reader: str | None) -> bool:
    ref, _, column = told.rpartition(".")
    dataset = catalog.datasets.get(ref)
    if dataset is None:
        return False
    own = dataset.deliverers == (reader,)
    return own or not column_protection(catalog, dataset, column).is_masked
