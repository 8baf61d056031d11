"""The macros of documents and subjects, told apart by what their numbers look like."""

from __future__ import annotations

from typing import Any


def test_a_document_is_an_identity_number_or_looks_like_a_passport_or_permit(answers: Any) -> None:
    cases = {
        "11010519491231002X": True,
        "110105194912310021": False,
        "110105********002X": False,
        "3.70303E+17": False,
        "E12345678": True,
        "M1234567801": True,
        "12345678": True,
        "FRA310059851104": True,
        "军字第2001988号": True,
        "13812345678": False,
        "E1234": False,
        "ABCDEFGH": False,
        "": False,
    }
    assert answers("document_no_is_valid", list(cases)) == list(cases.values())


def test_a_subject_is_a_credit_code_or_a_document(answers: Any) -> None:
    cases = {
        "91110000600037341L": True,
        "11010519491231002X": True,
        "E12345678": True,
        "110105010247558": True,  # 工商注册号
        "110105010247557": False,
        "91110000600037342L": False,
        "9111000060003734L": False,
        "某某公司": False,
    }
    assert answers("subject_no_is_valid", list(cases)) == list(cases.values())


def test_a_missing_number_is_neither_right_nor_wrong(shell: Any) -> None:
    row = shell.execute(
        "select document_no_is_valid(v), subject_no_is_valid(v), subject_no_short_ok(v),"
        " looks_like_id_no(v), id_no_of_residence_permit(v) from (select null::varchar as v)"
    ).fetchone()
    assert row == (None,) * 5
