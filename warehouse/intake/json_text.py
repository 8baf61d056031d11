"""Reads JSON documents element by element, without holding more than one in memory.

Belongs here: where an element lies in the text, and the text of numbers as they were written. Not
here: what an element means for the dataset (`documents`), the count (`json_count`).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any

from warehouse.intake.model import RECORD_LIMIT, Unusable

_CHUNK = 1024 * 1024
_HEAD = 1024 * 1024
_BLANK = " \t\n\r"
_LONGEST_WORD = 16  # characters of `-Infinity`, of an escape, of a number's begin, and to spare


class Number(str):
    """A number in its written form."""

    __slots__ = ()


class DoubledName(ValueError):
    """An object has the same member twice, so one of its values would be lost."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DoubledName
    return members


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_float=Number,
    parse_int=Number,
    parse_constant=Number,
    strict=False,
)


def decode(text: str) -> Any:
    """One JSON value, numbers as Number. Raises ValueError when the text is not exactly one."""
    value, end = _DECODER.raw_decode(text.strip(_BLANK))
    if end != len(text.strip(_BLANK)):
        raise ValueError("more than one value")
    return value


def written(value: Any) -> str:
    """A value as compact JSON text, numbers in their written form."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, dict):
        members = (f"{json.dumps(k, ensure_ascii=False)}:{written(v)}" for k, v in value.items())
        return "{" + ",".join(members) + "}"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the list: its value (None with `doubled` when a name occurs twice), its
    physical line, offset in bytes and text."""

    value: Any
    doubled: bool
    line: int
    offset: int
    text: str


def is_lines(path: Path, start: int) -> bool:
    """Whether a file holds one object a line: its first line is a whole object, and it is the only
    line or another object follows. A lone object that holds a list of records is a document."""
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(_HEAD)
    first, _, others = head.lstrip().partition(b"\n")
    try:
        value = decode(first.decode())
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    return others.lstrip()[:1] == b"{" or not _holds_list(value)


def _holds_list(value: Any) -> bool:
    if isinstance(value, list):
        return not value or isinstance(value[0], dict)
    return isinstance(value, dict) and any(map(_holds_list, value.values()))


class Document:
    """A cursor over a JSON document that holds one list of records, in an object or alone."""

    def __init__(self, path: Path, start: int, name: str, chunk: int = _CHUNK) -> None:
        self._file = path.open("rb")
        self._file.seek(start)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._name = name
        self._chunk = chunk
        self._text, self._at, self._ended = "", 0, False
        self._line, self._offset = 1, start
        self._found, self._empty = False, False

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def elements(self) -> Iterator[Element]:
        """The elements of the document's one list; the whole document is read to its end.

        Raises Unusable `delivery.json` with line and byte where the document breaks, and when it
        holds no list of records or several.
        """
        yield from self._value()
        if self._peek():
            raise self._broken("文件在一个完整的 JSON 之后还有多余的内容")
        if not (self._found or self._empty):
            raise Unusable(
                "delivery.json",
                f"文件“{self._name}”里没有找到记录列表：应为 JSON 数组、含有一个数组的对象、"
                "GeoJSON 要素集合，或每行一个对象（NDJSON）。",
                self._name,
            )

    def _value(self) -> Iterator[Element]:
        first = self._peek()
        if first == "[":
            yield from self._list()
        elif first == "{":
            yield from self._object()
        else:
            self._element()

    def _list(self) -> Iterator[Element]:
        self._skip(1)
        first = self._peek()
        if first == "]":
            self._empty = True
            self._skip(1)
            return
        if first not in "{":
            # A list of plain values, such as a bounding box, is no list of records.
            while self._peek() != "]":
                self._element()
                self._comma("]")
            self._skip(1)
            return
        if self._found:
            raise Unusable(
                "delivery.json",
                f"文件“{self._name}”第 {self._line} 行：文件里有不止一个记录列表，"
                "无法确定读哪一个。",
                f"{self._name}:{self._line}",
            )
        self._found = True
        while self._peek() != "]":
            yield self._element()
            self._comma("]")
        self._skip(1)

    def _object(self) -> Iterator[Element]:
        self._skip(1)
        while self._peek() != "}":
            if self._peek() != '"':
                raise self._broken("此处应为属性名（带双引号）")
            self._element()
            if self._peek() != ":":
                raise self._broken("属性名之后应为冒号")
            self._skip(1)
            yield from self._value()
            self._comma("}")
        self._skip(1)

    def _comma(self, closing: str) -> None:
        following = self._peek()
        if following == ",":
            self._skip(1)
            if self._peek() == closing:
                raise self._broken("逗号之后缺少内容")
        elif following != closing:
            raise self._broken(f"此处应为逗号或“{closing}”")

    def _peek(self) -> str:
        """The next character that is not blank; empty at the end of the file."""
        while True:
            at = self._at
            while at < len(self._text) and self._text[at] in _BLANK:
                at += 1
            self._skip(at - self._at)
            if at < len(self._text):
                return self._text[at]
            if self._ended:
                return ""
            self._more(self._chunk)

    def _skip(self, count: int) -> None:
        passed = self._text[self._at : self._at + count]
        self._line += passed.count("\n")
        self._offset += len(passed) if passed.isascii() else len(passed.encode())
        self._at += count

    def _more(self, size: int) -> None:
        data = self._file.read(size)
        self._ended = not data
        self._text = self._text[self._at :] + self._decoder.decode(data, final=self._ended)
        self._at = 0

    def _element(self) -> Element:
        if not self._peek():
            raise self._broken("文件在此处突然结束，可能没有传完")
        size = self._chunk
        while True:
            doubled = False
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except DoubledName:
                value, end = (
                    None,
                    json.JSONDecoder(strict=False).raw_decode(self._text, self._at)[1],
                )
                doubled = True
            except (JSONDecodeError, RecursionError) as error:
                if self._ended or not self._may_be_cut(error):
                    raise self._refused(error) from error
                end = -1
            # What ends with the text may go on behind it: 12 of 123.
            if end >= 0 and (end < len(self._text) or self._ended):
                if end - self._at > RECORD_LIMIT:
                    raise self._broken(f"一条记录超过 {RECORD_LIMIT} 个字符")
                element = Element(
                    value, doubled, self._line, self._offset, self._text[self._at : end]
                )
                self._skip(end - self._at)
                return element
            if len(self._text) - self._at > RECORD_LIMIT:
                raise self._broken(
                    f"此处的内容不是有效的 JSON，或一条记录超过 {RECORD_LIMIT} 个字符"
                )
            self._more(size)
            size *= 2

    def _may_be_cut(self, error: Exception) -> bool:
        """Whether more text could mend the error: it lies in an open string or at the very end."""
        if not isinstance(error, JSONDecodeError):
            return False
        return "Unterminated" in error.msg or error.pos > len(self._text) - _LONGEST_WORD

    def _refused(self, error: Exception) -> Unusable:
        if not isinstance(error, JSONDecodeError):
            return self._broken("嵌套过深")
        if error.pos >= len(self._text.rstrip(_BLANK)) or "Unterminated" in error.msg:
            self._skip(len(self._text) - self._at)
            return self._broken("文件在此处突然结束，可能没有传完")
        self._skip(error.pos - self._at)
        return self._broken("此处不是有效的 JSON")

    def _broken(self, what: str) -> Unusable:
        if not self._peek():
            what = "文件在此处突然结束，可能没有传完"
        return Unusable(
            "delivery.json",
            f"文件“{self._name}”第 {self._line} 行、第 {self._offset} 字节：{what}。",
            f"{self._name}:{self._line}",
        )
