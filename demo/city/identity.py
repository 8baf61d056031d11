"""Invented identifiers with right check digits, whole columns at a time.

Belongs here: citizen identity numbers and unified social credit codes from their parts. The single
codes of the sample stand in `demo.identifiers`; checking stands in `quality.standards`, which
shares no code with either, so that a mistake in one is seen by the other.

Sources: GB 11643-1999 (公民身份号码), GB 32100-2015 and GB 11714-1997 (统一社会信用代码).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Ints
from demo.city.text import digits_of, from_symbols
from demo.identifiers import (
    INVENTED_SERIES,
    ORGANIZATION_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)

_ID_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS: Final = np.frombuffer(b"10X98765432", dtype=np.uint8)
_ALPHABET: Final = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
_ZERO: Final = ord("0")
_BASE: Final = len(USCC_ALPHABET)
SERIALS: Final = _BASE**6
"""How many organisation codes there are for inventing."""
_ORGANIZATION_VALUE: Final = np.array([int(char, 36) for char in USCC_ALPHABET])
_VALUE_OF_SYMBOL: Final = np.zeros(128, dtype=np.int64)
_VALUE_OF_SYMBOL[_ALPHABET] = np.arange(_BASE)


def id_numbers(division: ArrayLike, birth: ArrayLike, sequence: ArrayLike) -> pl.Series:
    """18-character identity numbers: division 6, birth day (days since the epoch), sequence 3."""
    born = np.asarray(birth).astype("datetime64[D]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    date = (year * 100 + month) * 100 + day
    head = (np.asarray(division, dtype=np.int64) * 10**8 + date) * 1000 + np.asarray(sequence)
    digits = digits_of(head, 17)
    check = _ID_CHECKS[digits @ _ID_WEIGHTS % 11]
    return from_symbols(np.hstack([(digits + _ZERO).astype(np.uint8), check[:, None]]))


def credit_codes(department: ArrayLike, division: ArrayLike, serial: ArrayLike) -> pl.Series:
    """Unified social credit codes of invented organisations.

    `department` holds the codes' first two characters as an array of texts (`91`, `12`, …),
    `serial` numbers below SERIALS, one an organisation.
    """
    office = np.asarray(department).astype("S2").view(np.uint8).reshape(-1, 2)
    place = (digits_of(division, 6) + _ZERO).astype(np.uint8)
    body = np.hstack([office, place, _organizations(np.asarray(serial, dtype=np.int64))])
    total = _VALUE_OF_SYMBOL[body] @ np.array(USCC_WEIGHTS)
    check = _ALPHABET[(31 - total % 31) % 31]
    return from_symbols(np.hstack([body, check[:, None]]))


def _organizations(serial: Ints) -> NDArray[np.uint8]:
    powers = _BASE ** np.arange(5, -1, -1, dtype=np.int64)
    places = serial[:, None] // powers % _BASE
    series = np.array([USCC_ALPHABET.index(char) for char in INVENTED_SERIES])
    positions = np.hstack([np.broadcast_to(series, (len(serial), 2)), places])
    total = _ORGANIZATION_VALUE[positions] @ np.array(ORGANIZATION_WEIGHTS)
    checks = np.frombuffer(b"?123456789X0", dtype=np.uint8)
    check = checks[11 - total % 11]
    return np.hstack([_ALPHABET[positions], check[:, None]])
