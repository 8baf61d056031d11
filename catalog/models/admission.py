"""What a standard source must show of its quality to be admitted (标准源目录).

Belongs here: the shape of one threshold. Measuring and judging stand in `quality.sources`.

Sources: 《淄博市公共数据管理办法》 article 18.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from catalog.models.declared import Declared, Grade, Identifier

Share = Annotated[float, Field(ge=0, le=1)]


class AdmissionThreshold(Declared):
    """Figures for the elements and owning agencies that it names, for all where it names none.

    Of several that concern an entry, each figure is the last one that states it.
    """

    agencies: tuple[Identifier, ...] = ()
    elements: tuple[Identifier, ...] = ()
    grades: tuple[Grade, ...] = ()
    rows: int | None = Field(default=None, ge=1)
    """At least so many rows; fewer tell nothing, and the entry stays provisional."""
    filled: Share | None = None
    """Share of rows with a value, readable or not, of a column that must be filled."""
    filled_where_optional: Share | None = None
    """The same of a column that may be empty: most people never cancel a permit."""
    valid: Share | None = None
    """Share of values without an open error."""
    late_cycles: int | None = Field(default=None, ge=0)
    """At most so many update cycles overdue."""

    @property
    def is_general(self) -> bool:
        """Whether it concerns every entry."""
        return not (self.agencies or self.elements or self.grades)


FIGURES = ("rows", "filled", "filled_where_optional", "valid", "late_cycles")


class Threshold(Declared):
    """What one entry is measured by: every figure decided."""

    rows: int
    filled: float
    filled_where_optional: float
    valid: float
    late_cycles: int
