"""Reads `<file>.manifest.json` and holds a delivery against it.

Belongs here: the manifest alone. Not here: what its `as_of` and `mode` mean for a delivery.
"""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any, Literal

from warehouse.home import SHANGHAI
from warehouse.intake.model import Fingerprint, Manifest, Received, Unusable
from warehouse.names import printable

SUFFIX = ".manifest.json"

_FIELDS = {"rows", "sha256", "as_of", "mode"}
_SHA256_LENGTH = 64
_SIZE_LIMIT = 1 << 20


def read_manifest(data_file: Path) -> Manifest | None:
    """The manifest beside a data file, None when there is none.

    Raises Unusable `delivery.manifest` naming the field that is wrong and what was expected.
    """
    path = data_file.with_name(data_file.name + SUFFIX)
    name = printable(path.name)
    try:
        kind = path.lstat().st_mode
    except OSError:  # none there, or the data file's name leaves no room for one
        return None
    if not stat.S_ISREG(kind):
        raise _wrong(name, "文件类型", "应为普通文件，不接受符号链接和文件夹")
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_SIZE_LIMIT).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise _wrong(name, f"第 {line} 行", "不是有效的 JSON（UTF-8 编码）") from error
    if not isinstance(content, dict):
        raise _wrong(name, "内容", "应为一个 JSON 对象")
    unknown = sorted(set(content) - _FIELDS)
    if unknown:
        expected = "、".join(sorted(_FIELDS))
        field = printable(unknown[0][:40])
        raise _wrong(name, f"字段“{field}”", f"不认识的字段，只能有 {expected}")
    return Manifest(
        file=name,
        rows=_rows(content, name),
        sha256=_sha256(content, name),
        as_of=_as_of(content, name),
        mode=_mode(content, name),
    )


def check_manifest(manifest: Manifest, fingerprint: Fingerprint, received: Received) -> None:
    """Raises Unusable `delivery.manifest` when the checksum or the number of rows differ."""
    if manifest.sha256 is not None and manifest.sha256 != fingerprint.sha256:
        raise _wrong(
            manifest.file,
            "字段“sha256”",
            f"清单写的是 {manifest.sha256}，文件实际为 {fingerprint.sha256}；"
            "文件可能没有传完或被改动",
        )
    if manifest.rows is not None and manifest.rows != received.counted:
        raise _wrong(
            manifest.file,
            "字段“rows”",
            f"清单写的是 {manifest.rows} 条，文件里实际有 {received.counted} 条"
            f"（读出 {received.accepted} 条，退回 {received.rejected} 条）",
        )


def _rows(content: dict[str, Any], name: str) -> int | None:
    value = content.get("rows")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(name, "字段“rows”", "应为不小于 0 的整数")
    return value


def _sha256(content: dict[str, Any], name: str) -> str | None:
    value = content.get("sha256")
    if value is None:
        return None
    text = value.strip().lower() if isinstance(value, str) else ""
    if len(text) != _SHA256_LENGTH or set(text) - set("0123456789abcdef"):
        raise _wrong(name, "字段“sha256”", "应为 64 位十六进制文本")
    return text


def _as_of(content: dict[str, Any], name: str) -> dt.datetime | dt.date | None:
    value = content.get("as_of")
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
        try:
            moment = dt.datetime.fromisoformat(text)
            moment.astimezone(SHANGHAI)  # the first and the last day can lie beyond the calendar
            return moment
        except (ValueError, OverflowError):
            pass
    raise _wrong(name, "字段“as_of”", "应为日期或时间，如 2024-01-31 或 2024-01-31T08:00:00")


def _mode(content: dict[str, Any], name: str) -> Literal["snapshot", "increment"] | None:
    value = content.get("mode")
    if value is None:
        return None
    if value == "snapshot":
        return "snapshot"
    if value == "increment":
        return "increment"
    raise _wrong(name, "字段“mode”", "应为 snapshot（全量）或 increment（增量）")


def _wrong(name: str, field: str, what: str) -> Unusable:
    return Unusable(
        "delivery.manifest", f"交付清单有误（{name}，{field}）：{what}。", f"{name}:{field}"
    )
