"""The two ways of counting a CSV file: over whole chunks where quoting is sound, and by lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse.intake.counting import WellFormed, count_by_lines, count_csv

CHUNKS = st.sampled_from([1, 2, 3, 5, 8, 64])
ENDS = st.sampled_from([b"\n", b"\r"])
BYTES = st.lists(st.sampled_from([b'"', b",", b"\r", b"\n", b"x"]), max_size=30).map(b"".join)
QUOTED = st.lists(st.sampled_from([b'""', b",", b"\r", b"\n", b"x"]), max_size=4).map(
    lambda parts: b'"' + b"".join(parts) + b'"'
)
RECORD = st.lists(st.one_of(QUOTED, st.just(b"x")), min_size=1, max_size=3).map(b",".join)
LAW = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def by_chunks(path: Path, eol: bytes, chunk: int) -> int | None:
    with path.open("rb") as file:
        return WellFormed(b",", eol, chunk).count(file, 0)


def by_lines(path: Path, eol: bytes) -> int:
    with path.open("rb") as file:
        return count_by_lines(file, 0, b",", eol)


@LAW
@given(data=BYTES, eol=ENDS, chunk=CHUNKS)
@example(data=b'"x"\r\r\n\n\r\r\nx', eol=b"\n", chunk=1)
@example(data=b'"x\n""\n\n"\r', eol=b"\n", chunk=2)
def test_of_any_bytes_both_ways_count_the_same_or_the_fast_one_passes(
    tmp_path: Path, data: bytes, eol: bytes, chunk: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    slow = by_lines(path, eol)
    assert by_chunks(path, eol, chunk) in {slow, None}
    assert count_csv(path, 0, ",", eol, chunk) == slow


@LAW
@given(
    records=st.lists(RECORD, max_size=6),
    ending=st.sampled_from([b"\n", b"\r\n", b"\r\r\n", b"\n\n", b"\n\r\r\n", b"\r", b"\r\r"]),
    ended=st.booleans(),
    chunk=CHUNKS,
)
def test_sound_quoting_is_counted_over_chunks_and_blank_lines_are_not(
    tmp_path: Path, records: list[bytes], ending: bytes, ended: bool, chunk: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(ending.join(records) + (ending if ended else b""))
    eol = b"\n" if b"\n" in ending else b"\r"
    assert by_chunks(path, eol, chunk) == len(records)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('x"y\n', 1),
        ('x,"y"z\n"1\n2"\n', 2),
        ('"x\ny\n', 2),
        ('"x"\ry\nz\n', 2),
        ('"x"\r,y\n"1\n2"\n', 2),
        ('"x"\r"y"\n', 1),
        ('""x""\n"\n"', 2),
    ],
)
def test_where_a_quote_is_out_of_place_the_lines_decide(
    tmp_path: Path, text: str, records: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    for chunk in (1, 2, 3, 64):
        assert by_chunks(path, b"\n", chunk) is None
        assert count_csv(path, 0, ",", b"\n", chunk) == records


@pytest.mark.parametrize("filler", [b"\r", b'"', b"x", b'""\n'])
def test_however_much_of_one_byte_a_file_holds_both_ways_agree(
    tmp_path: Path, filler: bytes
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'1,"a"\n' + filler * 2000 + b'\n2,"b"\r\n')
    slow = by_lines(path, b"\n")
    for chunk in (1, 7, 1 << 19):
        assert by_chunks(path, b"\n", chunk) == slow
