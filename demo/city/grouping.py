"""Numbering things within groups.

Belongs here: ranks over whole arrays, for serial numbers that start anew with each group.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from demo.city.rng import Ints


def rank_within(group: ArrayLike) -> Ints:
    """For each place how many earlier places have the same group: 0, 1, 2, …"""
    values = np.asarray(group)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.ones(len(values), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(new)
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values)) - starts[np.cumsum(new) - 1]
    return rank
