"""The versions of a published file and the link that names the one to read.

Belongs here: numbers, names, the atomic switch, what is kept. Does not belong here: what is in a
file (`warehouse.publish.build`).

Readers open `<published>/warehouse.duckdb`, a symbolic link. It is replaced in one step, and a
version file never changes once it has its name: a reader of an older version is undisturbed.
Whoever publishes holds the home's lock.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

KEPT = 3
"""Versions kept, the current one included."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the file `<name>.duckdb` under a `published` folder."""

    published: Path
    name: str = "warehouse"

    @property
    def link(self) -> Path:
        """What readers open."""
        return self.published / f"{self.name}.duckdb"

    @property
    def folder(self) -> Path:
        """Where the version files lie."""
        return self.published / "versions"

    def path(self, version: int) -> Path:
        """The file of a version."""
        return self.folder / f"{self.name}-{version}.duckdb"

    def numbers(self) -> list[int]:
        """Numbers of the finished versions, ascending."""
        pattern = re.compile(rf"{re.escape(self.name)}-(\d+)\.duckdb")
        found = (pattern.fullmatch(path.name) for path in self.folder.glob("*.duckdb"))
        return sorted(int(match[1]) for match in found if match)

    def current(self) -> int | None:
        """The version that the link names, or None before the first."""
        if not self.link.is_symlink():
            return None
        target = Path(os.readlink(self.link)).name
        match = re.fullmatch(rf"{re.escape(self.name)}-(\d+)\.duckdb", target)
        return int(match[1]) if match else None

    def begin(self) -> tuple[int, Path]:
        """The next version's number and where to build it; removes what killed builds left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in [
            *self.folder.glob(f".{self.name}-*.building*"),
            *self.published.glob(f".{self.name}.link*"),
        ]:
            leftover.unlink()
        version = max([0, *self.numbers(), self.current() or 0]) + 1
        return version, self.folder / f".{self.name}-{version}.duckdb.building"

    def finish(self, version: int, built: Path) -> Path:
        """Makes the built file the version that readers open; returns its path."""
        built.chmod(0o444)
        _flush(built)
        path = self.path(version)
        built.rename(path)
        _flush(self.folder)
        link = self.published / f".{self.name}.link-{version}"
        link.symlink_to(path.relative_to(self.published))
        os.replace(link, self.link)
        _flush(self.published)
        for old in self.numbers()[:-KEPT]:
            # Who has it open keeps reading: the name goes, the file stays until it is closed.
            self.path(old).unlink()
        return path


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
