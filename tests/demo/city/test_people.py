"""Residents, households, marriages."""

from __future__ import annotations

import numpy as np

from demo.city.city import City
from demo.city.households import FATHER, HEAD, MOTHER, OLDER, SPOUSE, YOUNGER
from demo.city.people import FEMALE, MALE
from demo.city.text import NEVER, add_years, days


def test_everyone_has_an_identity_number_of_their_own_with_birth_day_and_sex(city: City) -> None:
    people = city.people
    numbers = people.id_no
    assert numbers.n_unique() == people.count == len(numbers)
    born = people.born.astype("datetime64[D]").astype(str)
    assert numbers.str.slice(6, 8).to_list() == [day.replace("-", "") for day in born]
    odd = numbers.str.slice(16, 1).cast(int).to_numpy() % 2 == 1
    assert np.array_equal(odd, people.sex == MALE)


def test_the_division_of_first_issue_was_valid_at_birth_or_later(city: City) -> None:
    people = city.people
    until: dict[str, int] = {}
    for code in city.catalog.codes("gbt2260"):
        end = NEVER if code.valid_to is None else days(code.valid_to)
        until[code.code] = max(until.get(code.code, end), end)
    last = np.array([until[code] for code in people.id_no.str.slice(0, 6)])
    assert (last >= people.born).all()


def test_parents_are_at_least_fifteen_years_older_than_their_children(city: City) -> None:
    people = city.people
    role, household = people.role, people.household
    born = people.born[: people.registered]
    children = np.flatnonzero(np.isin(role, (YOUNGER, OLDER)))
    for parent in (HEAD, SPOUSE):
        of = np.full(people.households, NEVER, dtype=np.int64)
        chosen = role == parent
        of[household[chosen]] = born[chosen]
        known = of[household[children]] != NEVER
        gap = born[children] - of[household[children]]
        assert known.any() and (gap[known] >= 20 * 365).all()
    old = np.flatnonzero(np.isin(role, (FATHER, MOTHER)))
    heads = people.first[household[old]]
    assert len(old) and (born[heads] - born[old] >= 20 * 365).all()


def test_couples_are_of_different_sex_and_were_of_age_when_they_married(city: City) -> None:
    people, known = city.people, city.marriages
    assert (people.sex[known.husband] == MALE).all() and (people.sex[known.wife] == FEMALE).all()
    assert (known.married >= add_years(people.born[known.husband], 22)).all()
    assert (known.married >= add_years(people.born[known.wife], 20)).all()
    assert (known.married <= city.today).all()


def test_no_one_is_married_twice_at_a_time(city: City) -> None:
    known = city.marriages
    for person in (known.husband, known.wife):
        order = np.lexsort((known.married, person))
        who, start, end = person[order], known.married[order], known.ended[order]
        again = who[1:] == who[:-1]
        assert again.any()
        assert (end[:-1][again] < start[1:][again]).all()


def test_some_are_divorced_and_some_of_them_married_again(city: City) -> None:
    known = city.marriages
    divorced = known.husband[known.couples :]
    assert len(divorced) > 10
    assert np.isin(divorced, known.husband[: known.couples]).any()
    assert (known.ended[known.couples :] < city.today).all()


def test_nobody_lives_before_birth_or_dies_in_the_future(city: City) -> None:
    people = city.people
    died = people.died[people.died != NEVER]
    assert len(died) and (died < city.today).all()
    assert (people.born < city.today).all()
    assert (people.died > people.born).all()


def test_the_living_are_as_old_as_people_get(city: City) -> None:
    ages = city.people.ages()
    assert ages.max() < 110
    share = np.histogram(ages, [0, 15, 60, 120])[0] / len(ages)
    assert 0.10 < share[0] < 0.20 and 0.14 < share[2] < 0.28


def test_a_permit_holder_has_the_document_that_its_type_names(city: City) -> None:
    people = city.people
    kinds, kind = people.document_type
    shown = people.document_no[people.registered :].to_list()
    for number, at in zip(shown, kind, strict=True):
        begins = {"111": "", "414": "E", "810": "810000", "820": "830000"}[kinds[at]]
        assert number.startswith(begins) and len(number) == (9 if begins == "E" else 18)
    assert len(set(shown)) == len(shown)
