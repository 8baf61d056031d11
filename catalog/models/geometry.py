"""The column `geometry` of a published table: of which of its columns it is made.

Belongs here: the shape of the declaration, shared by base and derived tables. Does not belong here:
its SQL and who may see it (`warehouse.publish.shown`).
"""

from __future__ import annotations

from pydantic import Field

from catalog.models.declared import ChineseText, Declared, Identifier


class Geometry(Declared):
    """A geometry in CGCS2000 (EPSG:4490), degrees, longitude first."""

    name: ChineseText
    made_of: tuple[Identifier, ...] = Field(min_length=1, max_length=2)
    """Columns of the table: one of well-known text, or longitude and latitude."""
