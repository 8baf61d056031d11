"""A finding about a whole delivery or a whole column, and the figures it is found by.

Belongs here: the shape, and the declared thresholds (`thresholds.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).parent / "thresholds.yaml"

Share = Annotated[float, Field(gt=0, le=1)]
Count = Annotated[int, Field(gt=0)]


@dataclass(frozen=True, slots=True)
class Found:
    """One finding; `rule` is the ledger's, `column` a column's id or empty for the whole."""

    rule: str
    message: str
    """Chinese, for the agency; no value from a row."""
    column: str = ""
    value: str | None = None
    kind: Literal["delivery", "column"] = "delivery"


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class History(_Declared):
    """How many of the deliverer's earlier deliveries are asked."""

    least: Count
    most: Count


class RowCount(_Declared):
    """When a number of rows is far from what it was."""

    deviations: Count
    share: Share
    rows: Count


class NullRate(_Declared):
    """When a share of nulls is far from what it was."""

    deviations: Count
    points: Share
    rows: Count


class Distribution(_Declared):
    """When a median is far from what it was."""

    deviations: Count
    rows: Count


class Silence(_Declared):
    """How long nothing may come."""

    increment_cycles: Count


class Heading(_Declared):
    """When a column's values belong under another heading."""

    rows: Count
    sample: Count
    failing: Share
    fitting: Share


class Thresholds(_Declared):
    """The contents of `thresholds.yaml`."""

    numbering: tuple[str, ...]
    history: History
    row_count: RowCount
    null_rate: NullRate
    distribution: Distribution
    silence: Silence
    heading: Heading


@cache
def thresholds() -> Thresholds:
    """The declared thresholds; ValueError when the file is not as declared here."""
    return Thresholds.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
