"""Names of files, as people read them and as tables keep them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.names import kept, named, printable


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_every_name_is_kept_as_text_of_its_own_and_comes_back(name: bytes) -> None:
    text = kept(os.fsdecode(name))
    assert text.encode().decode() == text
    assert os.fsencode(named(text)) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("统计.csv".encode(), "统计.csv"),
        ("统计.csv".encode("gb18030"), "统计.csv"),
        (b"a\n\x1b[31m.csv", "a��[31m.csv"),
        (b"\xff\xff.csv", "��.csv"),
    ],
)
def test_a_name_is_shown_without_what_a_terminal_would_obey(name: bytes, shown: str) -> None:
    assert printable(os.fsdecode(name)) == shown
