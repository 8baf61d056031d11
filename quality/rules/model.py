"""What a row rule is, once derived from the catalogue.

Belongs here: the rule as data. Deriving rules stands in `quality.rules.derive`, evaluating them in
`quality.standardise`, the second opinion in `quality.expectations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalog.models.rules import Dimension

DUPLICATE_KEY = "row.duplicate_key"
"""The one row rule that needs the whole delivery: set when it is settled, not in the pass."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row rule of one dataset.

    `id` is `<column>.<kind>` for rules derived from an element and `row.<id>` for cross-field ones.
    `bit` is its place in the mask, 0-based over all mask columns: bits 0–62 stand in `_failed`,
    63–125 in `_failed_2`. Bits are assigned once (`catalog/rule_bits.csv`) and never reused.
    """

    id: str
    kind: str
    columns: tuple[str, ...]
    dimension: Dimension
    severity: Literal["error", "query"]
    message: str
    """Chinese, plain: what is wrong, without the value."""
    standard: str
    """Standard and clause, or the catalogue entry, that asks for it."""
    how_to_correct: str
    example: str
    bit: int
    version: int = 1
    check: str | None = None
    """SQL condition of a cross-field rule."""
    after: tuple[str, ...] = ()
    """Rules of single columns; a row that breaks one of them is not asked this cross-field one."""

    @property
    def mask_column(self) -> str:
        """`_failed` or `_failed_2`."""
        return "_failed" if self.bit < 63 else f"_failed_{self.bit // 63 + 1}"

    @property
    def mask_value(self) -> int:
        """The rule's bit as a number within its mask column."""
        return 1 << (self.bit % 63)
