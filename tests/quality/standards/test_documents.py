from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models.code_tables import Code
from tests.quality.identities import SAMPLE, identities, identity

DIVISIONS = (Code(code="110105", name="朝阳区"), Code(code="370303", name="张店区"))
SLOW = settings(max_examples=25, deadline=None)


IDENTITIES = identities(["110105", "370303", "770303"], date(1880, 1, 1), date(2027, 1, 1))
NEAR_IDENTITIES = st.one_of(
    IDENTITIES,
    IDENTITIES.map(str.lower),
    IDENTITIES.map(lambda n: n[:6] + n[8:17]),
    IDENTITIES.map(lambda n: n[:17] + "0"),
    IDENTITIES.map(lambda n: n[:6] + "********" + n[14:]),
    IDENTITIES.map(lambda n: n[:17]),
    st.sampled_from(["3.70303E+17", "'11010519491231002x", "110105 19491231 002X"]),
)


@SLOW
@given(st.lists(NEAR_IDENTITIES, min_size=1, max_size=40))
def test_what_looks_like_an_identity_number_is_read_exactly_as_one(
    read: Any, texts: list[str]
) -> None:
    assert read("document_no", texts, divisions=DIVISIONS) == read(
        "id_no", texts, divisions=DIVISIONS
    )


@pytest.mark.parametrize(
    "number",
    [
        identity("81000019900101001"),  # 港澳居民居住证
        identity("82000019900101001"),
        identity("83000019900101001"),  # 台湾居民居住证
        identity("91184019900101001"),  # 外国人永久居留身份证
    ],
)
def test_residence_permits_have_the_check_of_identity_numbers_and_no_division(
    read: Any, number: str
) -> None:
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    for kind, failure in (("document_no", "check_digit"), ("subject_no", "id_check_digit")):
        found = read(kind, [number, wrong], divisions=DIVISIONS)
        assert [r.failure for r in found] == [None, failure]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("e12345678", "E12345678"),
        ("EA1234567", "EA1234567"),
        ("Ｈ１２３４５６７８", "H12345678"),
        ("M1234567801", "M1234567801"),
        ("C01X00T47", "C01X00T47"),
        ("12345678", "12345678"),
        ("123456789", "123456789"),
        ("FRA310059851104", "FRA310059851104"),
        ("军字第2001988号", "军字第2001988号"),
    ],
)
def test_passports_permits_and_papers_of_the_forces_are_documents(
    read: Any, text: str, value: str
) -> None:
    for kind in ("document_no", "subject_no"):
        (found,) = read(kind, [text])
        assert (found.value, found.failure) == (value, None)


@pytest.mark.parametrize("text", ["13812345678", "张三", "E1234", "ABCDEFGH", "1101051949123100"])
def test_anything_else_is_no_document(read: Any, text: str) -> None:
    assert read("document_no", [text])[0].failure == "form"


def test_birth_date_and_sex_are_derived_from_sound_identity_numbers_alone(parts: Any) -> None:
    texts = [SAMPLE, "E12345678", "110105194912310021", identity("81000019900101001")]
    assert parts("document_no", "birth_date", texts) == [
        date(1949, 12, 31), None, None, date(1990, 1, 1)
    ]  # fmt: skip
    assert parts("document_no", "sex", texts) == ["2", None, None, "1"]


@pytest.mark.parametrize(
    ("text", "value", "failure"),
    [
        (SAMPLE, SAMPLE, None),
        ("91110000600037341l", "91110000600037341L", None),
        ("110105491231002", SAMPLE, None),
        ("110105010247558", "110105010247558", None),  # 工商注册号
        ("110105010247557", "110105010247557", "id_date"),
        ("110105194912310021", "110105194912310021", "id_check_digit"),
        ("110105********002X", "110105********002X", "id_alphabet"),
        (identity("77030319900101001"), identity("77030319900101001"), "id_division"),
        ("11010519491331003X", "11010519491331003X", "uscc_check_digit"),
        ("91110000600037342L", "91110000600037342L", "uscc_check_digit"),
        ("91110000600037341O", "91110000600037341O", "uscc_alphabet"),
        ("9111000060003734L", "9111000060003734L", "length"),
        ("3.70303E+17", "3.70303E+17", "length"),
        ("淄博某某公司", "淄博某某公司", "form"),
        ("无", None, "null_word"),
    ],
)
def test_a_subject_is_judged_as_what_its_number_looks_like(
    read: Any, text: str, value: str | None, failure: str | None
) -> None:
    (found,) = read("subject_no", [text], divisions=DIVISIONS)
    assert (found.value, found.failure) == (value, failure)


@SLOW
@given(st.lists(IDENTITIES, min_size=1, max_size=40))
def test_a_sound_identity_number_is_a_sound_subject(read: Any, numbers: list[str]) -> None:
    as_person = read("id_no", numbers, divisions=DIVISIONS)
    as_subject = read("subject_no", numbers, divisions=DIVISIONS)
    for person, subject in zip(as_person, as_subject, strict=True):
        if person.failure is None:
            assert subject == person


@SLOW
@given(st.lists(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18), max_size=40))
def test_codes_without_a_birth_date_are_judged_as_credit_codes(read: Any, codes: list[str]) -> None:
    as_firm = [r.failure and f"uscc_{r.failure}" for r in read("uscc", codes)]
    with_letters = [any(c.isalpha() for c in code[:17]) for code in codes]
    as_subject = [r.failure for r in read("subject_no", codes)]
    for firm, subject, letters in zip(as_firm, as_subject, with_letters, strict=True):
        assert subject == firm or not letters
