"""Deadlines in working days.

Sources: 《淄博市公共数据管理办法》 articles 16, 17.
"""

from __future__ import annotations

from pydantic import Field

from catalog.models.declared import ChineseText, Declared, Identifier, IsoDate


class WorkingDayLimit(Declared):
    """A deadline as a row, never a constant in code (measures, articles 16 and 17)."""

    subject: Identifier
    """e.g. `correct_error`, `answer_query`, `correct_credit_error`."""
    working_days: int = Field(gt=0)
    source: ChineseText
    article: str
    valid_from: IsoDate
    valid_to: IsoDate | None = None
