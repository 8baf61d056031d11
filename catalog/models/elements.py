"""Data elements: one meaning, one standard, one source.

Belongs here: what an element declares of its values. How a value of a format is read and checked
stands in `quality.standards`.

Sources: 《淄博市公共数据管理办法》 articles 8, 18, 44.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from catalog.models.declared import (
    ChineseText,
    Declared,
    Grade,
    Identifier,
    IsoDate,
    Retirement,
    Standard,
    Suspension,
)


class ElementType(StrEnum):
    """Type of an element's value in the standard layer (Polars / DuckDB in brackets)."""

    TEXT = "text"  # String / VARCHAR
    CODE = "code"  # String / VARCHAR, a code of the element's code table
    INTEGER = "integer"  # Int64 / BIGINT
    DECIMAL = "decimal"  # Decimal(38, scale) / DECIMAL(38, scale)
    DATE = "date"  # Date / DATE
    DATETIME = "datetime"  # Datetime("us"), Asia/Shanghai wall time / TIMESTAMP
    BOOLEAN = "boolean"  # Boolean / BOOLEAN


class SourceRef(Declared):
    """The one dataset and column that is authoritative for an element (article 18)."""

    dataset: str
    column: Identifier
    suspended: Suspension | None = None
    """While it is, no base table asks this column, and values come from the next in order."""

    @property
    def place(self) -> str:
        """`<agency>/<dataset>.<column>`."""
        return f"{self.dataset}.{self.column}"


class Element(Declared):
    """A 数据元: one meaning, one standard, one source."""

    id: Identifier
    name: ChineseText
    definition: ChineseText
    type: ElementType
    format: Identifier | None = None
    """Names an entry of the standards library (`quality.standards`), e.g. `uscc`, `id_no`, `money`:
    how to normalise and how to check beyond type."""
    standard: Standard | None = None
    code_table: Identifier | None = None
    pattern: str | None = None
    """Regular expression (what Rust and RE2 share; the engine anchors it) of a right value."""
    max_length: int | None = Field(default=None, gt=0)
    minimum: float | None = Field(default=None, allow_inf_nan=False)
    maximum: float | None = Field(default=None, allow_inf_nan=False)
    scale: int = Field(default=0, ge=0, le=18)
    """Decimals kept, for type decimal."""
    unit: str | None = None
    earliest: IsoDate | None = None
    """Earlier dates are sentinels or mistakes (dates and datetimes)."""
    future_allowed: bool = False
    """Whether a date later than the delivery's `as_of` can be right."""
    data_class: ChineseText
    """分类, e.g. 法人基本信息, 个人基本信息."""
    grade: Grade
    mask: Literal["none", "code", "name", "id_no", "birth_month", "phone", "address", "hidden"] = (
        "none"
    )
    """How the published file shows the value when grade is 3 or above (article 44). `code` is for
    the public code of an organisation, of any grade below: in its place somebody may have written a
    citizen's number."""
    example: str
    how_to_correct: ChineseText
    severity: Literal["error", "query"] = "error"
    """Severity of a value outside code table, pattern or range."""
    source: SourceRef | tuple[SourceRef, ...] | Literal["each_dataset"] | None = None
    """The one standard source. `each_dataset`: the values are facts of each dataset's own (an
    amount, the date of a decision), of which no other dataset holds a copy. Several may be written
    down, and are a finding until one is chosen."""
    identifier: bool = False
    """Names a subject or place: others hold it to refer to it, which repeats no collection."""
    unchecked: str = ""
    """Why nothing beyond its type can be asked of the value; empty where a rule does ask."""
    retired: Retirement | None = None

    @property
    def standard_source(self) -> SourceRef | None:
        """The standard source, suspended or not, where the element has one of its own."""
        source = self.source
        if isinstance(source, tuple) and len(source) == 1:
            (source,) = source
        return source if isinstance(source, SourceRef) else None
