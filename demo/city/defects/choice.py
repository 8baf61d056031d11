"""Which rows have a defect, which one, and on which days.

Belongs here: choosing, by the rows' keys alone, and damaging the chosen rows. What is then written
on which day stands in `demo.city.defects.lay`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from demo.city.days import LAST, Days
from demo.city.declared import declaration
from demo.city.defects.damage import Changes, Columns, Damage, Hit
from demo.city.defects.keys import hashed
from demo.city.defects.kinds import BROKEN, Target
from demo.city.defects.plan import HIT
from demo.city.rng import Bits, Draws, Ints

_TRIES: Final = 4
"""Kinds tried on a row that is to have a defect: not every kind can hit every row."""
_BITS, _CORRECTED, _RELAPSED, _TRY, _BLOCK = 1, 2, 3, 10, 100
"""Draws of one row beside `HIT`."""
_UNTOUCHED: Final = (*BROKEN, "duplicate_key")
"""Damages that leave all values as they are."""

HitOf = Callable[[Columns, Columns, Target], Hit]
"""(columns as written, in standard values, target) → a hit without row and bits."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """Rows with a defect, in order.

    `rows`: their positions in the piece; `target`: the number of each one's target; `right`,
    `wrong`: what would be written and what is; `original`, `delivered`: the damaged cell. The row
    comes, and its defect stands, from day `begins` until `corrected`, and again from `relapsed` on.
    """

    rows: Ints
    target: Ints
    right: pl.DataFrame
    wrong: pl.DataFrame
    original: pl.Series
    delivered: pl.Series
    begins: Days
    corrected: Days
    relapsed: Days

    def stands(self, day: int) -> NDArray[np.bool_]:
        """Whether each defect stands on a day."""
        mended = (self.corrected <= day) & (self.relapsed > day)
        standing: NDArray[np.bool_] = (self.begins <= day) & ~mended
        return standing


class Choosing:
    """Chooses the faulty rows of one dataset's pieces."""

    def __init__(
        self,
        targets: Sequence[Target],
        shares: Sequence[float],
        draws: Draws,
        damages: Mapping[str, Damage],
        hit_of: HitOf,
    ) -> None:
        self._targets, self._draws, self._hit_of = targets, draws, hit_of
        self._damages = [damages[target.how] for target in targets]
        self._blocks = [number for number, target in enumerate(targets) if target.block]
        self._single = [number for number, target in enumerate(targets) if not target.block]
        self._shares = np.array(shares, dtype=float)

    def of(self, text: pl.DataFrame, facts: pl.DataFrame, identity: Bits, arrives: Days) -> Faulty:
        """The faulty rows of a piece, damaged.

        All rows of a block come on the first day: only together do they show their defect.
        """
        rows, tries, seeds = self._drawn(facts, identity)
        right = text[rows]
        target, written, cells = self._damaged(right, facts[rows], tries, seeds)
        hit = np.flatnonzero(target >= 0)
        wrong = pl.DataFrame(written, schema=text.schema)
        original, delivered = (
            pl.Series([cells[at][side] for at in hit.tolist()], dtype=pl.String) for side in (0, 1)
        )
        mended, again = self._mended(seeds[hit])
        together = np.isin(target[hit], self._blocks)
        begins = np.where(together, 1, arrives[rows[hit]])
        return Faulty(
            rows[hit], target[hit], right[hit], wrong[hit], original, delivered, begins,
            np.where(mended, begins + 1, LAST), np.where(again, begins + 2, LAST),
        )  # fmt: skip

    def _drawn(self, facts: pl.DataFrame, identity: Bits) -> tuple[Ints, Ints, Bits]:
        """Rows that are to have a defect, the targets to try on each, and what decides its days:
        the same for all rows of a block."""
        draws = self._draws
        forced, seeds = np.full(len(identity), -1), identity
        for number in self._blocks:
            block = hashed(_block(facts, self._targets[number]))
            chosen = draws.chance(block, self._shares[number], _BLOCK + number)
            forced[chosen], seeds = number, np.where(chosen, block, seeds)
        weights = self._shares[self._single]
        if len(weights):
            chosen = draws.chance(identity, weights.sum(), HIT) | (forced >= 0)
            rows = np.flatnonzero(chosen)
            single = np.array(self._single)
            tries = np.stack(
                [single[draws.choice(identity[rows], weights, _TRY + t)] for t in range(_TRIES)]
            )
        else:
            rows = np.flatnonzero(forced >= 0)
            tries = np.zeros((_TRIES, len(rows)), np.int64)
        return rows, np.where(forced[rows] >= 0, forced[rows], tries), seeds[rows]

    def _damaged(
        self, text: pl.DataFrame, facts: pl.DataFrame, tries: Ints, seeds: Bits
    ) -> tuple[Ints, dict[str, list[Any]], dict[int, tuple[str | None, str | None]]]:
        """Each row's target (-1: none), the columns with the damages, the damaged cells."""
        written, known = text.to_dict(as_series=False), facts.to_dict(as_series=False)
        hits = [self._hit_of(written, known, target) for target in self._targets]
        bits = self._draws.bits(seeds, _BITS).tolist()
        chosen = np.full(text.height, -1)
        cells: dict[int, tuple[str | None, str | None]] = {}
        for row, numbers in enumerate(tries.T.tolist()):
            for number in numbers:
                hit, target = hits[number], self._targets[number]
                hit.row, hit.bits = row, bits[row]
                changes = self._damages[number](hit) if _allowed(target, known, row) else None
                if changes is None or not _counts(target, changes, written, row):
                    continue
                before = written[target.column][row]
                for column, value in changes.items():
                    written[column][row] = value
                cells[row] = (before, written[target.column][row])
                chosen[row] = number
                break
        return chosen, written, cells

    def _mended(self, seeds: Bits) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        declared = declaration("defects")
        mended = self._draws.chance(seeds, declared["corrected"], _CORRECTED)
        return mended, mended & self._draws.chance(seeds, declared["relapsing"], _RELAPSED)


def _allowed(target: Target, known: Columns, row: int) -> bool:
    """Whether the row has the standard values that the target asks for."""
    return all(known[column][row] in values for column, values in target.where if column in known)


def _counts(target: Target, changes: Changes, written: Columns, row: int) -> bool:
    """Whether the row is really another one than before."""
    if target.how in _UNTOUCHED:
        return True
    return any(written[column][row] != value for column, value in changes.items())


def _block(facts: pl.DataFrame, target: Target) -> pl.Series:
    """What the rows of one block have in common: the first column, and the day of the second."""
    name, moment = target.block
    return facts.select(
        pl.concat_str(pl.col(name), pl.col(moment).cast(pl.Date).cast(pl.String), separator=" ")
    ).to_series()
