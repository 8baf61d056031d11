"""Names of files: as a person reads them, and as a table keeps them.

Belongs here: turning what a file system calls a file into text and back. Does not belong here:
what a name means (`warehouse.landing`).

A file system takes any bytes but `/` and NUL for a name. Those that are no UTF-8, such as a name in
GBK that an FTP client sent as it was, are no text that a table or a terminal can take.
"""

from __future__ import annotations

import os
import re

_KEPT = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def printable(name: str) -> str:
    """A name for messages and logs: one in GBK is read as such; no control characters."""
    try:
        name = name.encode(errors="surrogateescape").decode()
    except UnicodeDecodeError as error:
        name = error.object.decode("gb18030", errors="replace")
    except UnicodeEncodeError:
        pass  # half a surrogate pair, as JSON can bring it, is not printable either
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name
    )


def kept(name: str) -> str:
    """A name as text that stands for these bytes alone: `named` gives the name back.

    A byte that belongs to no UTF-8 character becomes `\\x` and two digits, a backslash two.
    """
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", errors="backslashreplace")


def named(text: str) -> str:
    """The name that `kept` made this text of."""
    return os.fsdecode(
        b"".join(
            part if number % 2 == 0 else (bytes.fromhex(part.decode()) if part else b"\\")
            for number, part in enumerate(
                piece.encode() if piece is not None else b"" for piece in _KEPT.split(text)
            )
        )
    )
