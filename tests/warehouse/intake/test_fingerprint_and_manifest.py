"""What identifies a file, and what its deliverer says about it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from warehouse.intake import (
    Fingerprint,
    Received,
    StillWriting,
    Unusable,
    check_manifest,
    fingerprint,
    read_manifest,
)


def beside(tmp_path: Path, content: Any) -> Path:
    data = tmp_path / "a.csv"
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "a.csv.manifest.json").write_text(text, encoding="utf-8")
    return data


def received(accepted: int, rejected: int) -> Received:
    counted = accepted + rejected
    return Received(
        "csv", "utf-8", ",", None, None, 1, accepted, rejected, counted, (), ()
    )  # fmt: skip


def test_a_fingerprint_is_of_content_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    found = fingerprint(path)
    assert found.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert (found.size, found.mtime_ns) == (3, path.stat().st_mtime_ns)


def test_a_file_that_grows_while_it_is_read_is_still_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")
    digest = hashlib.sha256

    class Growing:
        """Hashes as always, while somebody else appends to the file."""

        def __init__(self) -> None:
            self._digest = digest()

        def update(self, piece: bytes) -> None:
            with path.open("ab") as file:
                file.write(b"d" if path.stat().st_size < 5 else b"")
            self._digest.update(piece)

        def hexdigest(self) -> str:
            return self._digest.hexdigest()

    monkeypatch.setattr("hashlib.sha256", Growing)
    with pytest.raises(StillWriting, match=r"a\.csv"):
        fingerprint(path)


def test_a_manifest_is_read_whole(tmp_path: Path) -> None:
    said = {"rows": 3, "sha256": "A" * 64, "as_of": "2024-01-31T08:00:00", "mode": "increment"}
    manifest = read_manifest(beside(tmp_path, said))
    assert manifest is not None
    assert (manifest.rows, manifest.sha256, manifest.mode) == (3, "a" * 64, "increment")
    assert manifest.as_of == dt.datetime(2024, 1, 31, 8)


def test_a_manifest_may_say_little_or_be_absent(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "none.csv") is None
    manifest = read_manifest(beside(tmp_path, {"as_of": "2024-01-31"}))
    assert manifest is not None
    assert manifest.as_of == dt.date(2024, 1, 31)
    assert manifest.rows is None


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ('{"rows": 3,\n', "第 2 行"),
        ([], "JSON 对象"),
        ({"row": 3}, "row"),
        ({"rows": "3"}, "rows"),
        ({"rows": True}, "rows"),
        ({"sha256": "xyz"}, "sha256"),
        ({"as_of": "31.1.2024"}, "as_of"),
        ({"as_of": 20240131}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
        ('{"rows": ' + "9" * 5000 + "}", "第 1 行"),
        ('{"a\\u001b[31m": 1}', "a\N{REPLACEMENT CHARACTER}"),
        ('{"\\ud800": 1}', "\N{REPLACEMENT CHARACTER}"),
        ({"mode": "full"}, "mode"),
    ],
)
def test_a_malformed_manifest_is_refused_naming_the_field(
    tmp_path: Path, content: Any, field: str
) -> None:
    with pytest.raises(Unusable, match=field) as refused:
        read_manifest(beside(tmp_path, content))
    assert refused.value.code == "delivery.manifest"
    assert "a.csv.manifest.json" in refused.value.message


def test_a_manifest_is_held_against_rows_and_checksum(tmp_path: Path) -> None:
    print_ = Fingerprint("a" * 64, 1, 1)
    right = read_manifest(beside(tmp_path, {"rows": 3, "sha256": "a" * 64}))
    assert right is not None
    check_manifest(right, print_, received(2, 1))
    with pytest.raises(Unusable, match="清单写的是 3 条，文件里实际有 4 条"):
        check_manifest(right, print_, received(4, 0))
    with pytest.raises(Unusable, match=r"a\.csv\.manifest\.json.*sha256"):
        check_manifest(right, Fingerprint("b" * 64, 1, 1), received(2, 1))


def test_a_manifest_that_is_a_link_is_refused_unread(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"secret_field": 1}')
    (tmp_path / "a.csv.manifest.json").symlink_to(outside)
    with pytest.raises(Unusable, match="符号链接") as refused:
        read_manifest(tmp_path / "a.csv")
    assert "secret_field" not in refused.value.message


def test_a_name_that_leaves_no_room_for_a_manifest_has_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / ("a" * 250)) is None
