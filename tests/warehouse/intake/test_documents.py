"""JSON, NDJSON, GeoJSON and Parquet deliveries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.intake import Unusable
from warehouse.intake.json_count import count_list
from warehouse.intake.json_text import Document, written

from .conftest import Outcome

TakeIn = Callable[..., Outcome]

PLAIN = st.none() | st.booleans() | st.integers() | st.text('a"\\{}[],:中\n', max_size=5)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=6,
)


def test_a_list_of_objects_keeps_numbers_as_written(take_in: TakeIn) -> None:
    content = b'[\n{"code": 1.50, "name": 1E5},\n {"code": 110108010650789012345, "name": true}]'
    found = take_in(content, "shops.json")
    assert found.raw.select("code", "name", "_row", "_line").rows() == [
        ("1.50", "1E5", 1, 2),
        ("110108010650789012345", "true", 2, 3),
    ]
    assert (found.received.format, found.received.encoding) == ("json", "utf-8")


def test_nested_values_are_flattened_and_lists_stay_json(take_in: TakeIn) -> None:
    row = {"编号": "1", "名称": "甲", "电话": {"家": 1.10, "空": {}}, "表": [1.0, {"a": None}]}
    found = take_in(json.dumps([row]).encode(), "shops.json")
    assert json.loads(found.raw["_extra"][0]) == {
        "电话.家": "1.1", "电话.空": "{}", "表": '[1.0,{"a":null}]',
    }  # fmt: skip
    assert found.received.unmapped == ("电话.家", "电话.空", "表")


@pytest.mark.parametrize(
    "wrapped",
    ['{"data": %s}', '{"code": 0, "bbox": [1, 2], "result": {"list": %s, "empty": []}, "n": 1}'],
)
def test_an_object_around_one_list_is_accepted(take_in: TakeIn, wrapped: str) -> None:
    rows = '[{"code": "1", "name": "甲"}, {"code": "2", "name": "乙"}]'
    assert take_in((wrapped % rows).encode(), "a.json").raw["code"].to_list() == ["1", "2"]


def test_geojson_points_give_lon_and_lat_and_other_geometries_stay(take_in: TakeIn) -> None:
    def feature(code: str, geometry: Any) -> dict[str, Any]:
        properties = {"code": code, "name": "甲"}
        return {"type": "Feature", "id": 5, "geometry": geometry, "properties": properties}

    line = {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.50]]}
    features = [
        feature("1", {"type": "Point", "coordinates": [116.98, 36.6114]}),
        feature("2", line),
        feature("3", None),
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    extras = [json.loads(e) for e in take_in(content, "shops.geojson").raw["_extra"]]
    assert extras[0] == {"lon": "116.98", "lat": "36.6114", "id": "5"}
    assert json.loads(extras[1]["geometry"]) == line
    assert extras[2] == {"id": "5"}


def test_a_bad_line_of_ndjson_is_a_reject_and_the_others_arrive(take_in: TakeIn) -> None:
    lines = ['{"code": "1", "name": "甲"}', "", '{"code": ', "[1]", '{"code": "2", "name": "乙"}\r']
    found = take_in("\n".join(lines).encode(), "shops.ndjson")
    assert found.received.format == "ndjson"
    assert found.raw.select("code", "_row", "_line").rows() == [("1", 1, 1), ("2", 4, 5)]
    assert found.rejects.select("row", "line", "reason", "text").rows() == [
        (2, 3, "record.json", '{"code": '),
        (3, 4, "record.json", "[1]"),
    ]


def test_ndjson_is_recognised_by_its_content(take_in: TakeIn) -> None:
    content = '{"code": "1", "name": "甲"}\n{"code": "2", "name": "乙"}\n'.encode("gb18030")
    found = take_in(content, "shops.json")
    assert (found.received.format, found.received.encoding) == ("ndjson", "gb18030")
    assert found.raw["name"].to_list() == ["甲", "乙"]


def test_elements_that_are_no_rows_are_rejected(take_in: TakeIn) -> None:
    content = '[{"code":"1","name":"甲"},\n7,\n{"code":"2","code":"3"},{"code":"4","编号":"5"}]'
    found = take_in(content.encode(), "shops.json")
    assert found.raw["code"].to_list() == ["1"]
    assert found.rejects.sort("row").select("row", "line", "reason", "text").rows() == [
        (2, 2, "record.json", "7"),
        (3, 3, "record.json", '{"code":"2","code":"3"}'),
        (4, 3, "record.json", '{"code":"4","编号":"5"}'),
    ]


def test_half_a_surrogate_pair_is_a_reject(take_in: TakeIn) -> None:
    content = rb'[{"code":"1","name":"\ud800"},{"code":"2","name":"\ud842\udfb7"}]'
    found = take_in(content, "shops.json")
    assert found.raw["name"].to_list() == ["𠮷"]
    assert found.rejects["reason"].to_list() == ["record.json"]


def test_a_line_too_long_or_too_deep_is_a_reject(take_in: TakeIn) -> None:
    long = b'{"code":"1","name":"' + b"x" * (17 << 20) + b'"}'
    deep = b'{"code":"2","name":"a","x":' + b"[" * 700 + b"]" * 700 + b"}"
    found = take_in(long + b"\n" + deep + b'\n{"code":"3","name":"b"}', "shops.ndjson")
    assert found.raw["_row"].to_list()[-1] == 3
    first = found.rejects.row(0, named=True)
    assert (first["row"], first["reason"]) == (1, "record.too_long")
    assert (first["text_bytes"], len(first["text"])) == (len(long) + 1, 64 * 1024)


def test_a_record_of_a_list_that_is_too_long_is_named_with_its_line(take_in: TakeIn) -> None:
    content = '[{"code":"1","name":"甲"},\n{"code":"2","name":"' + "x" * (17 << 20) + '"}]'
    with pytest.raises(Unusable, match=r"第 2 行.*超过 16777216 个字符"):
        take_in(content.encode(), "shops.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[\n{"code":"1","name":"甲"},\n{"code":"2","na', r"第 3 行、第 44 字节.*突然结束"),
        ('[\n{"code":"1","name":"甲"},\n', r"第 3 行.*突然结束"),
        ('{"type":"FeatureCollection","features":[{"code":"1","name":"x"}', "突然结束"),
        ('[{"code":"1","name":"x"} {"code":"2"}]', "应为逗号"),
        ('[{"code":"1","name":"x"},\n{code:2}]' + " " * 50, r"第 2 行.*不是有效的 JSON"),
        ('[{"code":"1","name":"x"}]]', "多余的内容"),
        ('{"a":[{"code":"1","name":"x"}],\n"b":[{"code":"2","name":"y"}]}', "不止一个记录列表"),
        ("[1, 2]", "没有找到记录列表"),
        ('[{"code":"1"}]', "缺少.*名称"),
    ],
)
def test_a_broken_document_is_refused_with_line_and_byte(
    take_in: TakeIn, content: str, said: str
) -> None:
    with pytest.raises(Unusable, match=said) as refused:
        take_in(content.encode(), "shops.json")
    assert "shops.json" in refused.value.message


def test_an_empty_list_has_no_rows(take_in: TakeIn) -> None:
    for content in (b"[]", b'{"data": []}'):
        with pytest.raises(Unusable, match="没有数据"):
            take_in(content, "shops.json")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.dictionaries(st.text("ab", max_size=3), VALUES, max_size=4), min_size=1),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
    chunk=st.sampled_from([1, 2, 7, 1000]),
)
def test_any_list_is_read_and_counted_for_every_chunk_size(
    tmp_path: Path, rows: list[dict[str, Any]], indent: int | None, ascii_only: bool, chunk: int
) -> None:
    path = tmp_path / "x.json"
    text = json.dumps({"meta": {}, "rows": rows}, indent=indent, ensure_ascii=ascii_only)
    path.write_text(text, encoding="utf-8")
    document = Document(path, 0, "x", chunk)
    found = list(document.elements())
    document.close()
    assert [json.loads(written(element.value)) for element in found] == rows
    data = path.read_bytes()
    for element in found:
        assert data[element.offset :].startswith(element.text.encode())
        assert data[: element.offset].count(b"\n") == element.line - 1
    assert count_list(path) == len(rows)


def test_parquet_columns_become_text(take_in: TakeIn, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "code": [1, None],
            "name": [Decimal("1.50"), Decimal("2.00")],
            "address": [dt.date(2024, 1, 31), None],
            "float": [1.0, 28078.291],
            "at": [dt.datetime(2024, 1, 31, 8), None],
            "list": [[1, 2], None],
        }
    )
    path = tmp_path / "shops.parquet"
    frame.write_parquet(path)
    found = take_in(path)
    assert found.raw.select("code", "name", "address", "_row", "_line").rows() == [
        ("1", "1.50", "2024-01-31", 1, None),
        (None, "2.00", None, 2, None),
    ]
    assert json.loads(found.raw["_extra"][0]) == {
        "float": "1", "at": "2024-01-31 08:00:00", "list": "[1, 2]",
    }  # fmt: skip
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Unusable, match=r"shops\.parquet.*可能没有传完"):
        take_in(path)
