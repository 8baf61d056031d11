"""Addresses and the boundaries they lie in."""

from __future__ import annotations

import numpy as np

from demo.city.city import City
from demo.city.places import geography


def test_every_address_lies_within_the_boundary_of_its_county(city: City) -> None:
    places = city.places
    index = np.arange(places.count)
    lon, lat = places.points(index)
    county = places.county_of_community[places.community(index)]
    for at, code in enumerate(places.counties):
        inside = county == at
        assert inside.any()
        assert places.boundaries.contains(code, lon[inside], lat[inside]).all()


def test_a_cell_counted_as_inner_lies_within_the_boundary_with_all_its_corners(city: City) -> None:
    boundaries = city.places.boundaries
    for code, cells in boundaries.cells.items():
        for corner in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
            lon, lat = ((cells + np.array(corner)) * 0.002).T
            assert boundaries.contains(code, lon, lat).all()


def test_a_point_outside_is_known_as_outside(city: City) -> None:
    boundaries = city.places.boundaries
    zhangdian, yiyuan = (118.05, 36.81), (118.17, 36.19)
    assert boundaries.contains("370303", *zhangdian)
    assert not boundaries.contains("370303", *yiyuan)
    assert boundaries.contains("370323", *yiyuan)


def test_towns_of_a_zone_have_the_zone_as_division_and_a_host_as_county(city: City) -> None:
    places = city.places
    for zone in geography(city.catalog.root)["zones"]:
        at = places.divisions.index(zone["code"])
        inside = np.flatnonzero(places.division_of_community == at)
        assert {places.communities[c][:9] for c in inside} == set(zone["towns"])
        hosts = {places.counties[c] for c in places.county_of_community[inside]}
        assert hosts == set(zone["hosts"])


def test_address_codes_are_unique_and_begin_with_the_community(city: City) -> None:
    index = np.arange(city.places.count)
    codes = city.places.codes(index)
    assert codes.n_unique() == len(index)
    communities = [city.places.communities[c] for c in city.places.community(index)]
    assert codes.str.slice(0, 12).to_list() == communities


def test_counties_have_addresses_in_proportion_to_their_residents(city: City) -> None:
    places = city.places
    counts = np.bincount(places.county_of_community[places.community(np.arange(places.count))])
    by_code = dict(zip(places.counties, counts / counts.sum(), strict=True))
    assert abs(by_code["370303"] - 1270 / 4704) < 0.02
    assert abs(by_code["370322"] - 321 / 4704) < 0.02
