"""How a column is shown in a published file: the one place that decides about masking.

Belongs here: from the catalogue's grade and mask to an SQL expression. Does not belong here: how a
mask is made, which is SQL (`warehouse/macros/masking.sql`), and who may read unmasked values.

Source: 《淄博市公共数据管理办法》 article 44; grades of GB/T 43697-2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalog.models import Column, Element, ElementType

MASKED_FROM_GRADE = 3
"""Values of this grade and above never reach a published file as they are."""

Mask = Literal["none", "name", "id_no", "birth_month", "phone", "address", "hidden"]

_STRENGTH: tuple[Mask, ...] = ("none", "name", "address", "birth_month", "phone", "id_no", "hidden")
"""From what shows most to what shows nothing; the stronger wins where two sources meet."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How one column's values are shown: its grade and its mask."""

    grade: int
    mask: Mask

    @property
    def is_masked(self) -> bool:
        """Whether readers see something else than the value."""
        return self.grade >= MASKED_FROM_GRADE

    def shown(self, expression: str, kind: ElementType = ElementType.TEXT) -> str:
        """SQL for `expression` as a reader may see it.

        Below grade 3 the expression itself. From grade 3 on text: masked as the element says, or
        `***` where it says `none`, because a high grade without a mask is no permission to show.
        """
        if not self.is_masked:
            return expression
        if self.mask in ("none", "hidden"):
            return f"mask_hidden({expression})"
        if self.mask == "birth_month" or kind in (ElementType.TEXT, ElementType.CODE):
            return f"mask_{self.mask}({expression})"
        return f"mask_{self.mask}({expression}::VARCHAR)"

    def shown_as_written(self, expression: str) -> str:
        """SQL for a value as it was delivered, which may be anything, put in this column by mistake.

        Masked columns: the mask, which hides what does not have the expected form. Others:
        identity and mobile numbers within the text are blanked.
        """
        return self.shown(expression) if self.is_masked else f"mask_stray_numbers({expression})"


UNMASKED = Protection(1, "none")
"""For columns that hold no value from an agency: counts, names of datasets, our own texts."""


def protection_of(element: Element, column: Column | None = None) -> Protection:
    """The protection of a catalogued column: its own grade before its element's."""
    grade = column.grade if column is not None and column.grade is not None else element.grade
    return Protection(grade, element.mask)


def strictest(*protections: Protection) -> Protection:
    """The protection for a value that may come from any of several columns; none: UNMASKED.

    The highest grade counts. Among masked contributors the mask that shows least; one without a
    mask of its own hides.
    """
    if not protections:
        return UNMASKED
    grade = max(protection.grade for protection in protections)
    masks: list[Mask] = [
        "hidden" if protection.mask == "none" else protection.mask
        for protection in protections
        if protection.is_masked
    ]
    return Protection(grade, max(masks, key=_STRENGTH.index, default="none"))
