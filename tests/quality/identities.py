"""Citizen identity numbers of nobody, made by GB 11643 alone."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

SAMPLE = "11010519491231002X"
"""The number of the standard's own example."""


def identity(first_17: str) -> str:
    """The number that begins with these digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c) * w for c, w in zip(first_17, weights, strict=True))
    return first_17 + "10X98765432"[total % 11]


def identities(divisions: list[str], earliest: date, latest: date) -> st.SearchStrategy[str]:
    """Numbers of these divisions for people born between two days."""
    return st.builds(
        lambda division, birth, sequence: identity(f"{division}{birth:%Y%m%d}{sequence:03}"),
        st.sampled_from(divisions),
        st.dates(earliest, latest),
        st.integers(0, 999),
    )
