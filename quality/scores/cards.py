"""The card of one delivery, and of one deliverer's part of a dataset as it is now.

Belongs here: which facts beyond the row rules count, in which dimension and of how much. A fact's
dimension and severity are those that the ledger's words give its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.models.rules import Dimension
from quality.between.model import BetweenRule
from quality.ledger.wording import RuleText, text_of
from quality.punctuality import OVERDUE
from quality.rules.model import DUPLICATE_KEY, Rule
from quality.scores.items import Card, Counts, fact, row_card, total
from quality.scores.ledger import ABSENCE, PartState
from warehouse.log import Delivery, State

KEY_MISSING, UNREADABLE_RECORD, WHOLE_DELIVERY = "key.missing", "record.", "delivery."
"""Rules, or families of them, that no row mask holds."""


def delivery_card(
    delivery: Delivery,
    rules: Sequence[Rule],
    counts: Counts,
    failed: Mapping[str, int],
    late: bool | None,
) -> Card:
    """The card of a delivery that was taken in or refused.

    `failed`: rule → rows that fail it. `late`: None where it followed no other one, or its dataset
    has no cycle.
    """
    refused = delivery.state is State.REFUSED
    usable = fact(_words(WHOLE_DELIVERY).dimension, 1, int(refused))
    if refused:
        return usable
    accepted, quarantined = delivery.accepted or 0, delivery.quarantined or 0
    repeated = {DUPLICATE_KEY: delivery.duplicated or 0}
    cards = [
        usable,
        row_card(rules, counts, {**failed, **repeated}),
        fact(_words(KEY_MISSING).dimension, accepted, quarantined),
        fact(_words(UNREADABLE_RECORD).dimension, delivery.counted or 0, delivery.rejected or 0),
    ]
    if late is not None:
        cards.append(fact(Dimension.TIMELINESS, counts.rows, counts.rows if late else 0))
    return total(cards)


def part_card(
    ref: str,
    rules: Sequence[Rule],
    counts: Counts,
    state: PartState,
    between: Iterable[BetweenRule],
) -> Card:
    """The card of one deliverer's part of dataset `ref`: its current rows and open defects.

    `counts`: of its current rows. `between`: rules between datasets that were judged.
    """
    quarantined = _errors(state.of_kind("quarantine"))
    unreadable = _errors(state.of_kind("reject"))
    unusable = _errors(state.of_kind("delivery"))
    return total(
        [
            row_card(rules, counts, state.of_kind("row")),
            fact(_words(KEY_MISSING).dimension, counts.rows + quarantined, quarantined),
            fact(_words(UNREADABLE_RECORD).dimension, counts.rows + unreadable, unreadable),
            fact(_words(WHOLE_DELIVERY).dimension, 1, min(unusable, 1)),
            *_between(ref, counts, state, between),
        ]
    )


def absence_card(state: PartState) -> Card:
    """The card of a part of which something was due: one thing asked, whatever its size.

    Not one a row: of what never came there are none.
    """
    return fact(_words(OVERDUE).dimension, 1, _errors(state.of_kind(ABSENCE)))


def _between(
    ref: str, counts: Counts, state: PartState, between: Iterable[BetweenRule]
) -> Iterator[Card]:
    rows = state.of_kind("between")
    for rule in between:
        columns = [each.column for each in rule.accused if each.dataset == ref]
        if columns and rule.severity == "error":
            asked = sum(counts.filled.get(column, counts.rows) for column in columns)
            yield fact(rule.dimension, asked, rows.get(rule.id, 0))


def _words(rule: str) -> RuleText:
    return text_of({}, rule)


def _errors(failed: Mapping[str, int]) -> int:
    return sum(count for rule, count in failed.items() if _words(rule).severity == "error")
