"""Firms, public bodies, social organisations, and who works for them."""

from __future__ import annotations

import numpy as np
import pytest
from stdnum.cn import uscc

from demo.city.city import City
from demo.city.text import NEVER, add_years


def test_every_unit_has_a_valid_credit_code_of_its_own(city: City) -> None:
    codes = city.units.uscc
    assert codes.n_unique() == city.units.count == len(codes) == len(city.units.name)
    assert all(uscc.is_valid(code) for code in codes)


def test_every_agency_of_the_catalogue_is_a_unit_of_its_name(city: City) -> None:
    for agency in city.catalog.agencies.values():
        assert city.units.name[city.units.of_agency(agency.id)] == agency.name
    with pytest.raises(KeyError):
        city.units.of_agency("nobody")


def test_an_agency_of_a_district_sits_in_its_district(city: City) -> None:
    for agency in city.catalog.agencies.values():
        if agency.id in city.units.agency_bodies and agency.level != "city":
            unit = city.units.of_agency(agency.id)
            assert city.places.divisions[city.units.division[unit]] == agency.division


def test_representatives_are_present_and_were_of_age_at_the_foundation(city: City) -> None:
    units, people = city.units, city.people
    assert people.present[units.representative].all()
    of_age = add_years(people.born[units.representative], 18)
    assert (units.established >= of_age).all()


def test_a_unit_ends_after_it_began_and_heads_of_others_exist(city: City) -> None:
    units = city.units
    ended = units.ended != NEVER
    assert 0 < ended.sum() < units.count
    assert (units.ended[ended] > units.established[ended]).all()
    assert (units.ended[ended] < city.today).all()
    child = np.flatnonzero(units.parent >= 0)
    assert units.active[units.parent[child]].all()
    assert (units.established[units.parent[child]] <= units.established[child]).all()
    assert (units.parent[child] != child).all()


def test_every_employer_exists_and_existed_when_the_employment_began(city: City) -> None:
    units, work = city.units, city.work
    assert units.active[work.employer].all()
    assert (units.established[work.employer] <= work.started).all()
    of_age = add_years(city.people.born[work.employees], 18)
    assert (work.started >= of_age).all() and (work.started < city.today).all()


def test_nobody_works_twice_or_works_and_draws_a_pension(city: City) -> None:
    work = city.work
    assert len(np.unique(work.employees)) == len(work.employees)
    assert not np.isin(work.employees, work.pensioners).any()
    assert not np.isin(work.employees, work.pupils).any()


def test_pupils_go_to_a_school_that_teaches_their_age(city: City) -> None:
    work, units = city.work, city.units
    low = np.array([3, 6, 12, 15, 15])[units.school_stage[work.school - units.schools.start]]
    high = np.array([6, 12, 15, 18, 18])[units.school_stage[work.school - units.schools.start]]
    assert ((low <= work.pupil_age) & (work.pupil_age < high)).all()
