"""Invented identifiers, judged by python-stdnum, which knows nothing of this project."""

from __future__ import annotations

import numpy as np
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10, mod_37_36

from demo.city.identity import (
    credit_codes,
    food_license_numbers,
    id_numbers,
    license_identifiers,
)
from demo.city.text import days


def test_the_published_sample_number_comes_out_of_its_parts() -> None:
    made = id_numbers([110105], [days("1949-12-31")], [2])
    assert made.to_list() == ["11010519491231002X"]


def test_identity_numbers_pass_an_independent_check() -> None:
    index = np.arange(300)
    born = -8000 + index * 71
    made = id_numbers(np.where(index % 2, 370303, 370323), born, index * 3 % 996)
    for number, day in zip(made, born, strict=True):
        assert ric.calc_check_digit(number) == number[-1]
        assert ric.get_birth_date(number) == np.datetime64(int(day), "D").item()


def test_credit_codes_pass_an_independent_check_and_differ() -> None:
    serial = np.arange(400) * 7919
    made = credit_codes(np.full(400, b"91"), np.full(400, 370303), serial)
    assert made.n_unique() == 400
    assert all(uscc.is_valid(code) for code in made)
    assert set(made.str.slice(8, 2)) == {"XX"}


def test_food_licence_numbers_pass_an_independent_check() -> None:
    made = food_license_numbers(np.arange(300) % 3 + 1, np.full(300, 370303), np.arange(300) * 997)
    assert made.n_unique() == 300
    assert all(number[:2] == "JY" and mod_11_10.is_valid(number[2:]) for number in made)


def test_identifiers_of_electronic_licences_pass_an_independent_check() -> None:
    types = ["11100000MB0143028R001", "11370300MB0EXMP29E012"]
    issuers = ["11370300MB0EXMP29E", "91370303MA3EXMPL6B"]
    serial = 10**11 + np.arange(300) * 123_456_789
    made = license_identifiers(types, issuers, np.arange(300) % 2, serial)
    for place, identifier in enumerate(made):
        root, rest = identifier[:15], identifier[15:].split(".")
        assert root == "1.2.156.3005.2."
        assert rest[:4] == [types[place % 2], issuers[place % 2], str(serial[place]), "001"]
        assert mod_37_36.is_valid("".join(rest))
