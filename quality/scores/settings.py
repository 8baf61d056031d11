"""What the bureau configures about scores: the four words.

Belongs here: reading `scores.yaml`. How late is late stands in `quality.deliveries`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from catalog.models.rules import Dimension

_FILE = Path(__file__).with_name("scores.yaml")


class Settings(BaseModel):
    """`scores.yaml`. ValueError when a dimension is in no word."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Mapping[str, tuple[Dimension, ...]]
    """Word → its dimensions."""

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        mapped = {dimension for dimensions in self.words.values() for dimension in dimensions}
        if missing := set(Dimension) - mapped:
            raise ValueError(f"not configured: {', '.join(sorted(missing))}")
        if not all(self.words.values()):
            raise ValueError("a word without dimensions")
        return self


@cache
def settings() -> Settings:
    """The settings of this house."""
    return Settings.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
