"""The defect ledger: an append-only log of what became wrong and what was proven right again.

`events` has the columns and the identities, `wording` the rules that are no row rules, `reconcile`
the comparison of what is wrong now with what the ledger holds as open.
"""

from quality.ledger.events import DEFECT_EVENTS, EVENTS_TABLE, defect_id, ticket_id
from quality.ledger.reconcile import Cause, CauseState, Changes, reconcile, reconcile_by_rules
from quality.ledger.wording import TWO_DELIVERERS, RuleText, rule_texts

__all__ = [
    "DEFECT_EVENTS",
    "EVENTS_TABLE",
    "TWO_DELIVERERS",
    "Cause",
    "CauseState",
    "Changes",
    "RuleText",
    "defect_id",
    "reconcile",
    "reconcile_by_rules",
    "rule_texts",
    "ticket_id",
]
