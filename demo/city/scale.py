"""How many of everything a city of some size has.

Belongs here: counts, in proportion to the full city's of `scale.yaml`. Where a dataset's rows
follow from the entities (deaths from ages), its figure here is what they were calibrated to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demo.city.declared import declaration

LEAST: Final = 500
MOST: Final = 20_000_000
"""Beyond it three digits no longer tell apart those born on one day in one district."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts for `residents` people. ValueError below LEAST or above MOST."""

    residents: int

    def __post_init__(self) -> None:
        if not LEAST <= self.residents <= MOST:
            raise ValueError(f"residents must be between {LEAST} and {MOST}: {self.residents}")

    def entities(self, kind: str) -> int:
        """How many of a kind of entity (`registered`, `firms`, …); KeyError for another."""
        return self._scaled(declaration("scale")["entities"][kind])

    def rows(self, ref: str) -> int:
        """How many rows a dataset (`<agency>/<dataset>`) has; KeyError for another."""
        return self._scaled(declaration("scale")["datasets"][ref])

    def _scaled(self, figure: dict[str, int]) -> int:
        if figure.get("fixed"):
            return figure["full"]
        share = self.residents / int(declaration("scale")["residents"])
        return max(round(figure["full"] * share), figure.get("least", 1))
