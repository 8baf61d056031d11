"""What is declared of weighing: `weights.yaml`, read and checked.

Belongs here: its shape. What the degrees of agreement mean stands in `sql/comparable.sql`.
"""

from __future__ import annotations

from functools import cache
from math import isclose
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent
Chance = Annotated[float, Field(gt=0, lt=1)]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Declared):
    """A degree of agreement between a record and a registered subject."""

    agrees: str = ""
    """SQL over the columns of both, `_l` the record's, `_r` the subject's; the last has none."""
    told: str
    """In words, for whoever doubts a link."""
    m: Chance
    u: Chance


class Comparison(_Declared):
    """An attribute that is weighed, its levels from the strongest to none."""

    column: str
    missing: str
    """SQL: where it holds the attribute says nothing."""
    levels: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _chances_are_whole(self) -> Comparison:
        for name in ("m", "u"):
            total = sum(getattr(level, name) for level in self.levels)
            if not isclose(total, 1, abs_tol=1e-6):
                raise ValueError(f"{self.column}: {name} adds up to {total}, not to 1")
        if [bool(level.agrees) for level in self.levels] != [True] * (len(self.levels) - 1) + [
            False
        ]:
            raise ValueError(f"{self.column}: the last level, and no other, is without condition")
        return self


class Weights(_Declared):
    """Everything that decides a weighed link."""

    prior: Chance
    threshold: Chance
    near: Chance
    common: int = Field(ge=1)
    batch: int = Field(ge=1)
    blocks: tuple[str, ...] = Field(min_length=1)
    """Columns of both; pairs that agree in one of them are weighed, others never."""
    comparisons: tuple[Comparison, ...] = Field(min_length=1)


@cache
def weights() -> Weights:
    """What `weights.yaml` declares; pydantic.ValidationError says what is wrong with it."""
    told = yaml.safe_load((FOLDER / "weights.yaml").read_text(encoding="utf-8"))
    return Weights.model_validate(told)
