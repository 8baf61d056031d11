"""Counts the records of JSON files by their brackets and commas, without a JSON parser.

The second half of the balance for JSON and NDJSON; shares no code with `json_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_CHUNK = 1024 * 1024
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NOT_STRUCTURE = bytes(set(range(256)) - set(b"{}[],"))
_STEPS = np.zeros(256, dtype=np.int64)
_STEPS[list(b"{[")] = 1
_STEPS[list(b"}]")] = -1
_COMMA = 0x2C


def count_list(path: Path) -> int:
    """Elements of the first list in a UTF-8 JSON document that begins with an object.

    One more than the commas that stand in that list and in nothing within it.
    """
    depth, level, count, held = 0, 0, 0, b""
    for piece in _structure(path):
        marks = held + piece
        if not level:
            opening = marks.find(b"[{")
            if opening < 0:
                # The bracket may be followed by its brace in the next piece.
                held = marks[-1:]
                depth += int(_STEPS[np.frombuffer(marks[:-1], dtype=np.uint8)].sum())
                continue
            before = np.frombuffer(marks[: opening + 1], dtype=np.uint8)
            depth += int(_STEPS[before].sum())
            level, count = depth, 1
            marks, held = marks[opening + 1 :], b""
        codes = np.frombuffer(marks, dtype=np.uint8)
        depths = depth + np.cumsum(_STEPS[codes])
        closed = np.flatnonzero(depths < level)
        end = int(closed[0]) if closed.size else codes.size
        count += int(((codes == _COMMA) & (depths == level))[:end].sum())
        if closed.size:
            break
        depth = int(depths[-1]) if depths.size else depth
    return count


def count_lines(path: Path, start: int) -> int:
    """Lines that are not blank, from byte `start` on."""
    count, filled = 0, False
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(_CHUNK):
            first, *others = data.split(b"\n")
            filled = filled or bool(first.strip())
            if others:
                count += filled + sum(1 for line in others[:-1] if line.strip())
                filled = bool(others[-1].strip())
    return count + filled


def _structure(path: Path) -> Iterator[bytes]:
    """The brackets, braces and commas of a document that stand outside of strings."""
    held = b""
    with path.open("rb") as file:
        while data := file.read(max(_CHUNK, len(held))):
            text = _STRING.sub(b"", held + data)
            quote = text.find(b'"')
            held = text[quote:] if quote >= 0 else b""
            plain = text[:quote] if quote >= 0 else text
            yield plain.translate(None, delete=_NOT_STRUCTURE)
