"""How often which kind of defect occurs in which dataset.

Belongs here: rates, and the draw that decides by them. A dataset's rows have a defect at the rate
asked for, shared among the kinds by their weights; a kind that would hardly occur in so small a
city is lifted where it can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from demo.city.city import City
from demo.city.defects.keys import hashed
from demo.city.defects.kinds import Target, targets_of
from demo.city.form import Form, form_of
from demo.city.rng import Draws

HIT: Final = 0
"""The draw that decides whether a row has a defect of its own."""
_SURE: Final = 3.0
"""So many times the least are expected: then hardly any seed gives less than the least."""
_MOST: Final = 0.25
"""No kind hits a larger share of a dataset's rows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate`: share of rows with a defect. `lifts`: what rare kinds get on top, as a share of the
    rows, by dataset and kind."""

    rate: float = 0.0
    lifts: dict[tuple[str, str], float] = field(default_factory=dict)

    def shares(self, ref: str, targets: list[Target]) -> list[float]:
        """The share of rows that each target shall hit."""
        total = sum(target.weight for target in targets)
        count: dict[str, int] = defaultdict(int)
        for target in targets:
            count[target.kind] += 1
        return [
            self.rate * target.weight / total
            + self.lifts.get((ref, target.kind), 0.0) / count[target.kind]
            for target in targets
        ]

    def spares(self, city: City, ref: str, keys: Sequence[str]) -> bool:
        """Whether no defect hits the records with these keys, whatever the form of their file."""
        lifts = sum(lift for (lifted, _), lift in self.lifts.items() if lifted == ref)
        identity = hashed(pl.Series(keys, dtype=pl.String))
        return not draws_of(city, ref).chance(identity, self.rate + lifts, HIT).any()


def draws_of(city: City, ref: str) -> Draws:
    """What decides about the defects of a dataset's rows, by the hash of their keys."""
    return city.draws(f"defects/{ref}")


def plan_of(catalog: Catalog, rows: dict[str, int], rate: float) -> Plan:
    """The plan for a city whose datasets have so many rows each."""
    if rate <= 0:
        return Plan()
    least: dict[str, float] = {}
    expected: dict[str, float] = defaultdict(float)
    where: dict[str, list[str]] = defaultdict(list)
    for ref, count in rows.items():
        targets = _all_targets(catalog, catalog.datasets[ref], form_of(ref, count))
        total = sum(target.weight for target in targets)
        for kind in {target.kind for target in targets}:
            mine = [target for target in targets if target.kind == kind]
            expected[kind] += count * rate * sum(target.weight for target in mine) / total
            least[kind] = sum(target.least for target in mine)
            where[kind].append(ref)
    lifts: dict[tuple[str, str], float] = {}
    for kind, refs in where.items():
        lacking = _SURE * least[kind] - expected[kind]
        if lacking > 0:
            share = min(_MOST, lacking / max(1, sum(rows[ref] for ref in refs)))
            lifts |= {(ref, kind): share for ref in refs}
    return Plan(rate, lifts)


def _all_targets(catalog: Catalog, dataset: Dataset, form: Form) -> list[Target]:
    return targets_of(catalog, dataset, form, {column.id for column in dataset.columns})
