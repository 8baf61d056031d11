"""What SQL says of a value is what the row rules say of it, kind by kind, right or spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import casrn
from stdnum.iso7064 import mod_11_10, mod_37_36

from catalog.load import Catalog
from catalog.models.code_tables import Code, CodeTable
from quality.expectations.judgements import violations
from quality.rules.derive import rules_of
from quality.standards.formats import FORMATS
from tests.quality.identities import identity
from warehouse.engine import MACROS, literal

REF = "health/visits"
AS_OF = date(2026, 11, 1)
DIVISIONS = (
    Code(code="110105", name="朝阳区"),
    Code(code="370303", name="张店区"),
    Code(code="440524", name="潮阳县", valid_to="1993-04-08"),
)
DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map("".join)


def credit(first_17: str) -> str:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first_17, weights, strict=True))
    return first_17 + USCC_ALPHABET[-total % 31]


BORN = st.dates(date(1880, 1, 1), date(2027, 1, 1)).map(lambda day: f"{day:%Y%m%d}")
PLACES = st.sampled_from(["110105", "370303", "440524", "770303", "810000", "830000", "911840"])
IDENTITIES = joined(PLACES, BORN, digits(3)).map(identity)
OLD = st.one_of(IDENTITIES.map(lambda n: n[:6] + n[8:17]), digits(14).map(
    lambda n: n + mod_11_10.calc_check_digit(n)))  # fmt: skip
CREDITS = joined(
    st.sampled_from(["91", "92", "99", "N2", "11", "36", "37"]),
    PLACES,
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
).map(credit)
SOUND_CREDITS = st.sampled_from(
    ["91110000600037341L", "91350100M000100Y43", "913700001630477270", "914403001922038216"]
)
PASSPORTS = st.from_regex(r"\A(?:[A-Z]{1,2}[0-9]{6,9}|[0-9]{8}|军字第[0-9]{7}号|[A-Z0-9]{5,14})\Z")
MASKED = IDENTITIES.map(lambda n: n[:6] + "********" + n[14:])
DOCUMENTS = st.one_of(IDENTITIES, OLD, PASSPORTS, MASKED, st.just("3.70303E+17"), digits(17))

RIGHT: dict[str, st.SearchStrategy[str]] = {
    "document_no": DOCUMENTS,
    "subject_no": st.one_of(DOCUMENTS, CREDITS, SOUND_CREDITS),
    "food_license_no": st.one_of(
        joined("JY", st.sampled_from("1234"), PLACES, digits(6)),
        joined("SC", st.sampled_from(["101", "132", "133", "203"]), PLACES, digits(4)),
    ).map(lambda n: n + mod_11_10.calc_check_digit(n[2:])),
    "license_identifier": st.tuples(
        st.text(DIGITS + CAPITALS, min_size=21, max_size=21),
        st.one_of(SOUND_CREDITS, PLACES, digits(12), digits(7)),
        st.text(DIGITS + CAPITALS, min_size=1, max_size=30),
        digits(3),
    ).map(
        lambda parts: (
            f"1.2.156.3005.2.{'.'.join(parts)}.{mod_37_36.calc_check_digit(''.join(parts))}"
        )
    ),
    "discharge_permit_no": joined(
        st.one_of(SOUND_CREDITS, CREDITS, st.just("HB370300500000123A")),
        digits(3),
        st.sampled_from(CAPITALS),
    ),
    "cas_no": st.integers(10, 999_999_999).map(
        lambda n: casrn.compact(f"{n:03}{casrn.calc_check_digit(f'{n:03}')}")
    ),
    "real_estate_unit_no": joined(
        PLACES, digits(6), st.sampled_from("GJZK"), st.sampled_from(CAPITALS), digits(5),
        st.sampled_from("FLQW"), st.one_of(st.just("00000000"), digits(8)),
    ),
    "icd10": st.from_regex(
        r"\A[A-Za-z][0-9]{2}(?:\.?[0-9xX]{1,3}(?:[xX][0-9]{3})?)?[+*]?\Z"
    ),
    "plate_no": st.from_regex(
        r"\A[鲁京使][A-IO][·-]?(?:[0-9A-Z]{4}[0-9A-Z学挂]|[DFI][0-9A-Z][0-9]{4}|[0-9]{5}[DFI])\Z"
    ),
    "month": st.from_regex(
        r"\A(?:1949|1948|202[0-9]|2098|2099)(?:年|年?第?[一1-5]季度|Q[0-5]|[-/.]?[0-1][0-9]|[-/年][0-9]月?)?\Z"
    ),
    "sexes": st.lists(
        st.sampled_from(["1", "2", "9", "男", "女性", "男性", "x", "", " 1"]), max_size=4
    ).flatmap(lambda parts: st.sampled_from(";；、,，").map(lambda mark: mark.join(parts))),
}  # fmt: skip
SPOILERS = st.one_of(
    st.sampled_from("0123456789X*IOA.-; \u3000中ａ１"), st.characters(categories=("L", "N", "P"))
)


@st.composite
def spoilt(draw: st.DrawFn, right: st.SearchStrategy[str]) -> str:
    """A right value, or one with a character replaced, put in or left out."""
    text = draw(right)
    how = draw(st.sampled_from(["right", "right", "replace", "insert", "drop", "lower"]))
    place = draw(st.integers(0, max(len(text) - 1, 0)))
    match how:
        case "replace":
            return text[:place] + draw(SPOILERS) + text[place + 1 :]
        case "insert":
            return text[:place] + draw(SPOILERS) + text[place:]
        case "drop":
            return text[:place] + text[place + 1 :]
        case "lower":
            return text.lower()
    return text


@pytest.fixture(scope="module")
def shell() -> Any:
    with duckdb.connect() as con:
        for file in sorted(MACROS.glob("*.sql")):
            con.execute(file.read_text(encoding="utf-8"))
        con.execute("CREATE TABLE divisions (code VARCHAR, last_day DATE)")
        con.executemany(
            "INSERT INTO divisions VALUES (?, ?)",
            [[code.code, code.valid_to or "9999-12-31"] for code in DIVISIONS],
        )
        con.execute("CREATE TABLE codes_sex AS SELECT unnest(['1', '2']) AS code")
        yield con


@pytest.fixture(scope="module")
def both(catalog_of: Any, staged: Any, failed: Any, shell: Any) -> Callable[..., Any]:
    """(element, texts) → what the row rules and what SQL say of each, beside the values."""

    def of(element: str, texts: list[str]) -> tuple[list[str | None], list[str | None], list[Any]]:
        catalog: Catalog = catalog_of([{"id": element}], key=[element])
        table = CodeTable(id="gbt2260", name="行政区划代码", origin="测试")
        catalog = replace(
            catalog,
            code_tables={**catalog.code_tables, "gbt2260": table},
            _codes={**catalog._codes, "gbt2260": DIVISIONS},
        )
        frame = staged(catalog, [{element: text} for text in texts], as_of=AS_OF)
        rows = [
            next((rule.partition(".")[2] for rule in rules if rule != "row.duplicate_key"), None)
            for rules in failed(catalog, frame)
        ]
        column = catalog.datasets[REF].column(element)
        kinds = frozenset(rule.kind for rule in rules_of(catalog, REF))
        cases = " ".join(
            f"WHEN {each.sql} THEN {literal(each.kind)}"
            for each in violations(catalog, column, AS_OF, kinds)
        )
        values = frame[element].to_list()
        query = (
            f'SELECT CASE WHEN "{element}" IS NULL THEN NULL {cases} END FROM '
            f'(SELECT unnest($1::VARCHAR[]) AS "{element}", unnest(range(len($1))) AS i) ORDER BY i'
        )
        found = [row[0] for row in shell.execute(query, [values]).fetchall()]
        return rows, found, values

    return of


@pytest.mark.parametrize("element", RIGHT)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_both_name_the_same_fault(both: Any, element: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(spoilt(RIGHT[element]), min_size=30, max_size=60))
    rows, found, values = both(element, texts)
    told = [
        (text, row, said)
        for text, value, row, said in zip(texts, values, rows, found, strict=True)
        if row != said and value is not None
    ]
    assert told == []


FAULTS = {
    "document_no": {
        "length": "11010519491231002",
        "alphabet": "110105********002X",
        "date": "110105194902300024",
        "check_digit": "110105194912310021",
        "division": identity("77030319491231002"),
        "form": "13812345678",
    },
    "subject_no": {
        "length": "9111000060003734L",
        "id_alphabet": "110105********002X",
        "id_date": "110105010247557",
        "id_check_digit": "110105194912310021",
        "id_division": identity("77030319491231002"),
        "uscc_alphabet": "91110000600037341O",
        "uscc_check_digit": "91110000600037342L",
        "uscc_inner_check": credit("91110000600037340"),
        "uscc_department": credit("98110000600037341"),
        "form": "张三",
    },
    "food_license_no": {
        "prefix": "QS13101060025900",
        "length": "JY1310106002590",
        "alphabet": "JY1310106002590X",
        "check_digit": "JY13101060025901",
        "category": "JY" + "4310106002590" + mod_11_10.calc_check_digit("4310106002590"),
        "division": "JY" + "1990106002590" + mod_11_10.calc_check_digit("1990106002590"),
    },
    "license_identifier": {
        "root": "1.2.156.3005.3.11100000MB03271699022.340100.000000016.001.9",
        "alphabet": "1.2.156.3005.2.11100000MB03271699022.340100.00000-016.001.9",
        "form": "1.2.156.3005.2.11100000MB0327169902.340100.000000016.001.9",
        "issuer": "1.2.156.3005.2.11100000MB03271699022.34010.000000016.001.9",
        "check_digit": "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.8",
    },
    "discharge_permit_no": {
        "length": "91130200699229617X01P",
        "form": "91130200699229617X00PP",
        "check_digit": "91130200699229618X001P",
    },
    "cas_no": {"form": "7732-1-85", "check_digit": "7732-18-4"},
    "real_estate_unit_no": {
        "length": "370303001001GB00001F0001000",
        "form": "370303001001AB00001F00010001",
        "fixture": "370303001001GB00001W00010001",
        "division": "990303001001GB00001F00010001",
    },
    "icd10": {"form": "I1.0"},
    "plate_no": {
        "province": "AB12345",
        "length": "鲁C1234",
        "form": "鲁CI2345",
        "new_energy": "鲁C123456",
    },
    "month": {"form": "九月", "range": "2026-13", "future_date": "2026-12"},
    "planned": {"form": "九月", "range": "2026Q5"},
    "sexes": {"code": "1;9"},
}  # fmt: skip
"""Element → kind of rule → a value that breaks it and nothing before it."""


@pytest.mark.parametrize("element", FAULTS)
def test_both_know_each_fault_that_a_format_can_have(both: Any, element: str) -> None:
    kinds = list(FAULTS[element])
    rows, found, _ = both(element, [*FAULTS[element].values(), None])
    assert rows == [*kinds, None]
    assert found == [*kinds, None]


def test_a_period_yet_to_come_is_no_fault_where_the_element_allows_it(both: Any) -> None:
    assert both("planned", ["2027", "2027Q1"])[:2] == ([None, None], [None, None])
    assert both("month", ["2026", "2026Q4", "2026-11", "2027Q1"])[0] == [None] * 3 + ["future_date"]


def test_every_check_of_a_format_has_a_fault_above() -> None:
    for element, faults in FAULTS.items():
        if element in FORMATS:
            assert [check.kind for check in FORMATS[element].checks] == list(faults), element
