"""Many small random choices from one draw: 16 bits each, through a table.

Belongs here: tables that turn 16 random bits into a position or an amount. For datasets of tens of
millions of rows: one hash gives four such values, and a table look-up is all that each costs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Draws, Floats, Ints

SIZE: Final = 1 << 16
Parts = NDArray[np.uint16]
PER_DRAW: Final = 4


def parts(draws: Draws, index: ArrayLike, draw: int = 0) -> tuple[Parts, Parts, Parts, Parts]:
    """Four independent values of 16 random bits for each index."""
    bits = draws.bits(index, draw).view(np.uint16).reshape(-1, PER_DRAW)
    return bits[:, 0], bits[:, 1], bits[:, 2], bits[:, 3]


def two_below(draws: Draws, index: ArrayLike, high: int, draw: int = 0) -> tuple[Ints, Ints]:
    """Two independent whole numbers in [0, high) for each index, `high` below 2**31."""
    halves = draws.bits(index, draw).view(np.uint32).reshape(-1, 2).astype(np.int64)
    numbers: Ints = (halves * high) >> 32
    return numbers[:, 0], numbers[:, 1]


def positions(weights: ArrayLike) -> Ints:
    """A table of positions in `weights`, each as often as it weighs; look it up with `parts`."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    at = (np.arange(SIZE) + 0.5) / SIZE * bounds[-1]
    chosen: Ints = np.searchsorted(bounds, at, side="right")
    return chosen


def lognormal(median: float, spread: float) -> Floats:
    """A table of log-normally distributed values; `spread` is that of the logarithm."""
    values: Floats = median * np.exp(spread * _normal())
    return values


def _normal() -> Floats:
    """Quantiles of the normal distribution by the logistic with the same slope at the middle: a
    little heavier in the tails, as bills and fees are."""
    share = (np.arange(SIZE) + 0.5) / SIZE
    quantiles: Floats = np.log(share / (1.0 - share)) / 1.702
    return quantiles


def below(bits: Parts, high: int) -> Ints:
    """Whole numbers in [0, high), `high` at most SIZE."""
    numbers: Ints = (bits.astype(np.int64) * high) >> 16
    return numbers
