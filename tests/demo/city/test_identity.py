"""Invented identifiers, judged by python-stdnum, which knows nothing of this project."""

from __future__ import annotations

import numpy as np
from stdnum.cn import ric, uscc

from demo.city.identity import credit_codes, id_numbers
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
