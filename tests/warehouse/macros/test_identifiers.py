"""The identifier macros: published samples, and python-stdnum as the oracle.

Where python-stdnum 2.2 is wrong or narrower than the standard, and is not followed:
- `cn.uscc` demands eight leading digits: codes of departments A, N and Y are genuine.
- `cn.ric` accepts only divisions of its own list and so rejects 440524188001010014, an example in
  the standard itself, and asks that the division existed in the year of birth: a number holds the
  division of first issue, which may be younger than its holder or abolished.
- `cn.ric` calls no birth date too early or too late; neither does `id_no_is_valid`, while
  `id_no_date_ok` does.
"""

from __future__ import annotations

from datetime import date

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Published codes of companies listed on exchanges and of public bodies.
PUBLISHED_USCC = (
    "91350100M000100Y43",  # GB 32100-2015, example
    "91110000600037341L",
    "91440300708461136T",
    "913700001630477270",
    "91330100799655058B",
    "914403001922038216",
    "9144030071526726XG",
    "91110108551385082Q",
)


def answers(con: duckdb.DuckDBPyConnection, macro: str, values: list[str]) -> list[object]:
    """The macro's answers in the order of the values; one query."""
    rows = con.execute(
        f"select {macro}(v) from (select unnest($1) as v, unnest(range(len($1))) as i) order by i",
        [values],
    ).fetchall()
    return [row[0] for row in rows]


def uscc_check(body: str) -> str:
    return str(uscc.calc_check_digit(body))


def test_published_social_credit_codes_are_valid(shell: duckdb.DuckDBPyConnection) -> None:
    assert answers(shell, "uscc_is_valid", list(PUBLISHED_USCC)) == [True] * len(PUBLISHED_USCC)


def test_codes_of_rural_collectives_and_the_army_are_valid_though_stdnum_rejects_them(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    codes = [body + uscc_check(body) for body in ("N23703020MF123456", "A1100000MB1234567")]
    assert answers(shell, "uscc_is_valid", codes) == [True, True]
    assert answers(shell, "uscc_department_known", codes) == [True, True]
    assert not any(uscc.is_valid(code) for code in codes)


def test_of_all_pairs_of_department_and_category_those_of_the_standard_are_known(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    listed = {
        "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129",
        "8": "19", "9": "1239", "A": "19", "N": "1239", "Y": USCC_ALPHABET,
    }  # fmt: skip
    pairs = [first + second for first in USCC_ALPHABET for second in USCC_ALPHABET]
    known = answers(shell, "uscc_department_known", pairs)
    assert [pair for pair, is_known in zip(pairs, known, strict=True) if is_known] == [
        pair for pair in pairs if pair[1] in listed.get(pair[0], "")
    ]


def test_each_part_of_a_social_credit_code_says_what_is_wrong(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    #        length, alphabet, check, inner, department
    cases = {
        "91350100M000100Y43": (True, True, True, True, True),
        "91350100M000100Y4": (False, True, False, True, True),
        "91350100M000100Y4O": (True, False, False, True, True),
        "91350100M000100Y44": (True, True, False, True, True),
        "97350100M000100Y43": (True, True, False, True, False),
        "91350100M000101Y43": (True, True, False, False, True),
        "91350100m000100Y43": (True, False, False, False, True),
    }
    macros = ("length_ok", "alphabet_ok", "check_ok", "inner_is_valid", "department_known")
    found = [answers(shell, f"uscc_{macro}", list(cases)) for macro in macros]
    assert dict(zip(cases, zip(*found, strict=True), strict=True)) == cases


def test_a_missing_code_is_neither_right_nor_wrong(shell: duckdb.DuckDBPyConnection) -> None:
    macros = [
        *("uscc_is_valid(v)", "uscc_check_ok(v)", "uscc_inner_is_valid(v)"),
        *("uscc_department_known(v)", "organization_code_is_valid(v)"),
        *("registration_no_is_valid(v)", "id_no_is_valid(v)", "id_no_date_ok(v, current_date)"),
        *("id_no_check_ok(v)", "id_no_15_to_18(v)"),
    ]
    query = f"select {', '.join(macros)} from (select null::varchar as v)"
    assert shell.execute(query).fetchone() == (None,) * len(macros)


def test_the_macros_take_columns_of_any_name(shell: duckdb.DuckDBPyConnection) -> None:
    # Parameters of the lambdas inside must not catch a column of the same name.
    names = ("symbol", "product", "digit", "code", "alphabet", "weights")
    for name in names:
        row = shell.execute(
            f"select uscc_is_valid({name}), registration_no_is_valid({name}[4:])"
            f" from (select '91350100M000100Y43' as {name})"
        ).fetchone()
        assert row == (True, False), name


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.from_regex(rf"\A[1-9][1-9][0-9]{{6}}[{USCC_ALPHABET}]{{9}}\Z"), min_size=1, max_size=3
    )
)
def test_codes_with_the_check_of_stdnum_are_valid_and_with_any_other_are_not(
    shell: duckdb.DuckDBPyConnection, bodies: list[str]
) -> None:
    codes = [body + last for body in bodies for last in USCC_ALPHABET]
    codes += [body[:16] + "O" + body[16] for body in bodies]
    assert answers(shell, "uscc_is_valid", codes) == [bool(uscc.is_valid(c)) for c in codes]


def test_a_code_that_was_issued_with_a_wrong_check_fails_it_all_the_same(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    # Known to be genuine: the registry can confirm it, arithmetic can't.
    assert answers(shell, "uscc_is_valid", ["91350211M0000XUF46"]) == [False]


def test_an_organization_code_is_checked_by_gb_11714(shell: duckdb.DuckDBPyConnection) -> None:
    cases = {
        "D2143569X": True,  # GB 11714-1997, example
        "000000000": True,  # 11 − 0 is written 0
        "D21435690": False,
        "D2143569-X": False,
        "d2143569X": False,
        "": False,
    }
    assert answers(shell, "organization_code_is_valid", list(cases)) == list(cases.values())


def test_a_registration_number_of_15_digits_has_a_check_digit_and_one_of_13_has_none(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    cases = {
        "110108000000016": True,  # GS 15-2006, example
        "110108000000017": False,
        "3703002800123": True,
        "37030028001234": False,
        "企独鲁淄总字000123": False,
    }
    assert answers(shell, "registration_no_is_valid", list(cases)) == list(cases.values())


def test_the_sample_identity_number_of_the_standard_is_valid(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    cases = {
        "11010519491231002X": True,  # GB 11643-1999, example
        "440524188001010014": True,  # GB 11643-1999, example of a centenarian
        "11010519491231002x": False,
        "110105194912310021": False,
        "11010519490231002X": False,
        "110105491231002": False,
    }
    assert answers(shell, "id_no_is_valid", list(cases)) == list(cases.values())


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["110105", "370302", "370321"]),
            st.dates(date(1990, 1, 1), date(2020, 12, 31)),
            st.integers(0, 999),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_identity_numbers_are_judged_as_stdnum_does(
    shell: duckdb.DuckDBPyConnection, drawn: list[tuple[str, date, int]]
) -> None:
    bodies = [f"{place}{str(day).replace('-', '')}{n:03d}" for place, day, n in drawn]
    codes = [body + last for body in bodies for last in "0123456789X"]
    codes += [body[:10] + "0230" + body[14:] + "1" for body in bodies]
    assert answers(shell, "id_no_is_valid", codes) == [bool(ric.is_valid(c)) for c in codes]


def test_birth_dates_in_the_future_or_above_130_years_are_refused(
    shell: duckdb.DuckDBPyConnection,
) -> None:
    cases = {
        "11010520260102002X": False,
        "11010520260101002X": True,
        "11010518960101002X": False,
        "11010518960102002X": True,
        "11010500000101002X": False,
        "110105": False,
    }
    shell.execute("create temp macro birth_ok(v) as id_no_date_ok(v, date '2026-01-01')")
    found = answers(shell, "birth_ok", list(cases))
    assert found == list(cases.values())


def test_a_number_of_15_digits_becomes_one_of_18(shell: duckdb.DuckDBPyConnection) -> None:
    cases = {
        "110105491231002": "11010519491231002X",
        "440524800101996": "440524188001019967",
        "11010519491231002X": "11010519491231002X",
        "没有": "没有",
    }
    assert answers(shell, "id_no_15_to_18", list(cases)) == list(cases.values())
