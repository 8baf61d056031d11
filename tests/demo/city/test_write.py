"""Files as an agency writes them, read back by others."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from demo.city.form import Form
from demo.city.write import writer

HEADERS = {"name": "姓名", "road": "街路巷", "lon": "经度", "lat": "纬度"}
PIECES = (
    pl.DataFrame(
        {
            "name": ["张三", "李,四"],
            "road": ["柳泉路", None],
            "lon": ["118.05", "118.06"],
            "lat": ["36.8", "36.81"],
        }
    ),
    pl.DataFrame({"name": ["王䶮"], "road": ["人民路"], "lon": ["118.1"], "lat": ["36.9"]}),
)
ROWS = [row for piece in PIECES for row in piece.iter_rows()]


def _write(path: Path, form: Form) -> bytes:
    with writer(path, HEADERS, form) as out:
        for piece in PIECES:
            out.write(piece)
        out.write(PIECES[0].clear())
    assert out.rows == 3
    return path.read_bytes()


def _form(kind: str, **more: object) -> Form:
    return Form(**{"format": kind, "encoding": "utf-8", "file": "x", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", "|"), ("gb18030", "\t")]
)
def test_delimited_text_in_every_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    content = _write(tmp_path / "x", _form("csv", encoding=encoding, separator=separator))
    lines = content.decode(encoding).splitlines()
    assert lines[0] == separator.join(HEADERS.values())
    assert lines[1] == separator.join(["张三", "柳泉路", "118.05", "36.8"])
    assert ('"李,四"' in lines[2]) == (separator == ",")
    assert len(lines) == 4
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


def test_compressed_text_is_the_same_text_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    plain = _write(tmp_path / "x", _form("csv"))
    first = _write(tmp_path / "x.gz", _form("csv", compressed=True))
    assert gzip.decompress(first) == plain
    assert _write(tmp_path / "other.gz", _form("csv", compressed=True)) == first


def test_json_is_an_array_and_ndjson_a_line_each_with_the_same_objects(tmp_path: Path) -> None:
    array = json.loads(_write(tmp_path / "x", _form("json")))
    lines = _write(tmp_path / "y", _form("ndjson")).decode().splitlines()
    assert [json.loads(line) for line in lines] == array
    assert [tuple(record.values()) for record in array] == ROWS
    assert list(array[0]) == list(HEADERS.values())


def test_geojson_has_points_and_the_other_columns_as_properties(tmp_path: Path) -> None:
    collection = json.loads(_write(tmp_path / "x", _form("geojson")))
    assert collection["type"] == "FeatureCollection"
    feature = collection["features"][2]
    assert feature["geometry"] == {"type": "Point", "coordinates": [118.1, 36.9]}
    assert feature["properties"] == {"姓名": "王䶮", "街路巷": "人民路"}


def test_parquet_holds_the_rows_in_order_and_leaves_no_pieces(tmp_path: Path) -> None:
    _write(tmp_path / "x.parquet", _form("parquet"))
    frame = pl.read_parquet(tmp_path / "x.parquet")
    assert frame.columns == list(HEADERS.values()) and frame.rows() == ROWS
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_an_empty_parquet_file_has_the_headers(tmp_path: Path) -> None:
    with writer(tmp_path / "x.parquet", HEADERS, _form("parquet")):
        pass
    assert pl.read_parquet(tmp_path / "x.parquet").columns == list(HEADERS.values())


def test_a_workbook_holds_the_rows_as_text_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = _write(tmp_path / "x.xlsx", _form("xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert [tuple(row) for row in sheet.iter_rows(values_only=True)] == [
        tuple(HEADERS.values()), *ROWS
    ]  # fmt: skip
    assert _write(tmp_path / "y.xlsx", _form("xlsx")) == first


def test_an_old_workbook_holds_the_rows(tmp_path: Path) -> None:
    _write(tmp_path / "x.xls", _form("xls"))
    frame = pl.read_excel(tmp_path / "x.xls", engine="calamine")
    assert frame.columns == list(HEADERS.values())
    assert frame["姓名"].to_list() == [row[0] for row in ROWS]


def test_a_manifest_states_rows_and_hash_of_the_file(tmp_path: Path) -> None:
    with writer(tmp_path / "x.csv", HEADERS, _form("csv")) as out:
        out.write(PIECES[0])
    out.manifest("2026-09-30", "snapshot")
    facts = json.loads((tmp_path / "x.csv.manifest.json").read_text())
    digest = hashlib.sha256((tmp_path / "x.csv").read_bytes()).hexdigest()
    assert facts == {"rows": 2, "sha256": digest, "as_of": "2026-09-30", "mode": "snapshot"}


def test_a_record_is_broken_only_in_text_that_is_read_record_by_record(tmp_path: Path) -> None:
    with (
        writer(tmp_path / "x.parquet", {"a": "甲"}, Form("parquet", "utf-8", "x")) as out,
        pytest.raises(ValueError, match="ragged_row"),
    ):
        out.write_broken(pl.DataFrame({"a": ["1"]}), "ragged_row")
    with writer(tmp_path / "x.csv", {"a": "甲", "b": "乙"}, Form("csv", "gb18030", "x")) as out:
        out.write(pl.DataFrame({"a": ["1"], "b": ["2"]}))
        out.write_broken(pl.DataFrame({"a": ["3"], "b": ["4"]}), "ragged_row")
        out.write_broken(pl.DataFrame({"a": ["5"], "b": ["6"]}), "unclosed_quote")
    text = (tmp_path / "x.csv").read_text(encoding="gb18030")
    assert text == '甲,乙\n1,2\n3,4,附注\n"5,6\n'
    assert out.rows == 3
