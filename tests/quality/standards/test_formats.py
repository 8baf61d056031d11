"""Laws that hold for every format whose standard value is a text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models.code_tables import Code
from catalog.models.elements import ElementType
from quality.standards.formats import FORMATS

CODES = (Code(code="01", name="甲"), Code(code="02", name="乙、丙"), Code(code="0A", name="无"))
TEXTUAL = [name for name, entry in FORMATS.items() if ElementType.TEXT in entry.types]
ODD = st.one_of(
    st.text(),
    st.text("0123456789XxAaQ年月季第.-/;；、·*+ 鲁京０ａ\u200b'"),
    st.sampled_from([code.name for code in CODES]),
)


@pytest.mark.parametrize("format_id", [*TEXTUAL, "code_list"])
@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.none() | ODD, min_size=1, max_size=40))
def test_whatever_is_written_is_read_and_its_standard_value_reads_as_itself(
    read: Any, format_id: str, texts: list[str | None]
) -> None:
    found = read(format_id, texts, codes=CODES)
    again = read(format_id, [reading.value for reading in found], codes=CODES)
    assert [r.value for r in again] == [r.value for r in found]
    assert {r.changes for r in again} <= {()}
    judged = [r.failure for r in found if r.value is not None]
    assert [r.failure for r in again if r.value is not None] == judged
    assert {r.failure for r in found if r.value is None} <= {None, "null_word"}


SCRIPTS = ("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९")
WITH_DIGITS = {
    "boolean": "1",
    "cas_no": "7732-18-5",
    "date": "45322",
    "datetime": "2024-01-31 08:00+08:00",
    "discharge_permit_no": "91130200699229617X001P",
    "document_no": "11010519491231002X",
    "food_license_no": "JY13101060025900",
    "icd10": "A00.0",
    "id_no": "11010519491231002X",
    "license_identifier": "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "money": "1,234.5万元",
    "number": "+3",
    "organization_code": "000000078",
    "percent": "+3%",
    "period": "2026年第1季度",
    "phone": "13812345678",
    "plate_no": "鲁C12345",
    "ratio": "+3%",
    "real_estate_unit_no": "370303001001GB00001F00010001",
    "registration_no": "1101052001234",
    "subject_no": "110105010247558",
    "uscc": "91110000600037341L",
}


def in_script(text: str, script: str) -> str:
    return text.translate(str.maketrans("0123456789", script))


@pytest.mark.parametrize("format_id", WITH_DIGITS)
def test_digits_of_another_script_are_no_digits(read: Any, format_id: str) -> None:
    right = WITH_DIGITS[format_id]
    start = next(place for place, symbol in enumerate(right) if symbol.isdigit()) + 1
    foreign = [in_script(right, script) for script in SCRIPTS]
    foreign += [right[:start] + in_script(right[start:], script) for script in SCRIPTS]
    found = read(format_id, [right, *(text for text in foreign if text != right)])
    assert found[0].failure is None
    assert None not in [reading.failure for reading in found[1:]]


def test_every_format_whose_values_hold_digits_is_tried_with_those_of_other_scripts() -> None:
    of_words = {"text", "entity_name", "person_name", "code", "code_list"}
    assert set(FORMATS) == {*WITH_DIGITS, *of_words}
