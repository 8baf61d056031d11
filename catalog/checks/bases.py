"""Legal bases: whether one of sufficient rank is cited, and what to say where none is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from catalog.models.attributes import LegalBasis, LegalRank


def has_rank(cited: Sequence[LegalBasis], ranks: Collection[LegalRank]) -> bool:
    """Whether one of the cited bases has one of these ranks."""
    return any(basis.rank in ranks for basis in cited)


def ranks_of(cited: Sequence[LegalBasis]) -> str:
    """The ranks cited, as a finding tells them."""
    return "依据的位阶为 " + "、".join(basis.rank for basis in cited) if cited else "没有依据"
