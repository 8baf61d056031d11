"""A geometry shows no more than the columns that it is made of."""

from __future__ import annotations

import duckdb
import pytest

from catalog.entries import Catalog
from catalog.models.geometry import Geometry
from warehouse.publish.shown import ShownColumn, select_shown

OPEN, GRADED = "height", "income"
"""Columns of persons, of grade 1 and 3, in place of coordinates."""


def seen(catalog: Catalog, *made_of: str) -> tuple[str | None, str]:
    """What a reader sees of a geometry made of these columns, and its comment."""
    shown = [
        ShownColumn(name, name, "坐标", (f"town/persons.{name}",)) for name in (OPEN, GRADED, "sex")
    ]
    selection = select_shown(
        catalog, "person", shown, Geometry(name="点位", made_of=made_of)
    )  # fmt: skip
    expression = selection.expressions[-1].removesuffix(' AS "geometry"')
    with duckdb.connect() as con:
        row = con.execute(
            f"SELECT ST_AsText({expression})"
            f" FROM (SELECT 36.5 AS {OPEN}, 117.25 AS {GRADED}, 'POINT (1 2)' AS sex) AS person"
        ).fetchone()
    return (row or (None,))[0], selection.columns[-1].comment


def test_a_point_or_a_text_of_what_readers_may_see_is_shown(catalog: Catalog) -> None:
    assert seen(catalog, OPEN, OPEN)[0] == "POINT (36.5 36.5)"
    assert seen(catalog, "sex")[0] == "POINT (1 2)"


@pytest.mark.parametrize("made_of", [(OPEN, GRADED), (GRADED, OPEN), (GRADED,)])
def test_a_geometry_of_a_graded_column_is_not_shown(
    catalog: Catalog, made_of: tuple[str, ...]
) -> None:
    shown, comment = seen(catalog, *made_of)
    assert shown is None
    assert comment.endswith("安全级别 3 级，不显示")
