"""The splitter, the exact grammar and the independent count agree about every file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse.intake.counting import count_csv
from warehouse.intake.delimited import Layout, batches
from warehouse.intake.encoding import Text
from warehouse.intake.grammar import CR, LF, Dialect, Trouble, line_end, parse_record
from warehouse.intake.model import RECORD_LIMIT, Reject
from warehouse.intake.records import Splitter

CHUNKS = st.sampled_from([1, 2, 3, 5, 8, 13, 64, 1000])
CELLS = st.text(st.sampled_from('ab中,;|\t"\n\r 𠮷\u2028'), max_size=6)
PIECES = st.lists(
    st.sampled_from(
        [b"a", b"\xe4\xb8\xad", b",", b'"', b'""', b"\n", b"\r\n", b"\r", b"\0", b",,"]
    ),
    max_size=40,
)


class Kept(list[Reject]):
    """Rejects in a plain list."""

    def add(self, item: Reject) -> None:
        self.append(item)


class Read(NamedTuple):
    rows: list[tuple[int, int, tuple[str | None, ...]]]
    rejects: list[tuple[int, int, str]]


def read(path: Path, width: int, delimiter: str = ",", eol: int = LF, chunk: int = 64) -> Read:
    kept = Kept()
    dialect = Dialect(ord(delimiter), eol)
    text = Text(path, 0, path, "utf-8")
    layout = Layout(dialect, tuple("x" * width), 0, 0, 1)
    rows = []
    for batch in batches(text, layout, kept, lambda _: None, chunk):  # type: ignore[arg-type]
        for *cells, row, line in batch.frame.rows():
            rows.append((row, line, tuple(cells)))
    return Read(rows, [(r.row, r.line or 0, r.reason) for r in kept])


def by_grammar(data: bytes, width: int, eol: int) -> Read:
    """The plain reading: one record after the other, nothing skipped ahead."""
    rows, rejects, at, row, line = [], [], 0, 1, 1
    while at < len(data):
        parsed = parse_record(data, at, Dialect(ord(","), eol), final=True)
        if isinstance(parsed, Trouble):
            following = line_end(data, at, eol, final=True)
            assert following is not None
            rejects.append((row, line, "record.unclosed_quote"))
            at, row, line = following[1], row + 1, line + 1
            continue
        if parsed.end > at:
            fields = parsed.fields
            if b"\0" in data[at : parsed.end]:
                rejects.append((row, line, "record.nul"))
            elif len(fields) < width or any(fields[width:]):
                rejects.append((row, line, "record.ragged"))
            else:
                cells = tuple(f.decode() or None for f in fields[:width])
                rows.append((row, line, cells))
            row += 1
        line += data.count(eol.to_bytes(), at, parsed.next)
        at = parsed.next
    return Read(rows, rejects)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8),
    delimiter=st.sampled_from(",;|\t"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    every=st.booleans(),
    chunk=CHUNKS,
)
def test_what_csv_writer_wrote_comes_back_for_every_chunk_size(
    tmp_path: Path, records: list[list[str]], delimiter: str, ending: str, every: bool, chunk: int
) -> None:
    out = io.StringIO(newline="")
    # csv.writer leaves a lone carriage return bare, which ends no line of its own.
    records = [[c.replace("\r", "") if ending != "\r" else c for c in r] for r in records]
    if ending == "\r":
        every = True
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(records)
    path = tmp_path / "x.csv"
    path.write_bytes(out.getvalue().encode())
    eol = CR if ending == "\r" else LF
    found = read(path, 3, delimiter, eol, chunk)
    assert found.rejects == []
    assert [cells for _, _, cells in found.rows] == [tuple(c or None for c in r) for r in records]
    assert [row for row, _, _ in found.rows] == list(range(1, len(records) + 1))
    assert count_csv(path, 0, delimiter, eol.to_bytes(), chunk) == len(records)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=PIECES, eol=st.sampled_from([LF, CR]), chunk=CHUNKS)
def test_any_bytes_are_read_as_the_grammar_says_and_balance(
    tmp_path: Path, pieces: list[bytes], eol: int, chunk: int
) -> None:
    data = b"".join(pieces)
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    found = read(path, 3, ",", eol, chunk)
    expected = by_grammar(data, 3, eol)
    assert found.rows == expected.rows
    assert sorted(found.rejects) == expected.rejects
    counted = count_csv(path, 0, ",", eol.to_bytes(), chunk)
    assert counted == len(found.rows) + len(found.rejects)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=PIECES, limit=st.integers(1, 12), chunk=CHUNKS)
@example(pieces=[b"\r", b"\r\n", b"a"], limit=1, chunk=1)
def test_a_record_beyond_the_limit_costs_only_itself(
    tmp_path: Path, pieces: list[bytes], limit: int, chunk: int
) -> None:
    data = b"".join(pieces)
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    seen: list[tuple[int, int]] = []
    with path.open("rb") as file:
        splitter = Splitter(file, 0, 1, 3, Dialect(ord(",")), chunk=chunk, limit=limit)
        for block in splitter.blocks():
            _, _, rows, lines = block.regular()
            seen += zip(rows.tolist(), lines.tolist(), strict=True)
            seen += [(odd.row, odd.line) for odd in block.odd]
            seen += [(item.row, item.line or 0) for item in block.rejects]
    plain = by_grammar(data, 3, LF)
    places = [(row, line) for row, line, _ in plain.rows + plain.rejects]  # type: ignore[operator]
    assert sorted(seen) == sorted(places)


def test_quoted_line_breaks_survive_a_file_of_many_chunks(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([f"{i}", f'第一行\n第“{i}”行,"引"', "\n" * (i % 3)] for i in range(60_000))
    found = read(path, 3, chunk=1 << 20)
    assert found.rejects == []
    assert [int(cells[0] or "") for _, _, cells in found.rows] == list(range(60_000))
    assert {cells[1] for _, _, cells in found.rows[:1]} == {'第一行\n第“0”行,"引"'}


@pytest.mark.parametrize("opening", [b"", b'"'])
def test_a_200_mb_cell_is_rejected_without_being_held_in_memory(
    tmp_path: Path, opening: bytes
) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.write(b"1,a,b\n2," + opening)
        for _ in range(200):
            file.write(b"x" * (1 << 20) + (b"\n" if opening else b""))
        file.write(opening + b",z\n3,c,d\n")
    kept = Kept()
    largest, rows = 0, []
    with path.open("rb") as file:
        for block in Splitter(file, 0, 1, 3, Dialect(ord(","))).blocks():
            largest = max(largest, len(block.chunk))
            rows += block.regular()[2].tolist()
            kept.extend(block.rejects)
    assert rows == [1, 3]
    assert [(r.row, r.line, r.reason) for r in kept] == [(2, 2, "record.too_long")]
    assert kept[0].text_bytes > 200 << 20 > len(kept[0].text) == 64 * 1024
    assert largest <= RECORD_LIMIT + (16 << 20)
    assert count_csv(path, 0, ",", b"\n") == 3
