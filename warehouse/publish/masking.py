"""How a column is shown in a published file: the one place that decides about masking.

Belongs here: from the catalogue's grade and mask to an SQL expression. Does not belong here: how a
mask is made, which is SQL (`warehouse/macros/masking.sql`), and who may read unmasked values.

Source: 《淄博市公共数据管理办法》 article 44; grades of GB/T 43697-2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalog.entries import Catalog
from catalog.models.datasets import Column, Dataset
from catalog.models.elements import Element

MASKED_FROM_GRADE = 3
"""Values of this grade and above never reach a published file as they are."""

Mask = Literal["none", "code", "name", "id_no", "birth_month", "phone", "address", "hidden"]

_STRENGTH: tuple[Mask, ...] = (
    "none", "code", "name", "address", "birth_month", "phone", "id_no", "hidden",
)  # fmt: skip
"""From what shows most to what shows nothing; the stronger wins where two sources meet."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How one column's values are shown: its grade and its mask."""

    grade: int
    mask: Mask

    @property
    def is_masked(self) -> bool:
        """Whether readers see something else than the value, whatever it is."""
        return self.grade >= MASKED_FROM_GRADE

    @property
    def way(self) -> Mask:
        """The mask that applies: `none` shows the value, `code` all but a citizen's number.

        From grade 3 on a column whose element names no mask is hidden, because a high grade without
        a mask is no permission to show.
        """
        if not self.is_masked:
            return "code" if self.mask == "code" else "none"
        return "hidden" if self.mask in ("none", "code") else self.mask

    def shown(self, expression: str) -> str:
        """SQL for `expression`, of any type, as a reader may see it.

        The expression itself, or text from the macro of that mask.
        """
        if self.way == "none":
            return expression
        return f"mask_{self.way}(({expression})::VARCHAR)"


UNMASKED = Protection(1, "none")
"""For columns that hold no value from an agency: counts, names of datasets, our own texts."""


def protection_of(element: Element, column: Column | None = None) -> Protection:
    """The protection of a catalogued column: its own grade before its element's."""
    grade = column.grade if column is not None and column.grade is not None else element.grade
    return Protection(grade, element.mask)


def strictest(*protections: Protection) -> Protection:
    """The protection for a value that may come from any of several columns; none: UNMASKED.

    The highest grade counts, and the mask that shows least.
    """
    if not protections:
        return UNMASKED
    grade = max(protection.grade for protection in protections)
    ways = [protection.way for protection in protections]
    return Protection(grade, max(ways, key=_STRENGTH.index))


def column_protection(catalog: Catalog, dataset: Dataset, column_id: str) -> Protection:
    """Protection of a column's text as delivered; a derived column shows what it came from."""
    column = dataset.column(column_id)
    own = protection_of(catalog.element_of(dataset.ref, column_id), column)
    if column.derived is None:
        return own
    return strictest(own, column_protection(catalog, dataset, column.derived.column))


def masked_columns(catalog: Catalog, dataset: Dataset) -> frozenset[str]:
    """Ids of the columns that no report shows as they are."""
    return frozenset(
        column.id
        for column in dataset.columns
        if column_protection(catalog, dataset, column.id).is_masked
    )
