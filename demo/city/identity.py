"""Invented identifiers with right check digits, whole columns at a time.

Belongs here: citizen identity numbers, unified social credit codes, numbers of food licences and
identifiers of electronic licences, from their parts. The single
codes of the sample stand in `demo.identifiers`; checking stands in `quality.standards`, which
shares no code with either, so that a mistake in one is seen by the other.

Sources: GB 11643-1999 (公民身份号码), GB 32100-2015 and GB 11714-1997 (统一社会信用代码),
食品经营许可管理办法 (check by ISO 7064 MOD 11,10), GB/T 36904-2018 (MOD 37,36).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from demo.city.rng import Ints
from demo.city.text import digits_of, from_symbols, pick
from demo.identifiers import (
    INVENTED_SERIES,
    ORGANIZATION_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = tuple("10X98765432")
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
    months = born.astype("datetime64[M]")
    year = months.astype(np.int64) // 12 + 1970
    day = (months.astype(np.int64) % 12 + 1) * 100 + (born - months).astype(np.int64) + 1
    place, order = np.asarray(division, dtype=np.int64), np.asarray(sequence, dtype=np.int64)
    total = (
        _weighted(place, 6, 0) + _weighted(year, 4, 6)
        + _weighted(day, 4, 10) + _weighted(order, 3, 14)
    )  # fmt: skip
    body = ((place * 10_000 + year) * 10_000 + day) * 1000 + order
    frame = pl.DataFrame({"body": body, "check": pick(_ID_CHECKS, total % 11)})
    return frame.select(pl.concat_str("body", "check")).to_series()


@cache
def _weights_of(width: int, first: int) -> Ints:
    """For every number of `width` digits, its digits' weighted sum from position `first` on."""
    weights = np.array(_ID_WEIGHTS[first : first + width])
    sums: Ints = digits_of(np.arange(10**width), width) @ weights
    return sums


def _weighted(values: Ints, width: int, first: int) -> Ints:
    return _weights_of(width, first)[values]


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


def food_license_numbers(form: ArrayLike, division: ArrayLike, serial: ArrayLike) -> pl.Series:
    """Numbers of food licences: JY, business form 1, division 6, serial 6, check 1."""
    body = (np.asarray(form, dtype=np.int64) * 10**6 + np.asarray(division)) * 10**6
    body += np.asarray(serial, dtype=np.int64)
    product = np.full(len(body), 10)
    for digit in digits_of(body, 13).T:
        product = (product + digit) % 10
        product = np.where(product == 0, 10, product) * 2 % 11
    frame = pl.DataFrame({"body": body * 10 + (11 - product) % 10})
    return frame.select(pl.concat_str(pl.lit("JY"), pl.col("body"))).to_series()


_LICENSE_ROOT: Final = "1.2.156.3005.2"
_VERSION: Final = "001"
_LICENSE_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LICENSE_SERIALS: Final = 10**12
"""Serials of electronic licences lie between a tenth of this and this: twelve digits."""


def _state_after(state: int, characters: str) -> int:
    """The product of MOD 37,36 after more characters."""
    for character in characters:
        total = (state + _LICENSE_ALPHABET.index(character)) % 36 or 36
        state = total * 2 % 37
    return state


@cache
def _states_after_four() -> Ints:
    """For each product (below 37) and four digits, the product after them."""
    state = np.repeat(np.arange(37)[:, None], 10**4, axis=1)
    for digit in digits_of(np.arange(10**4), 4).T:
        total = (state + digit) % 36
        state = np.where(total == 0, 36, total) * 2 % 37
    return state


def license_identifiers(
    type_codes: Sequence[str], issuers: Sequence[str], source: ArrayLike, serial: ArrayLike
) -> pl.Series:
    """Identifiers of electronic licences, of version 001.

    `source` is for each licence a position in the parallel `type_codes` and `issuers`, `serial` a
    number of twelve digits.
    """
    at, number = np.asarray(source), np.asarray(serial, dtype=np.int64)
    prefix = [
        f"{_LICENSE_ROOT}.{code}.{issuer}."
        for code, issuer in zip(type_codes, issuers, strict=True)
    ]
    begun = [
        _state_after(36, code + issuer) for code, issuer in zip(type_codes, issuers, strict=True)
    ]
    state, four = np.array(begun, dtype=np.int64)[at], _states_after_four()
    for power in (10**8, 10**4, 1):
        state = four[state, number // power % 10**4]
    ends = []
    for before in range(37):
        check = (37 - _state_after(before, _VERSION)) % 36
        ends.append(f".{_VERSION}.{_LICENSE_ALPHABET[check]}")
    frame = pl.DataFrame({"prefix": pick(prefix, at), "number": number, "end": pick(ends, state)})
    return frame.select(pl.concat_str("prefix", "number", "end")).to_series()
