"""CSV deliveries: encodings, delimiters, headers, and what becomes of bad records and files."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from warehouse.intake import Target, Unusable, receive
from warehouse.intake.encoding import open_text

from .conftest import Outcome, dataset, shapes

TakeIn = Callable[..., Outcome]


def test_a_plain_file_arrives_with_rows_and_lines(take_in: TakeIn) -> None:
    found = take_in("编号,名称,地址\n1,甲,东街\n2,乙,\n".encode())
    assert found.raw.select("code", "name", "address", "_row", "_line").rows() == [
        ("1", "甲", "东街", 1, 2),
        ("2", "乙", None, 2, 3),
    ]
    technical = found.raw.select("_extra", "_op", "_shape", "_delivery", "_seq", "_agency")
    assert technical.row(0) == (None, "upsert", None, "d000001", 7, "bureau")
    assert found.raw.columns[-8:] == [
        "_extra", "_op", "_row", "_line", "_shape", "_delivery", "_seq", "_agency",
    ]  # fmt: skip
    assert (found.received.accepted, found.received.rejected) == (2, 0)
    assert found.rejects.height == 0


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    ("encoding", "stated"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030")],
)
def test_encoding_and_delimiter_are_found_and_stated(
    take_in: TakeIn, delimiter: str, encoding: str, stated: str
) -> None:
    rows = [["编号", "名称", "地址"], ["1", "甲，乙", "镕基路|1;2号,"], ["2", "淄博", "a\nb"]]
    quoted = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    found = take_in(quoted.encode(encoding))
    assert (found.received.encoding, found.received.delimiter) == (stated, delimiter)
    assert found.raw.select("code", "name", "address").rows() == [tuple(r) for r in rows[1:]]
    assert found.raw["_line"].to_list() == [2, 3]


def test_characters_beyond_gbk_are_read_from_gb18030(take_in: TakeIn) -> None:
    found = take_in("编号,名称\n1,𠮷㐂ä店\n".encode("gb18030"))
    assert found.raw["name"].to_list() == ["𠮷㐂ä店"]


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5, 7, 64])
def test_gb18030_characters_straddle_every_buffer_size(tmp_path: Path, chunk: int) -> None:
    text = "".join(random.Random(chunk).choices("a,\n中𠮷ä|淄", k=500))
    source = tmp_path / "x"
    source.write_bytes(text.encode("gb18030"))
    found = open_text(source, "x", tmp_path, chunk)
    assert found.encoding == "gb18030"
    assert found.utf8.read_bytes().decode() == text


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 64])
def test_utf8_characters_straddle_every_buffer_size(tmp_path: Path, chunk: int) -> None:
    source = tmp_path / "x"
    source.write_text("a中𠮷ä" * 40, encoding="utf-8")
    assert open_text(source, "x", tmp_path, chunk).encoding == "utf-8"


def test_a_million_gb18030_rows_lose_no_character_at_any_buffers_edge(take_in: TakeIn) -> None:
    names = ["".join(random.Random(i).choices("中𠮷ä店𠮷", k=9)) for i in range(211)]
    lines = ["编号,名称", *(f"{i},{names[i % 211]}" for i in range(1_000_000))]
    content = "\n".join(lines).encode("gb18030")
    for power in range(9, 25):  # every size that a buffer could have, up to 16 MiB
        assert any(within_a_character(content, at) for at in edges(content, 1 << power))
    found = take_in(content)
    assert (found.received.encoding, found.received.accepted) == ("gb18030", 1_000_000)
    wanted = pl.Series([names[i % 211] for i in range(1_000_000)])
    assert found.raw["name"].equals(wanted)
    assert found.raw["_row"].equals(pl.Series(range(1, 1_000_001)))


def edges(content: bytes, size: int) -> range:
    """The first edges of a buffer of this size within the content."""
    return range(size, min(len(content), 65 * size), size)


def within_a_character(content: bytes, at: int) -> bool:
    """Whether a cut at this offset goes through a character: no trail byte is a line feed."""
    try:
        content[content.rfind(b"\n", 0, at) + 1 : at].decode("gb18030")
    except UnicodeDecodeError:
        return True
    return False


@pytest.mark.parametrize("chunk", [1, 4, 4096])
def test_a_file_in_no_encoding_is_refused_with_both_offsets(tmp_path: Path, chunk: int) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"ab\xd6\xd0c\xff\xff\n")
    with pytest.raises(Unusable, match=r"第 2 字节处无效.*第 5 字节处无效") as refused:
        open_text(source, "名单.csv", tmp_path, chunk)
    assert refused.value.code == "delivery.encoding"


@pytest.mark.parametrize("kept", [1, 2])
def test_a_file_that_ends_within_a_character_is_refused_as_cut(tmp_path: Path, kept: int) -> None:
    whole = "编号,名称\n1,甲".encode()
    source = tmp_path / "x"
    source.write_bytes(whole[: len(whole) - 3 + kept])
    with pytest.raises(Unusable, match=rf"第 {len(whole) - 3} 字节处.*没有传完") as refused:
        open_text(source, "名单.csv", tmp_path)
    assert refused.value.code == "delivery.truncated"


def test_an_end_that_two_encodings_could_have_is_read_in_the_one_that_is_whole(
    tmp_path: Path,
) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"1,a," + b"\xe4\xbd")
    assert open_text(source, "名单.csv", tmp_path).encoding == "gb18030"


def test_a_header_that_does_not_end_is_told_from_an_empty_file(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match=r"shops\.csv.*第 1 行.*找不到表头") as refused:
        take_in(b"x" * (2 << 20))
    assert refused.value.code == "delivery.wrong_header"


def test_utf16_is_refused_and_says_what_to_do(take_in: TakeIn) -> None:
    with pytest.raises(Unusable, match=r"shops\.csv.*UTF-16.*另存为 UTF-8"):
        take_in("编号,名称\n1,甲\n".encode("utf-16"))


def test_a_zipped_file_is_read_and_a_cut_one_refused(take_in: TakeIn) -> None:
    packed = gzip.compress("编号,名称\n1,甲\n".encode())
    assert take_in(packed, "shops.csv.gz").raw["name"].to_list() == ["甲"]
    with pytest.raises(Unusable, match="gzip 压缩内容不完整") as refused:
        take_in(packed[:-9], "cut.csv.gz")
    assert refused.value.code == "delivery.truncated"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_kind_of_line_end_is_read(take_in: TakeIn, ending: str) -> None:
    text = ending.join(["编号,名称", "1,甲", "", '2,"乙"', "3,丙"])
    found = take_in(text.encode())
    assert found.raw.select("code", "name", "_row", "_line").rows() == [
        ("1", "甲", 1, 2),
        ("2", "乙", 2, 4),
        ("3", "丙", 3, 5),
    ]


def test_titles_above_the_header_are_passed_over(take_in: TakeIn) -> None:
    found = take_in("店铺名单\n\n制表：某局,,\n编号,名称\n1,甲\n".encode())
    assert (found.received.header_line, found.raw["_line"].to_list()) == (4, [5])


def test_headers_match_by_id_name_and_alias_however_they_are_written(take_in: TakeIn) -> None:
    found = take_in("ＣＯＤＥ,\u200b名 称,地址\n1,甲,东\n".encode())
    assert found.raw.select("code", "name", "address").row(0) == ("1", "甲", "东")
    assert take_in("店铺编号,NAME\n1,甲\n".encode()).received.missing == ("address",)


def test_unmapped_columns_are_kept_as_json(take_in: TakeIn) -> None:
    found = take_in('编号,备注,名称,备注,\n1,"说""好""\\",甲,,x\n2,,乙,,\n'.encode())
    assert found.raw["_extra"].to_list() == ['{"备注":"说\\"好\\"\\\\","第5列":"x"}', None]
    assert found.received.unmapped == ("备注", "备注_2", "第5列")


def test_operations_become_upsert_and_delete_and_unknown_ones_are_rejected(
    take_in: TakeIn,
) -> None:
    words = ["新增", "修改", "U", "insert", "", "删除", "D", " delete ", "作废"]
    text = "\n".join(["编号,名称,操作类型", *(f"{i},甲,{w}" for i, w in enumerate(words, 1))])
    found = take_in(text.encode())
    assert found.raw["_op"].to_list() == ["upsert"] * 5 + ["delete"] * 3
    assert found.rejects.select("row", "line", "reason", "text").row(0) == (
        9, 10, "record.unknown_operation", "9,甲,作废",
    )  # fmt: skip


def test_the_shape_is_taken_by_its_headers(take_in: TakeIn) -> None:
    of = dataset(shapes=shapes())
    assert take_in("编号,名称,地址\n1,甲,东\n".encode(), of=of).received.shape == "full"
    found = take_in("序号,编号,名称\n9,1,甲\n".encode(), of=of)
    assert found.raw.select("_shape", "_extra").row(0) == ("street", '{"序号":"9"}')
    with pytest.raises(Unusable, match="任何一种样式都不符"):
        take_in("名称,地址\n甲,东\n".encode(), of=of)


def test_bad_records_cost_only_themselves_and_numbers_stay_right(take_in: TakeIn) -> None:
    content = (
        "编号,名称,地址\n"
        "1,甲\n"  # ragged
        '2,"两\n行",东\n'
        '3,"没有关,东\n'  # never closed
        "4,丙,西,,\n"  # empty surplus
        "5,a\0b,西\n"
        "6,丁,西,多\n"
        '7,他说"好",北\n'
        '8,"乙"x,北\n'  # malformed
        "\n"
        "9,戊,南"
    ).encode()
    found = take_in(content)
    assert found.raw.select("code", "name", "_row", "_line").rows() == [
        ("2", "两\n行", 2, 3),
        ("4", "丙", 4, 6),
        ("7", '他说"好"', 7, 9),
        ("9", "戊", 9, 12),
    ]
    rejects = found.rejects.sort("row")
    assert rejects.select("row", "line", "reason").rows() == [
        (1, 2, "record.ragged"),
        (3, 5, "record.unclosed_quote"),
        (5, 7, "record.nul"),
        (6, 8, "record.ragged"),
        (8, 10, "record.unclosed_quote"),
    ]
    assert "有 2 个字段，表头有 3 个" in rejects["message"][0]
    assert rejects["text"][1] == '3,"没有关,东'
    for offset, text in rejects.select("byte_offset", "text").rows():
        assert content[offset:].startswith(text.encode())
    assert rejects.select("delivery", "seq", "agency", "dataset").row(0) == (
        "d000001", 7, "bureau", "bureau/shops",
    )  # fmt: skip


def test_an_unclosed_quote_at_the_end_is_a_reject_and_swallows_nothing(take_in: TakeIn) -> None:
    found = take_in('编号,名称\n1,甲\n2,"乙\n3,丙\n4,"丁'.encode())
    assert found.raw["code"].to_list() == ["1", "3"]
    assert found.rejects["line"].to_list() == [3, 5]


def test_many_stray_quotes_are_read_exactly(take_in: TakeIn) -> None:
    lines = [f'{i},高{i}"寸,"引,号"' if i % 3 else f'{i},"坏"x,y' for i in range(30_000)]
    found = take_in("\n".join(["编号,名称,地址", *lines]).encode())
    assert found.raw["name"].to_list() == [f'高{i}"寸' for i in range(30_000) if i % 3]
    assert found.received.rejected == 10_000


def test_a_file_of_nothing_but_rejects_still_balances(take_in: TakeIn) -> None:
    found = take_in("编号,名称\n1\n2\n".encode())
    assert (found.raw.height, found.received.rejected) == (0, 2)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "delivery.empty", r"shops\.csv.*是空的"),
        (b"\n\r\n\n", "delivery.empty", "只有空行"),
        ("编号,名称\n\n".encode(), "delivery.no_rows", "没有数据.*第 1 行"),
        ("编号,地址\n1,东\n".encode(), "delivery.wrong_header", "缺少.*名称.*实际表头：编号、地址"),
        ("编号,店铺编号,名称\n1,1,甲\n".encode(), "delivery.wrong_header", "2 列都表示“编号”"),
        (b"%PDF-1.4\n", "delivery.format", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "delivery.format", "网页"),
    ],
)
def test_an_unusable_file_is_refused_with_its_reason_and_leaves_nothing(
    take_in: TakeIn, target: Target, content: bytes, code: str, said: str
) -> None:
    with pytest.raises(Unusable, match=said) as refused:
        take_in(content)
    assert refused.value.code == code
    assert refused.value.place.removeprefix("文件“").startswith("shops.csv")
    assert not target.raw.exists()
    assert not target.rejects.exists()


def test_a_file_without_header_is_refused_without_repeating_its_first_row(
    take_in: TakeIn,
) -> None:
    with pytest.raises(Unusable, match="没有找到") as refused:
        take_in("370303199001011234,张三\n370303199001011235,李四\n".encode())
    assert "张三" not in refused.value.message


def test_progress_adds_up_to_the_file(tmp_path: Path, target: Target) -> None:
    source = tmp_path / "shops.csv"
    source.write_bytes("编号,名称\n".encode() + b"1,x\n" * 1000)
    seen: list[int] = []
    receive(source, dataset(), target, seen.append)
    assert sum(seen) == source.stat().st_size
    assert pl.read_parquet(target.raw).height == 1000
