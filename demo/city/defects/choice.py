"""Which rows have a defect, which one, and on which days.

Belongs here: choosing, by the rows' keys alone. What a chosen row then looks like stands in
`demo.city.defects.lay`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from demo.city.days import LAST, Days
from demo.city.declared import declaration
from demo.city.defects.keys import hashed
from demo.city.defects.kinds import Target
from demo.city.rng import Bits, Draws, Ints

TRIES: Final = 4
"""Kinds tried on a row that is to have a defect: not every kind can hit every row."""
_BITS, _CORRECTED, _RELAPSED, _BLOCK, _TRY = 1, 2, 3, 4, 10
"""Draws of one row."""

Damaging = Callable[[Target, Ints, Bits], NDArray[np.bool_]]
"""(target, rows, bits) → which of the rows were hit by it; keeps what it did to them."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """Rows with a defect: their positions, the number of each one's target, and its days.

    A defect stands from `begins` until `corrected`, and again from `relapsed` on.
    """

    rows: Ints
    target: Ints
    begins: Days
    corrected: Days
    relapsed: Days

    def stands(self, day: int) -> NDArray[np.bool_]:
        """Whether each defect stands on a day."""
        mended = (self.corrected <= day) & (self.relapsed > day)
        standing: NDArray[np.bool_] = (self.begins <= day) & ~mended
        return standing


def choose(
    targets: list[Target],
    shares: list[float],
    draws: Draws,
    facts: pl.DataFrame,
    identity: Bits,
    arrives: Days,
    damaging: Damaging,
) -> Faulty:
    """Chooses rows and targets, trying each choice with `damaging`."""
    row_share = sum(s for t, s in zip(targets, shares, strict=True) if not t.block)
    target = np.full(len(identity), -1)
    seeds = identity.copy()
    for number, (blocked, share) in enumerate(zip(targets, shares, strict=True)):
        if blocked.block:
            block = hashed(_block(facts, blocked))
            rows = np.flatnonzero(draws.chance(block, share, _BLOCK + number * 100))
            hit = rows[damaging(blocked, rows, draws.bits(block[rows], _BITS))]
            target[hit], seeds[hit] = number, block[hit]
    single = [number for number, blocked in enumerate(targets) if not blocked.block]
    weights = np.array([shares[number] for number in single])
    pending = np.flatnonzero(draws.chance(identity, row_share) & (target < 0))
    for turn in range(TRIES if single else 0):
        drawn = np.array(single)[draws.choice(identity[pending], weights, _TRY + turn)]
        for number in np.unique(drawn).tolist():
            rows = pending[drawn == number]
            hit = damaging(targets[number], rows, draws.bits(identity[rows], _BITS))
            target[rows[hit]] = number
        pending = pending[target[pending] < 0]
    rows = np.flatnonzero(target >= 0)
    declared = declaration("defects")
    mended = draws.chance(seeds[rows], declared["corrected"], _CORRECTED)
    again = mended & draws.chance(seeds[rows], declared["relapsing"], _RELAPSED)
    begins = arrives[rows]
    return Faulty(
        rows,
        target[rows],
        begins,
        np.where(mended, begins + 1, LAST),
        np.where(again, begins + 2, LAST),
    )


def _block(facts: pl.DataFrame, target: Target) -> pl.Series:
    """What the rows of one block have in common: the first column, and the day of the second."""
    name, moment = target.block
    return facts.select(
        pl.concat_str(pl.col(name), pl.col(moment).cast(pl.Date).cast(pl.String), separator=" ")
    ).to_series()
