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
