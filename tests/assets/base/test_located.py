"""Which county a subject lies in, and whether that is the one its source states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from assets.base import deriving
from assets.base.deriving import derive
from assets.base.reference import provide
from assets.derived_tables import derived_tables
from catalog.geography import read_geography
from catalog.load import Catalog
from tests.assets.base.house import House
from tests.this_catalog import this_catalog
from warehouse import spatial

SCHOOLS = "education/schools"
HAZARDS = "emergency/major_hazards"
HIGH_TECH_AGENCY = "gaoxin_market_supervision"
ZHANGDIAN, ZHOUCUN, YIYUAN = "370303", "370306", "370323"
HIGH_TECH_ZONE = "370307"
IN_ZHANGDIAN = (118.0494, 36.8092)
IN_YIYUAN = (118.1459, 36.1668)
JUST_IN_ZHANGDIAN = (117.951, 36.82)
"""Zhoucun begins less than a kilometre west."""
BEYOND_THE_CITY = (118.5, 37.28)

Located = Mapping[str, Any]


def school(code: str, division: str | None, point: tuple[float, float]) -> dict[str, Any]:
    return {"school_code": code, "division": division, "lon": point[0], "lat": point[1]}


def located(house: House, *rows: dict[str, Any], agency: str | None = None) -> dict[str, Located]:
    """The derived table by subject, after these schools were delivered."""
    house.deliver(SCHOOLS, rows, key="school_code", agency=agency)
    return derived(house)


def derived(house: House) -> dict[str, Located]:
    house.build("geospatial.site")
    (table,) = (each for each in derived_tables() if each.ref == "geospatial.located")
    with house.lakehouse.engine() as engine:
        derive(house.lakehouse, engine, table)
        rows = engine.con.execute("FROM base.geospatial.located").fetchall()
    names = [column.id for column in table.columns]
    return {row["subject_id"]: row for row in (dict(zip(names, r, strict=True)) for r in rows)}


CASES: Mapping[str, tuple[str | None, tuple[float, float], str | None, bool | None]] = {
    "in its county": (ZHANGDIAN, IN_ZHANGDIAN, ZHANGDIAN, True),
    "in the county of its community": ("370303001001", IN_ZHANGDIAN, ZHANGDIAN, True),
    "in another county": (ZHANGDIAN, IN_YIYUAN, YIYUAN, False),
    "just over its own border": (ZHOUCUN, JUST_IN_ZHANGDIAN, ZHANGDIAN, True),
    "just over a border, not its own": (YIYUAN, JUST_IN_ZHANGDIAN, ZHANGDIAN, False),
    "in no county": (ZHANGDIAN, BEYOND_THE_CITY, None, False),
    "of no stated division": (None, IN_ZHANGDIAN, ZHANGDIAN, None),
    "of the city as a whole": ("370301", IN_ZHANGDIAN, ZHANGDIAN, None),
    "in a host of its zone": (HIGH_TECH_ZONE, IN_ZHANGDIAN, ZHANGDIAN, True),
    "in no host of its zone": (HIGH_TECH_ZONE, IN_YIYUAN, YIYUAN, False),
}
"""What a school states, where it is; the county that it is in, and whether it agrees."""


@pytest.fixture(scope="module")
def schools(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog
) -> Iterator[dict[str, Located]]:
    """One school for each case, located."""
    house = House(tmp_path_factory.mktemp("home"), catalog)
    rows = [school(case, stated, point) for case, (stated, point, *_) in CASES.items()]
    yield located(house, *rows)
    house.lakehouse.close()


@pytest.mark.parametrize("case", CASES)
def test_a_point_is_held_against_the_stated_division(
    case: str, schools: dict[str, Located]
) -> None:
    stated, _, county, agrees = CASES[case]
    found = schools[case]
    assert found["stated_division"] == (stated[:6] if stated else None)
    assert (found["located_division"], found["agrees"]) == (county, agrees)


def test_every_subject_is_one_row(schools: dict[str, Located]) -> None:
    assert set(schools) == set(CASES)


def test_the_distance_outside_is_in_metres(schools: dict[str, Located]) -> None:
    metres = {case: row["metres_outside"] for case, row in schools.items()}
    assert metres["in its county"] == metres["in a host of its zone"] == 0
    assert metres["of no stated division"] is None
    for case, (lon, lat), division in (
        ("in another county", IN_YIYUAN, ZHANGDIAN),
        ("just over its own border", JUST_IN_ZHANGDIAN, ZHOUCUN),
    ):
        assert metres[case] == pytest.approx(projected_metres(lon, lat, division), rel=0.01)


def projected_metres(lon: float, lat: float, division: str) -> float:
    """The distance on the plane of EPSG:4548, CGCS2000 around 117° E."""
    with duckdb.connect() as con:
        spatial.load(con)
        provide(con, this_catalog(), ["catalog/geography"])
        (metres,) = con.execute(
            "SELECT st_distance(st_transform(wkt::GEOMETRY, 'EPSG:4490', 'EPSG:4548', true),"
            " st_transform(st_point($1, $2), 'EPSG:4490', 'EPSG:4548', true))"
            " FROM boundary_rows WHERE division = $3",
            [lon, lat, division],
        ).fetchone() or (-1.0,)
    return float(metres)


def test_what_a_zones_agency_delivers_never_disagrees(house: House) -> None:
    rows = school("S1", ZHANGDIAN, IN_YIYUAN), school("S2", ZHANGDIAN, IN_ZHANGDIAN)
    found = located(house, *rows, agency=HIGH_TECH_AGENCY)
    assert [found[subject]["agrees"] for subject in ("S1", "S2")] == [None, True]


def test_a_point_on_a_border_is_one_row_and_in_its_own_county(house: House) -> None:
    # A corner that Zhangdian and Zhoucun share.
    corner = shared_corner(house)
    found = located(house, school("S1", ZHANGDIAN, corner), school("S2", ZHOUCUN, corner))
    assert [found[subject]["located_division"] for subject in ("S1", "S2")] == [ZHANGDIAN, ZHOUCUN]


def shared_corner(house: House) -> tuple[float, float]:
    corners = {
        each.division: {(lon, lat) for polygon in each.polygons for ring in polygon
                        for lon, lat in ring}
        for each in read_geography(house.catalog.root).boundaries
    }  # fmt: skip
    return min(corners[ZHANGDIAN] & corners[ZHOUCUN])


def test_subjects_without_a_division_are_located_too(house: House) -> None:
    lon, lat = IN_YIYUAN
    house.deliver(HAZARDS, [{"source_no": "H1", "lon": lon, "lat": lat}], key="source_no")
    found = derived(house)["H1"]
    assert (found["kind"], found["located_division"]) == ("重大危险源", YIYUAN)
    assert (float(found["lon"]), float(found["lat"])) == IN_YIYUAN


def test_only_a_table_that_says_so_loads_the_extension(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    table = {each.ref: each for each in derived_tables()}
    load = spatial.load

    def told(con: Any) -> None:
        loaded.append("spatial")
        load(con)

    monkeypatch.setattr(deriving.spatial, "load", told)
    with house.lakehouse.engine() as engine:
        derive(house.lakehouse, engine, table["geospatial.boundary"])
        assert loaded == []
        derive(house.lakehouse, engine, table["geospatial.located"])
    assert loaded == ["spatial"]
