"""Which parts of datasets are scored as they are now, and of which something was due.

Belongs here: what the log and the ledger say of a part. Does not belong here: counting it
(`quality.scores.cards`), and what is missing (`quality.punctuality`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog.entries import Catalog
from quality.deliveries.arrival import ARRIVED
from quality.scores.ledger import ABSENCE, Part, PartState
from warehouse.log import Delivery, State

SCORED = (State.APPLIED, State.REFUSED)
"""States of deliveries that are scored."""


@dataclass(frozen=True, slots=True)
class Present:
    """One deliverer's part of one dataset that counts."""

    at: datetime
    """Time of the last decision or event about it."""
    delivered: bool
    """Whether anything of it was; else there is nothing but what is missing."""
    due: bool
    """Whether a delivery came after another one, within the cycle or not, or fails to come."""


def present_parts(
    catalog: Catalog,
    deliveries: Sequence[Delivery],
    decided_at: Mapping[str, datetime],
    before: Mapping[str, date],
    ledger: Mapping[Part, PartState],
) -> dict[str, dict[str, Present]]:
    """Ref → deliverer → part, of every one with a delivery that is scored or something missing.

    `before`: as `days_before` gives it.
    """
    times: dict[Part, list[datetime]] = defaultdict(list)
    delivered: set[Part] = set()
    followed: set[Part] = set()
    for known in deliveries:
        part = known.dataset, known.agency
        if known.state in SCORED:
            delivered.add(part)
            times[part].append(decided_at[known.delivery])
        if known.state in ARRIVED and known.delivery in before:
            followed.add(part)
    missing = {part for part, state in ledger.items() if state.of_kind(ABSENCE)}
    found: dict[str, dict[str, Present]] = defaultdict(dict)
    for part in sorted(delivered | missing):
        ref, agency = part
        if ref not in catalog.datasets:
            continue
        told = ledger.get(part)
        at = max([*times[part], *([told.at] if told and told.at else [])])
        due = part in missing or (part in followed and _keeps_dates(catalog, ref))
        found[ref][agency] = Present(at, part in delivered, due)
    return found


def _keeps_dates(catalog: Catalog, ref: str) -> bool:
    dataset = catalog.datasets[ref]
    return dataset.update_cycle is not None and dataset.retired is None and dataset.aggregated


def days_before(
    deliveries: Sequence[Delivery], decided_at: Mapping[str, datetime]
) -> dict[str, date]:
    """Delivery → day on which its deliverer's last one of the dataset before that day came.

    One that was withdrawn counts for those that came until then: that they were in time was judged
    with it, and nobody is late for what was taken back afterwards.
    """
    came: dict[Part, list[Delivery]] = defaultdict(list)
    before: dict[str, date] = {}
    for known in sorted(deliveries, key=lambda each: each.first_seen):
        part = came[known.dataset, known.agency]
        for other in reversed(part):
            withdrawn_since = (
                other.state is State.WITHDRAWN and decided_at[other.delivery] > known.first_seen
            )
            earlier = other.first_seen.date() < known.first_seen.date()
            if earlier and (other.state in ARRIVED or withdrawn_since):
                before[known.delivery] = other.first_seen.date()
                break
        part.append(known)
    return before
