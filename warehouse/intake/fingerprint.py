"""The fingerprint of a delivered file, and whether it holds still while it is read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from warehouse.intake.model import Fingerprint, StillWriting
from warehouse.names import printable

_CHUNK = 1 << 22


def fingerprint(path: Path) -> Fingerprint:
    """SHA-256, size and modification time of a file, read in pieces.

    Raises StillWriting when size or modification time differ before and after the reading, or the
    bytes read are not as many as the size says.
    """
    before = path.stat()
    digest = hashlib.sha256()
    read = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            read += len(piece)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        read != after.st_size
    ):
        raise StillWriting(f"文件“{printable(path.name)}”正在写入，待写完后再接收")
    return Fingerprint(digest.hexdigest(), after.st_size, after.st_mtime_ns)
