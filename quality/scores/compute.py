"""Which scores are counted anew, and their new lines.

Belongs here: finding what changed since it was last counted, and having that counted alone: one
aggregate for all changed deliveries of a dataset, one for a changed dataset, none for any other.
What a card holds stands in `quality.scores.cards`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb
import polars as pl

from catalog.entries import Catalog
from quality.between.model import BetweenRule
from quality.deliveries.arrival import punctuality
from quality.rules.derive import rules_of
from quality.scores.cards import absence_card, delivery_card, part_card
from quality.scores.counts import of_deliverers, of_deliveries
from quality.scores.items import Card, Counts, total
from quality.scores.ledger import Part, PartState, decided, failed_by_delivery, part_states
from quality.scores.parts import SCORED, Present, days_before, present_parts
from quality.scores.table import Stored, Subject, last_number, latest, lines_of, numbered
from warehouse.log import Delivery, State

METHOD = 3
"""Raised when something else is counted, or counted otherwise: then all is counted anew."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What scores are counted from."""

    con: duckdb.DuckDBPyConnection
    """Has the engine's names."""
    catalog: Catalog
    deliveries: Sequence[Delivery]
    """All of the log."""
    version_of: Callable[[str], int | None]
    """Version of a dataset's standard table, by its ref."""
    between: Sequence[BetweenRule] = ()
    """Rules between datasets that were judged when they were last asked."""


def new_lines(sources: Sources) -> pl.DataFrame:
    """Lines to append to `quality/scores`, columns SCORES; none when nothing changed."""
    times = decided(sources.con)
    counting = _Counting(
        sources, latest(sources.con), times, days_before(sources.deliveries, times)
    )
    counting.count_deliveries()
    counting.count_parts()
    counting.add_up_agencies()
    return numbered(counting.lines, last_number(sources.con) + 1)


@dataclass(slots=True)
class _Counting:
    sources: Sources
    stored: dict[Subject, Stored]
    """Every subject's last lines, the new ones included as they come."""
    times: Mapping[str, datetime]
    before: Mapping[str, date]
    """Delivery → day on which its deliverer's last one before that day came."""
    lines: list[dict[str, object]] = field(default_factory=list)

    def count_deliveries(self) -> None:
        """Deliveries whose state, counts or definition changed."""
        due: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in self.sources.deliveries:
            subject = _of_delivery(delivery)
            changed = self._changed(subject, self._basis_of(delivery))
            if changed and delivery.state in SCORED and self._known(delivery.dataset):
                due[delivery.dataset].append(delivery)
            elif changed and subject in self.stored:
                self._write_delivery(delivery, {})
        for ref, deliveries in due.items():
            for delivery, card in self._delivery_cards(ref, deliveries):
                self._write_delivery(delivery, card)

    def _write_delivery(self, delivery: Delivery, card: Card) -> None:
        at = self.times[delivery.delivery]
        self._write(_of_delivery(delivery), at, card, self._basis_of(delivery))

    def _delivery_cards(
        self, ref: str, deliveries: Sequence[Delivery]
    ) -> Iterator[tuple[Delivery, Card]]:
        con, catalog = self.sources.con, self.sources.catalog
        rules = rules_of(catalog, ref)
        applied = [known for known in deliveries if known.state is State.APPLIED]
        names = [known.delivery for known in applied]
        counts = of_deliveries(con, catalog.datasets[ref], rules, names) if applied else {}
        failed = failed_by_delivery(con, applied) if applied else {}
        for known in deliveries:
            yield (
                known,
                delivery_card(
                    known, rules, counts.get(known.delivery, Counts()),
                    failed.get(known.delivery, {}), self._late(known),
                ),
            )  # fmt: skip

    def _late(self, delivery: Delivery) -> bool | None:
        """As its report says it (`quality.deliveries.arrival`); None where nobody can say."""
        last = self.before.get(delivery.delivery)
        if last is None:
            return None
        found = punctuality(self.sources.catalog, delivery, last)
        return found.late if found else None

    def _basis_of(self, delivery: Delivery) -> str:
        if delivery.state not in SCORED:
            return _hash(delivery.state)
        return _hash(
            delivery.state, delivery.catalog_version, delivery.counted, delivery.accepted,
            delivery.rejected, delivery.quarantined, delivery.duplicated,
            self.before.get(delivery.delivery),
        )  # fmt: skip

    def count_parts(self) -> None:
        """Each deliverer's part of a dataset whose rows, defects or rules changed."""
        ledger = part_states(self.sources.con)
        present = present_parts(
            self.sources.catalog, self.sources.deliveries, self.times, self.before, ledger
        )
        for ref, parts in present.items():
            bases = {
                agency: self._basis_of_part(ref, part, ledger.get((ref, agency)))
                for agency, part in parts.items()
            }
            changed = {
                agency: part
                for agency, part in parts.items()
                if self._changed(_of_part(ref, agency), bases[agency])
            }
            for agency, card in self._part_cards(ref, changed, ledger):
                self._write(_of_part(ref, agency), parts[agency].at, card, bases[agency])
        self._end_parts(present, ledger)

    def _part_cards(
        self, ref: str, parts: Mapping[str, Present], ledger: Mapping[Part, PartState]
    ) -> Iterator[tuple[str, Card]]:
        catalog = self.sources.catalog
        rules = rules_of(catalog, ref)
        states = {agency: ledger.get((ref, agency), PartState()) for agency in parts}
        failed = {
            agency: states[agency].of_kind("row")
            for agency, part in parts.items()
            if part.delivered
        }
        counts = (
            of_deliverers(self.sources.con, catalog.datasets[ref], rules, failed) if failed else {}
        )
        for agency, part in parts.items():
            held, state = counts.get(agency, Counts()), states[agency]
            cards = [absence_card(state)] if part.due else []
            if part.delivered:
                cards.append(part_card(ref, rules, held, state, self.sources.between))
            yield agency, total(cards)

    def _basis_of_part(self, ref: str, part: Present, state: PartState | None) -> str:
        judged = sorted(
            (rule.id, rule.version)
            for rule in self.sources.between
            if any(each.dataset == ref for each in rule.accused)
        )
        return _hash(
            self.sources.version_of(ref), self.sources.catalog.dataset_version(ref),
            state.last_event if state else 0, judged, part.delivered, part.due,
        )  # fmt: skip

    def _end_parts(
        self, present: Mapping[str, Mapping[str, Present]], ledger: Mapping[Part, PartState]
    ) -> None:
        """Parts all of whose deliveries were withdrawn, and that owe nothing, count no longer."""
        ended = _hash("ended")
        for subject in [each for each in self.stored if each.level == "dataset"]:
            gone = subject.agency not in present.get(subject.subject, {})
            if gone and self._changed(subject, ended):
                part = subject.subject, subject.agency
                told = [_at(ledger.get(part))] + [
                    self.times[known.delivery]
                    for known in self.sources.deliveries
                    if (known.dataset, known.agency) == part
                ]
                self._write(subject, max(filter(None, told)), {}, ended)

    def add_up_agencies(self) -> None:
        """Agencies any of whose parts was counted anew."""
        parts: dict[str, list[tuple[str, Stored]]] = defaultdict(list)
        for subject, stored in self.stored.items():
            if subject.level == "dataset":
                parts[subject.agency].append((subject.subject, stored))
        for agency, known in sorted(parts.items()):
            basis = _hash(sorted((ref, stored.basis) for ref, stored in known))
            subject = Subject("agency", agency, None, agency)
            if self._changed(subject, basis):
                at = max(stored.at for _, stored in known)
                self._write(subject, at, total(stored.card for _, stored in known), basis)

    def _known(self, ref: str) -> bool:
        return ref in self.sources.catalog.datasets

    def _changed(self, subject: Subject, basis: str) -> bool:
        return subject not in self.stored or self.stored[subject].basis != basis

    def _write(self, subject: Subject, at: datetime, card: Card, basis: str) -> None:
        self.stored[subject] = Stored(at, basis, card)
        self.lines += lines_of(subject, at, card, self.sources.catalog.version, basis)


def _of_delivery(delivery: Delivery) -> Subject:
    return Subject("delivery", delivery.delivery, delivery.dataset, delivery.agency)


def _of_part(ref: str, agency: str) -> Subject:
    return Subject("dataset", ref, ref, agency)


def _at(state: PartState | None) -> datetime | None:
    return state.at if state else None


def _hash(*told: object) -> str:
    return hashlib.sha256(repr((METHOD, *told)).encode()).hexdigest()[:16]
