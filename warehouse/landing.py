"""What lies in the landing folder: files to take in, and files that can't be, with the reason.

Belongs here: finding files and telling whose and of which dataset they are. Does not belong here:
reading them (`warehouse.intake`) and deciding about them (`assets.intake`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.load import Catalog
from catalog.models.datasets import Dataset
from warehouse.names import kept, printable

RESERVED = frozenset({"replies", "doubts", "requests"})
"""Folders of a deliverer that are no datasets."""

MANIFEST_SUFFIX = ".manifest.json"

_DATE_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([-_.年]?)(0[1-9]|1[0-2])(?:\2|月)(0[1-9]|[12]\d|3[01])日?"
    r"(?:[T_-]?([01]\d|2[0-3])(?:[-:]?([0-5]\d))?)?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file in the folder of a known dataset."""

    path: Path
    source: str
    """Path below the landing folder, as `warehouse.names.kept` writes it."""
    agency: str
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Something that no delivery can be made of; it stays where it lies."""

    source: str
    message: str
    """Chinese, for whoever put it there: what was found and what was expected."""


def date_in_name(name: str) -> datetime | None:
    """The date (and hour) written in a file's name, or None.

    Twelve digits in a row are no date, `2015_2024` is none, and of several the last one counts.
    """
    found = None
    for match in _DATE_IN_NAME.finditer(name):
        year, _, month, day, hour, minute = match.groups()
        try:
            found = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
        except ValueError:
            continue
    return found


def look(landing: Path, catalog: Catalog) -> Iterator[Found | Misplaced]:
    """Everything in the landing folder, in order of its path.

    Passed over: names that start with a dot or end with `.part`, manifests, reserved folders.
    """
    if not landing.is_dir():
        return
    for deliverer in _entries(landing):
        if not deliverer.is_dir(follow_symlinks=False):
            yield _misplaced(deliverer, landing, "应放在 <单位代码>/<数据集代码>/ 文件夹内")
        elif deliverer.name not in catalog.agencies:
            yield _misplaced(
                deliverer, landing, f"“{printable(deliverer.name)}”不是目录中登记的单位代码"
            )
        else:
            yield from _look_at_deliverer(deliverer, landing, catalog)


def _look_at_deliverer(
    deliverer: os.DirEntry[str], landing: Path, catalog: Catalog
) -> Iterator[Found | Misplaced]:
    for folder in _entries(Path(deliverer.path)):
        if folder.name in RESERVED:
            continue
        if not folder.is_dir(follow_symlinks=False):
            yield _misplaced(folder, landing, "应放在以数据集代码命名的文件夹内")
            continue
        dataset = catalog.dataset_for(deliverer.name, folder.name)
        for entry in _entries(Path(folder.path)):
            if entry.name.endswith(MANIFEST_SUFFIX):
                continue
            if dataset is None:
                yield _misplaced(
                    entry,
                    landing,
                    f"目录中没有由“{deliverer.name}”交付的数据集“{printable(folder.name)}”",
                )
            elif dataset.retired is not None:
                ended = f"数据集“{dataset.name}”已于 {dataset.retired.on} 停用"
                yield _misplaced(entry, landing, f"{ended}（{dataset.retired.reason}）")
            elif not entry.is_file(follow_symlinks=False):
                yield _misplaced(entry, landing, "应为普通文件，不接受文件夹和特殊文件")
            else:
                yield Found(
                    Path(entry.path),
                    kept(str(Path(entry.path).relative_to(landing))),
                    deliverer.name,
                    dataset,
                )


def unreadable(found: Found, landing: Path, error: OSError) -> Misplaced:
    """A file that the system does not let us read, as something that stays where it lies."""
    source = printable(str(found.path.relative_to(landing)))
    message = f"{source}：系统不允许读取（{error.strerror}），请检查权限。文件未处理，仍留在原处"
    return Misplaced(source, message)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(
            (
                entry
                for entry in entries
                if not entry.name.startswith(".") and not entry.name.endswith(".part")
            ),
            key=lambda entry: entry.name,
        )


def _misplaced(entry: os.DirEntry[str], landing: Path, message: str) -> Misplaced:
    if entry.is_symlink():
        message = "是符号链接，平台只接受文件本身，请复制文件而不是链接"
    source = printable(str(Path(entry.path).relative_to(landing)))
    return Misplaced(source, f"{source}：{message}。文件未处理，仍留在原处")
