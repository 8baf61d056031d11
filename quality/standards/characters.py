"""Check digits and forms, over the characters of a column of codes.

Belongs here: texts as a matrix of bytes, weighted sums, the hybrid systems of ISO 7064, and asking
a check of those texts that have the form for it. Which weights and alphabets a standard has stands
in its module.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from quality.standards.reading import Mask, is_true

DIGITS = "0123456789"

Bytes = npt.NDArray[np.uint8]

Values = npt.NDArray[np.int32]

FOREIGN = 1_000_000
"""Value of a character outside an alphabet: far above any sum of values that are in it."""


def values_of(alphabet: str) -> Values:
    """Byte → value of the character in the alphabet."""
    table = np.full(256, FOREIGN, np.int32)
    table[np.frombuffer(alphabet.encode(), np.uint8)] = np.arange(len(alphabet))
    return table


def weighted(values: Values, weights: tuple[int, ...]) -> Values:
    """Sum of values times weights; shape (n, len(weights)) → (n,).

    Integers on purpose: a product of floats would start the linear algebra library's threads, which
    fight with the streaming engine's.
    """
    return np.asarray(values @ np.array(weights, np.int32))


def bytes_of(text: pl.Series, length: int) -> tuple[Mask, Bytes]:
    """Where a text has exactly this many ASCII characters, and their bytes as a matrix.

    Shape of the matrix: (number of such texts, length).
    """
    fits = is_true((text.str.len_bytes() == length) & (text.str.len_chars() == length))
    joined = text.filter(fits).str.join("").item() or ""
    return fits, np.frombuffer(joined.encode(), np.uint8).reshape(-1, length)


@cache
def _steps(alphabet: str) -> Bytes:
    """Table of an ISO 7064 hybrid system: (state, byte) → next state; shape (m + 1, 256)."""
    size = len(alphabet)
    total = (np.arange(size + 1)[:, None] + values_of(alphabet)) % size
    return np.where(total == 0, size, total).astype(np.uint8) * 2 % (size + 1)


def iso7064_holds(characters: Bytes, alphabet: str) -> Mask:
    """Check of ISO 7064 over bytes that are all in the alphabet, the check character last.

    MOD 11,10 over digits, MOD 37,36 over digits and capitals. The state starts from the size of the
    alphabet, and the middle of the alphabet leaves it there: filled up with that character in
    front, texts of several lengths can be checked at once.
    """
    steps = _steps(alphabet)
    state = np.full(len(characters), len(alphabet), np.uint8)
    for position in range(characters.shape[1] - 1):
        state = steps[state, characters[:, position]]
    return np.asarray((state + values_of(alphabet)[characters[:, -1]]) % len(alphabet) == 1)


def lacks(text: pl.Series, form: str) -> Mask:
    """Where a text does not match; null lacks nothing."""
    return is_true(~text.str.contains(form))


def fails(text: pl.Series, formed: Mask, holds: Callable[[pl.Series], Mask]) -> Mask:
    """Where a check doesn't hold that can be asked of texts of its form alone."""
    failing = np.zeros(len(text), np.bool_)
    failing[formed] = ~holds(text.filter(pl.Series(formed)))
    return failing
