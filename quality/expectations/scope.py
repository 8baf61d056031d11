"""What the second opinion is asked beside the agencies' rules, and which of those it leaves out.

Belongs here: its invariants of the pass, and each rule it can't judge with the reason. How a rule
is counted stands in `quality.expectations.suite`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from quality.rules.model import DUPLICATE_KEY

if TYPE_CHECKING:
    from catalog.load import Catalog

RULE = "rule"
"""Key in an expectation's meta: the rule that it counts."""
ONE_FOR_ONE = "row.one_for_one"
"""A rule of the pass, not of the agencies': each raw row has its staged row, and both
are of one operation."""
MASKS_KNOWN = "row.masks_known"
"""A rule of the pass: a mask is written, and no bit of it is set that no rule has."""
VALUES_KEPT = "row.values_kept"
"""A rule of the pass: a text that says something is not lost on the way."""


class JudgementFailed(RuntimeError):
    """The second opinion could not be given. Names the rules and the kind of failure only:
    messages of the engine may quote values."""


def not_judged(catalog: Catalog, ref: str) -> Mapping[str, str]:
    """Rules of a dataset without a second opinion → why."""
    reasons = {DUPLICATE_KEY: "set when the delivery is settled, which comes after the verdict"}
    for column in catalog.datasets[ref].columns:
        if column.derived is not None:
            reasons[f"{column.id}.unreadable"] = (
                "where another column fills the gap, nothing in the standard row shows it"
            )
    return reasons
