"""Rules that a dataset writes out, and the dimensions of quality that all rules are told by.

Belongs here: what a rule over several columns declares. Rules that follow from elements are derived
in `quality.rules`.

Source: dimensions, GB/T 36344-2018.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from catalog.models.declared import ChineseText, Declared, Identifier


class Dimension(StrEnum):
    """Six dimensions of GB/T 36344-2018."""

    CONFORMITY = "conformity"  # 规范性
    COMPLETENESS = "completeness"  # 完整性
    ACCURACY = "accuracy"  # 准确性
    CONSISTENCY = "consistency"  # 一致性
    TIMELINESS = "timeliness"  # 时效性
    ACCESSIBILITY = "accessibility"  # 可访问性


class CrossFieldRule(Declared):
    """A rule over several columns of one row, as a condition that a right row satisfies.

    `check` is written in the subset of SQL that `polars.sql_expr` and DuckDB both accept, over the
    standard columns; a NULL result is no violation. It is not asked of a row in which a column that
    it reads holds an error of its own: that is to be put right first.
    """

    id: Identifier
    check: str
    columns: tuple[Identifier, ...] = Field(min_length=1)
    """The columns named to the agency; the first is the one to correct."""
    message: ChineseText
    dimension: Dimension
    severity: Literal["error", "query"]
    standard: str = ""
    how_to_correct: ChineseText
    example: str = ""
    """A right value of the column to correct."""
    despite_errors: bool = False
    """Whether it is asked all the same, because it tells more than the error does."""
    version: int = 1
