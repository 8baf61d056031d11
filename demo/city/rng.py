"""Counter-based randomness: a value is a hash of (seed, stream, index, draw).

Belongs here: turning indexes into random numbers, whole arrays at a time. What is drawn from which
stream stands with those who draw. Since no state runs along, an attribute of entity i is the same
whatever the chunk, the order or the process it is asked in.

The mixing function is the finaliser of splitmix64 (Steele, Lea, Flood 2014), applied twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]
Bools = NDArray[np.bool_]

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ROUNDS: Final = 4
"""Rounds of the Feistel network: four make it indistinguishable enough from a random order."""


def _mix(value: Bits) -> Bits:
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


class Draws:
    """One named stream of random values. `index` is an array of entity numbers from 0; `draw` tells
    several values of one entity apart."""

    def __init__(self, seed: int, stream: str) -> None:
        digest = hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=8).digest()
        self._key = np.uint64(int.from_bytes(digest, "little"))

    def bits(self, index: ArrayLike, draw: int = 0) -> Bits:
        """64 random bits for each index."""
        with np.errstate(over="ignore"):
            salt = _mix(np.asarray([self._key + np.uint64(draw) * _GAMMA], dtype=np.uint64))[0]
            counter = np.asarray(index).astype(np.uint64)
            return _mix(_mix(counter * _GAMMA + salt) + self._key)

    def uniform(self, index: ArrayLike, draw: int = 0) -> Floats:
        """In [0, 1), with 53 bits."""
        return (self.bits(index, draw) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def integers(self, index: ArrayLike, low: ArrayLike, high: ArrayLike, draw: int = 0) -> Ints:
        """In [low, high); bounds may be arrays. Where high <= low the value is low."""
        low, high = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
        width = np.maximum(high - low, 1)
        drawn: Ints = low + (self.uniform(index, draw) * width).astype(np.int64)
        return drawn

    def chance(self, index: ArrayLike, probability: ArrayLike, draw: int = 0) -> Bools:
        """True with the given probability."""
        return self.uniform(index, draw) < np.asarray(probability)

    def choice(self, index: ArrayLike, weights: ArrayLike, draw: int = 0) -> Ints:
        """A position in `weights`, in proportion to it."""
        bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
        at = self.uniform(index, draw) * bounds[-1]
        drawn: Ints = np.minimum(np.searchsorted(bounds, at, side="right"), len(bounds) - 1)
        return drawn

    def normal(self, index: ArrayLike, mean: float, deviation: float, draw: int = 0) -> Floats:
        """Normally distributed (Box and Muller); draws `draw` and `draw + 1000` are used up."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(index, draw)))
        angle = 2.0 * np.pi * self.uniform(index, draw + 1000)
        return mean + deviation * radius * np.cos(angle)

    def banded(self, index: ArrayLike, bands: Sequence[Sequence[float]], draw: int = 0) -> Floats:
        """Values from bands [from, to, weight], uniform within a band; `draw` and the one after
        it are used up."""
        low, high, weight = np.array(bands, dtype=np.float64).T
        band = self.choice(index, weight, draw)
        values: Floats = low[band] + self.uniform(index, draw + 1) * (high - low)[band]
        return values

    def shuffled(self, index: ArrayLike, size: int) -> Ints:
        """The place of each index in a random order of 0 .. size - 1: a bijection.

        A Feistel network over the next even power of two, walked until it lands below `size`.
        """
        half = np.uint64(max(1, (max(size - 1, 1).bit_length() + 1) // 2))
        mask = (np.uint64(1) << half) - np.uint64(1)
        values = np.asarray(index).astype(np.uint64)
        outside = np.ones(values.shape, dtype=bool)
        while outside.any():
            moving = values[outside]
            left, right = moving >> half, moving & mask
            for turn in range(_ROUNDS):
                left, right = right, left ^ (self.bits(right, 100 + turn) & mask)
            values[outside] = (left << half) | right
            outside = values >= np.uint64(size)
        return values.astype(np.int64)
